"""Carries top-ups to the supplier, a step at a time; what was sent once is only asked about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from platform_server.domain.errors import SupplierAway
from platform_server.domain.top_up import SupplierAnswer, SupplierState, TopUp, TopUpState
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.ports.books import OpenBooks
from platform_server.ports.supplier import Supplier
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class RunTopUps:
    """One step of one worker of many; the orders of a killed one come free after `lease`."""

    open_books: OpenBooks
    supplier: Supplier
    clock: Clock
    ids: Ids
    lease: timedelta
    at_once: int = 16

    async def __call__(self) -> int:
        """How many orders were moved."""
        taken = await self._take()
        async with asyncio.TaskGroup() as tasks:
            for top_up in taken:
                tasks.create_task(self._advance(top_up))
        return len(taken)

    async def _take(self) -> tuple[TopUp, ...]:
        now = self.clock.now()
        until = now + self.lease
        async with self.open_books() as books:
            taken = await books.top_ups.take_due(now, until, self.at_once)
            for top_up in taken:
                if top_up.state is TopUpState.ACCEPTED:  # durable before the first byte goes out
                    await books.top_ups.save(replace(top_up, state=TopUpState.SUBMITTING), taken_until=until)
            if taken:
                await books.commit()
        return taken

    async def _advance(self, top_up: TopUp) -> None:
        try:
            answer: SupplierAnswer | None = await self._call(top_up)
        except SupplierAway:
            answer = None
        now = self.clock.now()
        after = top_up.answered(answer, now)
        async with self.open_books() as books:
            await books.top_ups.save(after)
            if after.state is TopUpState.FAILED_FINAL:
                head = JournalHead(self.ids.new_id(), after.shop_id, "top_up_back", after.id, now)
                back = move(head, after.cost, giver=SALES, taker=wallet_account(after.shop_id))
                await books.wallets.post(back)
            await books.commit()

    async def _call(self, top_up: TopUp) -> SupplierAnswer:
        if top_up.state is not TopUpState.ACCEPTED:
            answer = await self.supplier.ask(top_up.reference)
            if answer.state is not SupplierState.NOT_FOUND:
                return answer
        return await self.supplier.submit(top_up.reference, top_up.product_id, top_up.account, top_up.face)
