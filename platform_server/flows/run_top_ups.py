"""Carries top-ups to the supplier, a step at a time; what was sent once is only asked about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_server.domain.errors import SupplierAway
from platform_server.domain.top_up import SupplierAnswer, SupplierState, Taken, TopUpState
from platform_server.flows.book_turn import book_turn
from platform_server.flows.tell_shop import tell_top_up
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.supplier import Supplier
from platform_server.ports.world import Clock, Ids

SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class RunTopUps:
    """The work of one worker of many; the orders of a killed one come free after `lease`.

    Every attempt is committed before its first byte goes out. What a worker brings home after its lease ran out
    and another one took the order is not saved: the order is asked about once more instead.
    """

    open_books: OpenBooks
    supplier: Supplier
    clock: Clock
    ids: Ids
    lease: timedelta
    at_once: int = 16

    async def __call__(self) -> int:
        """One step for everything that is due; how many orders were moved."""
        taken = await self.take(self.at_once)
        async with asyncio.TaskGroup() as tasks:
            for each in taken:
                tasks.create_task(self.advance(each))
        return len(taken)

    async def take(self, limit: int) -> tuple[Taken, ...]:
        """Orders for `advance`, with the intent of each written down."""
        now = self.clock.now()
        async with self.open_books() as books:
            due = await books.top_ups.take_due(now, now + self.lease, limit)
            begun = [await self._begin(books, each, now) for each in due]
            if begun:
                await books.commit()
        return tuple(begun)

    async def advance(self, taken: Taken) -> None:
        """Says to the supplier what was taken, and writes down what it answers."""
        answer = await self._call(taken)
        is_unheard = answer is not None and answer.state is SupplierState.NOT_FOUND
        if is_unheard and taken.request is None and taken.top_up.may_submit(self.clock.now()):
            again = self._sending(taken)
            if not await self._intend_again(taken, again):
                return
            taken, answer = again, await self._call(again)
        await self._write_down(taken, answer)

    async def _begin(self, books: Books, taken: Taken, now: datetime) -> Taken:
        if taken.top_up.state is TopUpState.ACCEPTED:
            taken = self._sending(taken)
            await books.top_ups.save(taken, taken.top_up, taken_until=now + self.lease)
        await books.top_ups.note_sent(taken.attempt(now))
        return taken

    def _sending(self, taken: Taken) -> Taken:
        return taken.sending(taken.top_up.request or self.supplier.write_order(taken.top_up))

    async def _intend_again(self, asked: Taken, again: Taken) -> bool:
        """Whether the order is still ours to send."""
        now = self.clock.now()
        async with self.open_books() as books:
            await books.top_ups.note_answered(asked, SupplierState.NOT_FOUND.value, now)
            is_ours = await books.top_ups.save(again, again.top_up, taken_until=now + self.lease)
            if is_ours:
                await books.top_ups.note_sent(again.attempt(now))
                await books.commit()
        return is_ours

    async def _call(self, taken: Taken) -> SupplierAnswer | None:
        reference = taken.top_up.reference
        try:
            if taken.request is not None:
                return await self.supplier.submit(reference, taken.request)
            return await self.supplier.ask(reference)
        except SupplierAway:
            return None

    async def _write_down(self, taken: Taken, answer: SupplierAnswer | None) -> None:
        now = self.clock.now()
        turn = taken.top_up.answered(answer, now)
        outcome = SILENCE if answer is None else answer.state.value
        async with self.open_books() as books:
            await books.top_ups.note_answered(taken, outcome, now)
            if await books.top_ups.save(taken, turn.after):
                await book_turn(books, turn, self.ids, now)
                await tell_top_up(books, taken.top_up, turn.after)
            else:
                await books.top_ups.call_for(taken.top_up.reference, now)
            await books.commit()
