"""Withdraws a key or a whole till; it is refused from the next call on, whichever process hears it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import NotFound
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Till, TillState
from platform_server.flows.lease_cards import fence_till
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class ListTills:
    """The tills of a shop with their keys."""

    peek_books: OpenBooks

    async def __call__(self, shop_id: str) -> Sequence[tuple[Till, tuple[TillKey, ...]]]:
        """In the order of enrolment."""
        async with self.peek_books() as books:
            return [
                (till, await books.till_keys.of_till(till.id)) for till in await books.tills.of_shop(shop_id)
            ]


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """One key; the till's others go on."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, keyid: str, authority: Authority) -> TillKey:
        """The key as it is now; a second time changes nothing. Raises NotFound."""
        async with self.open_books() as books:
            holder = await books.till_keys.lock(keyid)
            if holder is None:
                raise NotFound(f"no key {keyid}")
            if holder.key.revoked_at is not None:
                return holder.key
            now = self.clock.now()
            revoked = replace(holder.key, revoked_at=now)
            await books.till_keys.save(revoked)
            subject, detail = f"till:{holder.till.id}", {"keyid": keyid}
            await books.actions.append(Action.by(authority, now, "key_revoked", subject, detail))
            await books.commit()
        return revoked


@dataclass(frozen=True, slots=True)
class RevokeTill:
    """A till with all its keys, for good: also a new enrolment of the same till stays refused.

    Cards that it held to sell without us go into quarantine.
    """

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, shop_id: str, code: str, authority: Authority) -> Till:
        """The till as it is now. Raises NotFound for an unknown code."""
        async with self.open_books() as books:
            tills = [till for till in await books.tills.of_shop(shop_id) if till.code == code]
            if not tills:
                raise NotFound(f"no till {code}")
            await books.leases.lock(shop_id)
            revoked = replace(tills[0], state=TillState.REVOKED)
            await books.tills.save(revoked)
            await fence_till(books, revoked.id, authority, self.clock.now())
            for key in await books.till_keys.of_till(revoked.id):
                if key.revoked_at is None:  # whoever checks its signatures later must know from when on
                    await books.till_keys.save(replace(key, revoked_at=self.clock.now()))
            subject, detail = f"till:{revoked.id}", {"code": code}
            await books.actions.append(
                Action.by(authority, self.clock.now(), "till_revoked", subject, detail)
            )
            await books.commit()
        return revoked
