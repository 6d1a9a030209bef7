"""Numbers what shops must hear and carries it to those that gave an address; asking is always possible too."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_server.domain.canonical import canonical_json
from platform_server.domain.shop_events import Callback, NumberedEvent
from platform_server.ports.books import OpenBooks
from platform_server.ports.shop_caller import ShopCaller
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class Rounds:
    """How much one round takes on: events to number, shops to call, events in one call; for how long a shop is ours."""

    number: int = 500
    shops: int = 16
    events: int = 100
    lease: timedelta = timedelta(seconds=60)
    kept: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DeliverEvents:
    """One round of one worker of many; a shop's events go out in order, the next only after the one before."""

    open_books: OpenBooks
    peek_books: OpenBooks
    call: ShopCaller
    clock: Clock
    rounds: Rounds = Rounds()

    async def __call__(self) -> int:
        """How many events were numbered and how many shops called."""
        now = self.clock.now()
        async with self.peek_books() as books:
            if not await books.events.has_work(now):
                return 0
        async with self.open_books() as books:
            numbered = await books.events.number(now, self.rounds.number)
            await books.events.forget(now - self.rounds.kept)
            await books.commit()
        until = now + self.rounds.lease
        async with self.open_books() as books:
            taken = await books.events.take_due(now, until, self.rounds.shops)
            if taken:
                await books.commit()
        async with asyncio.TaskGroup() as tasks:
            for callback in taken:
                tasks.create_task(self._deliver(callback, until))
        return numbered + len(taken)

    async def _deliver(self, callback: Callback, until: datetime) -> None:
        async with self.peek_books() as books:
            events = await books.events.after(callback.shop_id, callback.delivered_seq, self.rounds.events)
        told = events[-1].seq if events else callback.last_seq  # what was forgotten cannot be told any more
        is_taken = not events or await self.call(callback.url or "", write_events(callback.shop_id, events))
        now = self.clock.now()
        after = callback.told(told, now) if is_taken else callback.missed(now)
        async with self.open_books() as books:
            if await books.events.save_delivery(after, until):
                await books.commit()


def write_events(shop_id: str, events: tuple[NumberedEvent, ...]) -> bytes:
    """The body of a callback: canonical JSON."""
    told = [
        {
            "seq": event.seq,
            "kind": event.event.kind.value,
            "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "body": dict(event.event.body),
        }
        for event in events
    ]
    return canonical_json({"shop_id": shop_id, "events": told})
