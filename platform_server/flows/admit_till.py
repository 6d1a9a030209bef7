"""Decides whether a verified signature may speak: in time, not revoked, not heard before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from platform_server.domain.errors import EpochFenced, Replayed, Revoked, WrongClock
from platform_server.domain.tills import Till, TillState
from platform_server.ports.books import OpenBooks, SpendNonce
from platform_server.ports.world import Clock

NEW = "new"  # the key id of a till that has none yet


@dataclass(frozen=True, slots=True)
class SignedBy:
    """The parameters of a signature that was found true; times in seconds since 1970."""

    keyid: str
    created: int
    expires: int
    nonce: str
    is_previous_key: bool = False


@dataclass(frozen=True, slots=True)
class FindTill:
    """Who a key id belongs to."""

    peek_books: OpenBooks

    async def __call__(self, till_id: str) -> Till | None:
        """None if no such till enrolled."""
        async with self.peek_books() as books:
            return await books.tills.find(till_id)


@dataclass(frozen=True, slots=True)
class AdmitTill:
    """Check the clock within `window`, the till's state and the nonce; the nonce is then spent."""

    spend_nonce: SpendNonce
    clock: Clock
    window: timedelta

    async def __call__(self, signed: SignedBy, till: Till | None) -> None:
        """`till` is None for one that enrols. Raises WrongClock, Revoked, EpochFenced or Replayed."""
        now = self.clock.now()
        created = datetime.fromtimestamp(signed.created, tz=UTC)
        expires = datetime.fromtimestamp(signed.expires, tz=UTC)
        if abs(created - now) > self.window or expires < now:
            raise WrongClock(skew_s=round((created - now).total_seconds()))
        if till is not None and till.state is TillState.REVOKED:
            raise Revoked
        if till is not None and signed.is_previous_key:
            raise EpochFenced(epoch=till.epoch)
        # What the call does is durable no earlier than this, so a replay after a crash has nothing new to do.
        if not await self.spend_nonce(signed.keyid, signed.nonce, expires):
            raise Replayed
