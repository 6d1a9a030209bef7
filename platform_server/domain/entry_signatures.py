"""The signatures inside a till's ledger: judged apart from the chain, told to people, and never a reason to refuse."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from platform_server.domain.canonical import binding, canonical_json
from platform_server.domain.ledger import Strange, has_signature
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import from_base64url, to_base64url

IsSigned = Callable[[bytes, bytes, bytes], bool]  # message, signature, raw public key
_CLOCK_MARGIN = timedelta(days=1)  # a till's clock may be wrong when a key of it ends


def kid_of(public_key: bytes) -> str:
    """What an entry calls the key by: the first 8 characters of base64url of its SHA-256."""
    return to_base64url(hashlib.sha256(public_key).digest())[:8]


def signed_part(entry: Mapping[str, Any]) -> bytes:
    """What the till signed: its first word, and the canonical JSON of the entry without `sig`."""
    rest = {name: value for name, value in entry.items() if name != "sig"}
    return binding("pos-entry-1", canonical_json(rest).decode("utf-8"))


@dataclass(frozen=True, slots=True)
class SignatureJudge:
    """Knows the keys that a till had in the epoch of a chain, and from which entry on that chain is signed."""

    keys: Sequence[TillKey]
    epoch: int
    signed_from: int | None
    is_signed: IsSigned

    def __call__(self, entries: Sequence[Mapping[str, Any]]) -> list[Strange]:
        """What is odd in entries that continue the chain."""
        keys = {kid_of(key.public_key): key for key in self.keys if key.epoch == self.epoch}
        found: list[Strange | None] = []
        signed_from = self.signed_from
        for entry in entries:
            if has_signature(entry):
                signed_from = entry["seq"] if signed_from is None else signed_from
                found.append(self._judge(entry, keys))
            elif signed_from is not None:
                what = f"is not signed, and the chain was from entry {signed_from} on"
                found.append(Strange("ledger_unsigned", entry["seq"], what))
        return [odd for odd in found if odd is not None]

    def _judge(self, entry: Mapping[str, Any], keys: Mapping[str, TillKey]) -> Strange | None:
        seq, kid = entry["seq"], entry.get("kid")
        key = keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            return Strange("ledger_unknown_key", seq, "is signed by no key that this till had in this epoch")
        ended = _ended(key, str(entry["at"]))
        if ended:
            return Strange("ledger_unknown_key", seq, f"is signed by key {kid}, {ended}")
        try:
            signature = from_base64url(entry["sig"], 64)
        except (KeyError, TypeError, ValueError):
            return Strange("ledger_bad_signature", seq, "has no signature of 64 bytes")
        if not self.is_signed(signed_part(entry), signature, key.public_key):
            return Strange("ledger_bad_signature", seq, f"was not signed like this by key {kid}")
        return None


def _ended(key: TillKey, told: str) -> str:
    """Why the key could not sign at that time; empty when it could, or the time cannot be read."""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return ""
    if at.tzinfo is None:
        return ""
    if key.revoked_at is not None and at >= key.revoked_at:
        return "which had been withdrawn"
    if key.not_after is not None and at >= key.not_after + _CLOCK_MARGIN:
        return "which had ended"
    return ""
