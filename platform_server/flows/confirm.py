"""Makes a reserved sale a sold one: the wallet pays, the till gets its cards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from platform_server.domain.cards import CardState
from platform_server.domain.errors import (
    BadRequest,
    Expired,
    Forbidden,
    LimitPassed,
    NotFound,
    SoldOut,
    WalletEmpty,
)
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, Reservation, ReservationState, StepCall
from platform_server.domain.rules import top_up_account
from platform_server.domain.tills import Till
from platform_server.domain.top_up import TopUp, TopUpState, top_up_reference
from platform_server.domain.wallet import SALES, JournalHead, move, till_actor, wallet_account
from platform_server.flows.hand_over import HandOver
from platform_server.flows.holding import fill, let_go
from platform_server.flows.steps import SaleView, admit_step, view_sale
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids

EXPIRED_FOR_GOOD = "expired for good"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the customer paid, as canonical JSON, and the lines it speaks of."""

    text: str
    line_ids: Collection[str]


@dataclass(frozen=True, slots=True)
class Confirm:
    """Sell what is reserved; a repeat hands over the same cards again, until `reprint_time` after the ack."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    hand_over: HandOver
    lifetime: timedelta
    reprint_time: timedelta

    async def __call__(self, caller: Caller, call: StepCall, evidence: Evidence) -> SaleView:
        """Raises NotFound, Expired (until a later reserve), Forbidden (sold under another attempt) and what steps raise."""
        now = self.clock.now()
        async with self.open_books() as books:
            admission = await admit_step(books, caller, call)
            reservation = admission.reservation
            if reservation is None:
                raise NotFound
            if not admission.is_replay:
                _check_may_confirm(reservation, evidence)
                reservation = await self._sell(books, caller, call, reservation, evidence)
            elif reservation.reason == EXPIRED_FOR_GOOD:
                raise Expired
            view = await self._view(books, admission.till, reservation, now)
            await books.commit()
        return replace(view, is_replay=admission.is_replay)

    async def _sell(
        self, books: Books, caller: Caller, call: StepCall, reservation: Reservation, evidence: Evidence
    ) -> Reservation:
        now = self.clock.now()
        if reservation.state is ReservationState.EXPIRED or reservation.expires_at <= now:
            reservation = await self._refill(books, caller, call, reservation)
        await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
        await books.wallets.release(reservation.shop_id, reservation.held)
        head = JournalHead(
            self.ids.new_id(),
            reservation.shop_id,
            "sale",
            reservation.id,
            now,
            actor=till_actor(caller.till_id),
            note="confirmed",
            reservation_id=reservation.id,
        )
        giver = wallet_account(reservation.shop_id)
        await books.wallets.post(move(head, reservation.cost, giver=giver, taker=SALES))
        await books.cards.mark(reservation.id, CardState.RESERVED, CardState.SOLD)
        await self._accept_top_ups(books, reservation, now)
        nothing = Money(0, reservation.held.currency)
        sold = replace(
            reservation, state=ReservationState.SOLD, held=nothing, changed_at=now, evidence=evidence.text
        )
        await books.reservations.save(sold)
        return sold

    async def _refill(
        self, books: Books, caller: Caller, call: StepCall, reservation: Reservation
    ) -> Reservation:
        now = self.clock.now()
        if reservation.state is ReservationState.RESERVED:
            reservation = await let_go(books, reservation, ReservationState.EXPIRED, now)
        again = replace(
            reservation,
            state=ReservationState.RESERVED,
            held=reservation.cost,
            expires_at=now + self.lifetime,
            changed_at=now,
            cooling_until=self._cooled_again(reservation, now),
        )
        try:
            await _check_top_ups_open(books, again)
            if not await books.counts.retake(reservation.id, now):
                raise LimitPassed
            await fill(books, self.ids, again, now)
        except (SoldOut, WalletEmpty, LimitPassed) as refusal:
            # The till gives the money back on this answer: every confirm hears it, until a later attempt
            # of reserve revives the sale.
            await books.counts.release(reservation.id)
            await books.cards.release(reservation.id)
            await books.reservations.save(replace(reservation, reason=EXPIRED_FOR_GOOD))
            await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
            await books.commit()
            raise Expired from refusal
        return again

    def _cooled_again(self, reservation: Reservation, now: datetime) -> datetime | None:
        """As long as it was at first: who pays late does not get around the wait."""
        if reservation.cooling_until is None:
            return None
        reserved_at = reservation.expires_at - self.lifetime
        return now + (reservation.cooling_until - reserved_at)

    async def _accept_top_ups(self, books: Books, reservation: Reservation, now: datetime) -> None:
        lines = [line for line in reservation.lines if line.is_top_up]
        items = await books.goods.find({line.product_id for line in lines}) if lines else {}
        await books.top_ups.add(
            [
                TopUp(
                    id=self.ids.new_id(),
                    reservation_id=reservation.id,
                    shop_id=reservation.shop_id,
                    line_id=line.line_id,
                    product_id=line.product_id,
                    account=top_up_account(line.fields, items[line.product_id].product.fields),
                    face=items[line.product_id].product.face,
                    cost=line.cost,
                    state=TopUpState.ACCEPTED,
                    reference=_reference(reservation, line.line_id),
                    accepted_at=now,
                    next_at=reservation.starts_at(now),
                )
                for line in lines
            ]
        )

    async def _view(self, books: Books, till: Till, reservation: Reservation, now: datetime) -> SaleView:
        view = await view_sale(books, reservation, now, tells_cards=False)  # they are told sealed
        if reservation.is_withheld:
            is_open = reservation.may_hand_over(now)
            if not (is_open and await books.reservations.note_handed(reservation.id, now)):
                return view
            view = replace(view, reservation=replace(reservation, handed_at=now))
        is_over = reservation.state is ReservationState.DELIVERED
        if is_over and reservation.changed_at + self.reprint_time <= now:
            return view
        return replace(view, sealed=await self.hand_over(books, till, reservation))


def _check_may_confirm(reservation: Reservation, evidence: Evidence) -> None:
    if reservation.state in (ReservationState.SOLD, ReservationState.DELIVERED):
        raise Forbidden("confirmed under another attempt", effect="done", state=reservation.state.value)
    if reservation.reason == EXPIRED_FOR_GOOD:
        raise Expired
    if not set(evidence.line_ids) <= {line.line_id for line in reservation.lines}:
        raise BadRequest.at("body.retail", "names a line that was not reserved")


async def _check_top_ups_open(books: Books, reservation: Reservation) -> None:
    lines = [line for line in reservation.lines if line.is_top_up]
    items = await books.goods.find({line.product_id for line in lines}) if lines else {}
    for line in lines:
        if items[line.product_id].stock == 0:
            raise SoldOut(line_id=line.line_id, product_id=line.product_id, wanted=1, left=0)


def _reference(reservation: Reservation, line_id: str) -> str:
    return top_up_reference(reservation.shop_id, reservation.till_id, reservation.sale_id, line_id)
