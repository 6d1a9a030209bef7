"""Does what time asks for: overdue reservations, expired cards, spent nonces, counters and sayings past their time."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.flows.holding import release_overdue
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class KeepHouse:
    """One round, in one short transaction."""

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
            if done:
                await books.commit()
        return done
