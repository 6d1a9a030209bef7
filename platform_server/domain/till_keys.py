"""The signing keys of a till: several at a time while one follows another, each with what it may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.errors import EpochFenced, Revoked
from platform_server.domain.scopes import Scope
from platform_server.domain.tills import Till


@dataclass(frozen=True, slots=True)
class TillKey:
    """One Ed25519 key (raw 32 bytes) of a till's epoch; `not_after` is set once another key follows it.

    `keyid` is the till's id for the key of its enrolment, and a fresh id for each that follows.
    """

    keyid: str
    till_id: str
    public_key: bytes
    scopes: frozenset[Scope]
    epoch: int
    not_before: datetime
    not_after: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key and the till that speaks by it."""

    till: Till
    key: TillKey

    def check(self, now: datetime) -> None:
        """Raises Revoked for a key that was withdrawn or has ended, EpochFenced for one of an older epoch."""
        if self.key.revoked_at is not None:
            raise Revoked("the key was withdrawn")
        if self.key.epoch < self.till.epoch:
            raise EpochFenced(epoch=self.till.epoch)
        if now < self.key.not_before or (self.key.not_after is not None and self.key.not_after <= now):
            raise Revoked("the key is out of date")
