"""The till's ledger as the platform receives it: in each epoch a chain of hashes, each entry naming the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_server.domain.canonical import canonical_json

FIRST_PREV = "0" * 32


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """Where a chain stands: the last seq and the hash of its entry (32 zeros before the first)."""

    seq: int = 0
    head: str = FIRST_PREV


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry as it came, with its number and its canonical text; each `epoch` of a till has a chain of its own.

    `has_signature` says that it claims one, true or not.
    """

    seq: int
    prev: str
    text: bytes
    epoch: int
    has_signature: bool = False

    @property
    def hash(self) -> str:
        """What the next entry's `prev` must be: hex of the first 16 bytes of SHA-256."""
        return hashlib.sha256(self.text).hexdigest()[:32]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> LedgerEntry:
        """From the JSON of an entry; raises ValueError if it has no canonical form."""
        text = canonical_json(dict(entry))
        return cls(entry["seq"], entry["prev"], text, entry["epoch"], has_signature(entry))


def has_signature(entry: Mapping[str, Any]) -> bool:
    """Whether it says that it is signed."""
    return "sig" in entry or "kid" in entry


@dataclass(frozen=True, slots=True)
class Strange:
    """What an entry says that does not fit; it is told to people and blocks nothing."""

    kind: str
    seq: int
    what: str
    epoch: int = 0  # of the chain in which `seq` counts; 0 for what no ledger says


def judge_entry(entry: Mapping[str, Any], till_id: str, epoch: int) -> tuple[Strange, ...]:
    """What is odd in an entry whose chain holds."""
    found = []
    if entry["till"] != till_id:
        found.append(Strange("ledger_foreign_till", entry["seq"], "names another till"))
    if entry["epoch"] > epoch:
        found.append(Strange("ledger_future_epoch", entry["seq"], "names an epoch that was never given"))
    return tuple(found)
