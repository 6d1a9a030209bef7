"""Does what time asks for: overdue reservations, expired cards, lapsed authorisations, what is kept for a time only."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.operators import LONGEST_SESSION
from platform_server.flows.holding import release_overdue
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeepHouse:
    """One round, in short transactions."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self) -> int:
        """How many things were put in order."""
        now = self.clock.now()
        async with self.open_books() as books:
            done = await release_overdue(books, now)
            done += await books.cards.retire_expired(now)
            done += await books.tills.forget_nonces(now)
            done += await books.counts.forget(now)
            done += await books.operators.forget_sessions(now - LONGEST_SESSION)
            if done:
                await books.commit()
        return done + await self._take_off_lapsed()

    async def _take_off_lapsed(self) -> int:
        """In a transaction of its own, because the catalogue's clock is asked for last."""
        async with self.open_books() as books:
            lapsed = await books.suppliers.lapsed(self.clock.now().date(), _AT_ONCE)
            if not lapsed:
                return 0
            taken_off = await books.goods.take_off(lapsed)
            await books.commit()
        return taken_off
