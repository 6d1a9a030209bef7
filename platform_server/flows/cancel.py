"""Ends a sale for ever: nothing that comes later under it has an effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from platform_server.domain.cards import CardState
from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, Reservation, ReservationState, StepCall
from platform_server.domain.top_up import TopUp
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.flows.holding import let_go
from platform_server.flows.steps import SaleView, admit_step
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give back what is held; sold cards go to quarantine; an unknown sale gets a tombstone."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, caller: Caller, call: StepCall, reason: str) -> SaleView:
        """Raises Forbidden with effect "done" once delivered or topped up, and what steps raise."""
        now = self.clock.now()
        async with self.open_books() as books:
            admission = await admit_step(books, caller, call)
            before = admission.reservation
            if before is not None and before.state is ReservationState.CANCELLED:
                return SaleView(before, before.state, (), (), is_replay=True)
            if before is None:
                cancelled = await self._tombstone(books, caller, call, reason)
            elif before.state is ReservationState.SOLD:
                cancelled = await self._take_back(books, before, now)
            elif before.state is ReservationState.DELIVERED:
                raise Forbidden("delivered", effect="done", state=before.state.value)
            else:
                cancelled = await let_go(books, before, ReservationState.CANCELLED, now)
            cancelled = replace(cancelled, reason=reason)
            await books.reservations.save(cancelled)
            await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
            await books.commit()
        return SaleView(cancelled, cancelled.state, (), ())

    async def _tombstone(self, books: Books, caller: Caller, call: StepCall, reason: str) -> Reservation:
        now = self.clock.now()
        shop = await books.tills.find_shop(caller.shop_id)
        if shop is None:
            raise NotFound("the shop is not known")
        stone = Reservation(
            id=self.ids.new_id(),
            shop_id=caller.shop_id,
            till_id=caller.till_id,
            sale_id=call.sale_id,
            state=ReservationState.CANCELLED,
            attempt=call.attempt,
            epoch=call.epoch,
            business_date="",
            lines=(),
            held=Money(0, shop.currency),
            expires_at=now,
            changed_at=now,
            reason=reason,
        )
        await books.reservations.add(stone)
        return stone

    async def _take_back(self, books: Books, sold: Reservation, now: datetime) -> Reservation:
        top_ups = await books.top_ups.of_reservation(sold.id)
        _check_none_moves(top_ups, sold)
        await books.cards.mark(sold.id, CardState.SOLD, CardState.QUARANTINED)
        refund = books.reservations.refund  # a failed top-up has given its money back already
        due = [line.cost for line in sold.lines if await refund(sold.id, line.line_id, line.cost)]
        owed = Money.sum(due, sold.cost.currency)
        if owed.minor:
            head = JournalHead(self.ids.new_id(), sold.shop_id, "sale_back", sold.id, now)
            await books.wallets.post(move(head, owed, giver=SALES, taker=wallet_account(sold.shop_id)))
        return replace(sold, state=ReservationState.CANCELLED, changed_at=now)


def _check_none_moves(top_ups: Sequence[TopUp], sold: Reservation) -> None:
    if any(not top_up.is_given_back for top_up in top_ups):
        raise Forbidden("a top-up is on its way", effect="done", state=sold.state.value)
