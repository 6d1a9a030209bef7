"""The till's ledger: an append-only chain of facts that the platform keeps a copy of (`docs/protocol.md` 5)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pos_app.domain.signature import framed

FIRST_PREV = "0" * 32
_WORD = "pos-entry-1"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One fact. `body` holds strings, whole numbers, booleans, lists and objects only, and never a secret.

    `kid` names the till's key and `sig` is its signature over `signing_input`; entries of before have neither.
    """

    till: str
    epoch: int
    seq: int
    prev: str
    at: datetime
    business_date: date
    kind: str
    body: Mapping[str, Any]
    kid: str | None = None
    sig: str | None = None

    def as_wire(self) -> dict[str, Any]:
        wire = {
            "till": self.till,
            "epoch": self.epoch,
            "seq": self.seq,
            "prev": self.prev,
            "at": time_text(self.at),
            "business_date": self.business_date.isoformat(),
            "kind": self.kind,
            "body": dict(self.body),
        }
        if self.kid is not None:
            wire["kid"] = self.kid
        if self.sig is not None:
            wire["sig"] = self.sig
        return wire

    @property
    def signing_input(self) -> bytes:
        """What `sig` is made over: a first word of its own, and the canonical JSON of all but `sig`."""
        wire = self.as_wire()
        wire.pop("sig", None)
        return framed(_WORD, canonical(wire))

    @property
    def mark(self) -> AnchorMark:
        """What the anchor is raised to before anything leaves the till for good by this entry's word."""
        return AnchorMark(self.epoch, self.seq)

    @property
    def digest(self) -> str:
        """The `prev` of the entry after this one: 16 bytes of SHA-256 in hex, over the signature too."""
        return hashlib.sha256(canonical(self.as_wire())).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """Where the chain stands: the last number given and what the next entry must name as `prev`."""

    seq: int = 0
    digest: str = FIRST_PREV


@dataclass(frozen=True, slots=True, order=True)
class AnchorMark:
    """The last ledger entry, by epoch and number, by whose word something left the till for good; kept outside the books.

    That is anything on paper, a code on the screen, a leased card or money given back.
    """

    epoch: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class LedgerRefusal:
    """The platform will not take the chain from entry `seq` on, since `since`; `code` is its word for it.

    KEY_REUSED: it holds another entry of that number, as when an old copy of the till's file was put back.
    """

    seq: int
    code: str
    since: datetime
    tries: int
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class LogPoint:
    """A point of the platform's log (`docs/protocol.md`, the log): where our chain stood in it, as the platform signed it.

    `told` is all of it as canonical JSON, signature included; `at` is aware UTC.
    """

    epoch: int
    seq: int
    head: str
    at: datetime
    told: str


def canonical(value: Any) -> bytes:
    """Canonical JSON (`docs/protocol.md` 1); TypeError for a float, which has no place in a ledger."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def time_text(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds and a Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def first_break(entries: Sequence[LedgerEntry], head: LedgerHead) -> int | None:
    """The number of the first entry that does not follow from the one before, None when the chain holds."""
    for entry in entries:
        if entry.seq != head.seq + 1 or entry.prev != head.digest:
            return entry.seq
        head = LedgerHead(entry.seq, entry.digest)
    return None


def first_bad_signature(
    entries: Sequence[LedgerEntry], holds: Callable[[str, bytes, str], bool], is_signed: bool
) -> int | None:
    """The number of the first entry whose signature does not hold, or is missing after a signed one; None: all is well.

    `holds(kid, message, signature)` knows the till's keys; `is_signed` says that an entry before these had one.
    """
    for entry in entries:
        if entry.kid is None and entry.sig is None and not is_signed:
            continue
        if entry.kid is None or entry.sig is None:
            return entry.seq
        if not holds(entry.kid, entry.signing_input, entry.sig):
            return entry.seq
        is_signed = True
    return None


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no place in a ledger")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
