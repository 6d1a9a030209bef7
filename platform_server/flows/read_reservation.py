"""Tells a till the whole state of one of its sales."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.errors import NotFound
from platform_server.domain.reservation import Caller
from platform_server.flows.steps import SaleView, view_sale
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class ReadReservation:
    """Safe at any time: nothing is written."""

    peek_books: OpenBooks
    clock: Clock

    async def __call__(self, caller: Caller, sale_id: str) -> SaleView:
        """Raises NotFound for a sale this till never spoke of."""
        async with self.peek_books() as books:
            reservation = await books.reservations.find(caller.till_id, sale_id)
            if reservation is None:
                raise NotFound
            return await view_sale(books, reservation, self.clock.now())
