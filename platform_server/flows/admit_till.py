"""Decides whether a verified signature may speak: in time, not revoked, not heard before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from platform_server.domain.errors import EpochFenced, Replayed, Revoked, WrongClock
from platform_server.domain.till_keys import KeyHolder
from platform_server.domain.tills import TillState
from platform_server.ports.books import OpenBooks, SpendNonce
from platform_server.ports.world import Clock

_SEEN_MOST = 10_000
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
    """Who a key id belongs to, and who it was last seen to belong to: enough to check a signature by.

    Whoever speaks by it is judged by what AdmitTill hears of it, at the moment that its nonce is spent.
    """

    peek_books: OpenBooks
    seen: dict[str, KeyHolder] = field(default_factory=dict)

    async def __call__(self, keyid: str) -> KeyHolder | None:
        """None if there is no such key."""
        async with self.peek_books() as books:
            holder = await books.till_keys.find(keyid)
        self.note(keyid, holder)
        return holder

    def note(self, keyid: str, holder: KeyHolder | None) -> None:
        """It belongs to that one now."""
        self.seen.pop(keyid, None)
        if holder is not None:
            self.seen[keyid] = holder
        if len(self.seen) > _SEEN_MOST:
            del self.seen[next(iter(self.seen))]


@dataclass(frozen=True, slots=True)
class AdmitTill:
    """Check the clock within `window`, the till's state and the nonce; the nonce is then spent.

    A key withdrawn anywhere is refused from the next call on, because spending asks for it anew.
    """

    spend_nonce: SpendNonce
    clock: Clock
    window: timedelta

    async def __call__(self, signed: SignedBy, holder: KeyHolder | None) -> KeyHolder | None:
        """The holder as it is now; `holder` is None for one that enrols.

        If that is another than `holder`, the signature must be judged again, and then `check` called.
        Raises WrongClock, Revoked, EpochFenced or Replayed.
        """
        now = self.clock.now()
        created = datetime.fromtimestamp(signed.created, tz=UTC)
        expires = datetime.fromtimestamp(signed.expires, tz=UTC)
        if abs(created - now) > self.window or expires < now:
            raise WrongClock(skew_s=round((created - now).total_seconds()))
        if holder is not None:
            self.check(signed, holder)
        # What the call does is durable no earlier than this, so a replay after a crash has nothing new to do.
        spent = await self.spend_nonce(signed.keyid, signed.nonce, expires)
        if not spent.is_new:
            raise Replayed
        return spent.holder

    def check(self, signed: SignedBy, holder: KeyHolder) -> None:
        """Whether it may speak. Raises Revoked or EpochFenced."""
        if holder.till.state is TillState.REVOKED:
            raise Revoked
        if signed.is_previous_key:
            raise EpochFenced(epoch=holder.till.epoch)
        holder.check(self.clock.now())
