"""Decides whether a verified signature may speak: in time, not revoked, not heard before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from platform_server.domain.errors import EpochFenced, Replayed, Revoked, WrongClock
from platform_server.domain.till_keys import KeyHolder
from platform_server.domain.tills import TillState
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
class FindKey:
    """Who a key id belongs to; asked anew for every call, so a withdrawn key is refused at once everywhere."""

    peek_books: OpenBooks

    async def __call__(self, keyid: str) -> KeyHolder | None:
        """None if there is no such key."""
        async with self.peek_books() as books:
            return await books.till_keys.find(keyid)


@dataclass(frozen=True, slots=True)
class AdmitTill:
    """Check the clock within `window`, the till's state and the nonce; the nonce is then spent."""

    spend_nonce: SpendNonce
    clock: Clock
    window: timedelta

    async def __call__(self, signed: SignedBy, holder: KeyHolder | None) -> None:
        """`holder` is None for one that enrols. Raises WrongClock, Revoked, EpochFenced or Replayed."""
        now = self.clock.now()
        created = datetime.fromtimestamp(signed.created, tz=UTC)
        expires = datetime.fromtimestamp(signed.expires, tz=UTC)
        if abs(created - now) > self.window or expires < now:
            raise WrongClock(skew_s=round((created - now).total_seconds()))
        if holder is not None:
            if holder.till.state is TillState.REVOKED:
                raise Revoked
            if signed.is_previous_key:
                raise EpochFenced(epoch=holder.till.epoch)
            holder.check(now)
        # What the call does is durable no earlier than this, so a replay after a crash has nothing new to do.
        if not await self.spend_nonce(signed.keyid, signed.nonce, expires):
            raise Replayed
