"""Stops a sale in its cooling time: frozen, let go on, or refunded while its codes have not left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.reservation import Reservation, ReservationState
from platform_server.domain.top_up import Taken, TopUp, TopUpState, Turn
from platform_server.flows.book_turn import book_turn
from platform_server.flows.holding import let_go, take_back
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids

FREEZERS = ("supervisor", "operator", "police")
FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class FreezeSale:
    """Every change is written down with who made it; a sale is found by its id at whatever till."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def freeze(self, sale_id: str, by: str, authority: Authority) -> Reservation:
        """Shut it, as one of FREEZERS asked.

        Raises Forbidden when the codes have left, or it was never cooling, or is frozen already.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            sale = await _find(books, sale_id)
            if not await books.reservations.freeze(sale.id, f"{by}: {authority.reason}", now):
                raise Forbidden("too late, or nothing to freeze", state=sale.state.value)
            await _move_top_ups(books, replace(sale, frozen_at=now))
            await self._note(books, authority, "sale_frozen", sale, {"asked_by": by})
            await books.commit()
        return replace(sale, frozen_at=now)

    async def thaw(self, sale_id: str, authority: Authority) -> Reservation:
        """Let it go on; its codes leave when its cooling time is over. Raises Forbidden if it is not frozen."""
        async with self.open_books() as books:
            sale = await _find(books, sale_id)
            if not await books.reservations.thaw(sale.id):
                raise Forbidden("not frozen", state=sale.state.value)
            sale = replace(sale, frozen_at=None, frozen_why=None)
            await _move_top_ups(books, sale)
            await self._note(books, authority, "sale_thawed", sale, {})
            await books.commit()
        return sale

    async def refund(self, sale_id: str, authority: Authority) -> Reservation:
        """End a frozen sale for ever: wallet credited, codes in quarantine; the till hears CANCELLED and pays back.

        Raises Forbidden if it is not frozen, or a top-up of it has gone out.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            sale = await _find(books, sale_id)
            if sale.frozen_at is None:
                raise Forbidden("freeze it first", state=sale.state.value)
            if sale.state is ReservationState.SOLD:
                await self._end_top_ups(books, sale)
                ended = await take_back(
                    books, sale, self.ids.new_id(), authority.actor, authority.reason, now
                )
            else:
                ended = await let_go(books, sale, ReservationState.CANCELLED, now)
            ended = replace(ended, reason=FROZEN)
            await books.reservations.save(ended)
            await self._note(books, authority, "sale_refunded", sale, {})
            await books.commit()
        return ended

    async def listed(self) -> tuple[Reservation, ...]:
        """All that are frozen."""
        async with self.open_books() as books:
            return await books.reservations.frozen()

    async def _end_top_ups(self, books: Books, sale: Reservation) -> None:
        for top_up in await books.top_ups.of_reservation(sale.id):
            if top_up.is_given_back:
                continue
            taken = await _take_unsent(books, top_up)
            if taken is None:
                raise Forbidden("a top-up is on its way", effect="done", state=sale.state.value)
            after = replace(taken.top_up, state=TopUpState.FAILED_FINAL, reason=FROZEN, next_at=None)
            await books.top_ups.save(taken, after)
            await book_turn(books, Turn(after, gives_back=True), self.ids, self.clock.now())

    async def _note(
        self, books: Books, authority: Authority, what: str, sale: Reservation, detail: Mapping[str, Any]
    ) -> None:
        action = Action.by(authority, self.clock.now(), what, f"sale:{sale.sale_id}", detail)
        await books.actions.append(action)


async def _take_unsent(books: Books, top_up: TopUp) -> Taken | None:
    """The order out of the workers' hands, if none has begun it."""
    if top_up.state is not TopUpState.ACCEPTED:
        return None
    taken = await books.top_ups.take(top_up.reference)
    return taken if taken is not None and taken.top_up.state is TopUpState.ACCEPTED else None


async def _move_top_ups(books: Books, sale: Reservation) -> None:
    for top_up in await books.top_ups.of_reservation(sale.id):
        taken = await _take_unsent(books, top_up)
        if taken is not None:
            await books.top_ups.save(taken, replace(taken.top_up, next_at=sale.starts_at(top_up.accepted_at)))


async def _find(books: Books, sale_id: str) -> Reservation:
    found = await books.reservations.of_sale(sale_id)
    if len(found) != 1:
        raise NotFound("no such sale" if not found else "several tills have a sale of this id")
    return found[0]
