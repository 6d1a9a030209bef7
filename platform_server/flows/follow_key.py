"""Lets a new key of a till follow the present one, both good for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from platform_server.domain.errors import BadRequest, Forbidden, Revoked
from platform_server.domain.reservation import Caller
from platform_server.domain.till_keys import TillKey
from platform_server.flows.steps import check_epoch
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class Followed:
    """The new key, and when the one before it ends."""

    key: TillKey
    former_ends_at: datetime
    is_replay: bool


@dataclass(frozen=True, slots=True)
class FollowKey:
    """A key may be followed by one other, of the same scopes; it ends `overlap` later."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    overlap: timedelta

    async def __call__(self, caller: Caller, keyid: str, epoch: int, public_key: bytes) -> Followed:
        """`keyid` signed the call. The same public key again gets the same answer.

        Raises Forbidden if another key follows already, BadRequest for a key in use, and what check_epoch raises.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            await check_epoch(books, caller, epoch)
            holder = await books.till_keys.lock(
                keyid
            )  # two calls at once: the second sees what the first made
            if holder is None:
                raise Revoked("the key is not known any more")
            present = holder.key
            known = {key.public_key: key for key in await books.till_keys.of_till(caller.till_id)}
            if public_key in known:
                follower = known[public_key]
                if present.not_after is None or follower.keyid == keyid:
                    raise BadRequest.at("body.sign_key", "a key that this till has already")
                return Followed(follower, present.not_after, is_replay=True)
            if present.not_after is not None:
                raise Forbidden("another key follows this one", state="FOLLOWED")
            follower = replace(present, keyid=self.ids.new_id(), public_key=public_key, not_before=now)
            ends_at = now + self.overlap
            await books.till_keys.save(follower)
            await books.till_keys.save(replace(present, not_after=ends_at))
            await books.commit()
        return Followed(follower, ends_at, is_replay=False)
