"""Reserves the lines of a sale: rules passed, cards allocated, cost held, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from platform_server.domain.errors import BadRequest, Forbidden
from platform_server.domain.judge import Verdict
from platform_server.domain.ledger import LedgerHead, Strange
from platform_server.domain.money import Money
from platform_server.domain.pricing import priced_goods
from platform_server.domain.reservation import (
    Caller,
    Reservation,
    ReservationState,
    ReservedLine,
    StepCall,
    WantedLine,
)
from platform_server.domain.rules import accept_line, check_bans
from platform_server.flows.apply_rules import ApplyRules, Asker, Goods
from platform_server.flows.holding import fill, let_go
from platform_server.flows.steps import SaleView, admit_step, view_sale
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class Order:
    """What a till wants, on which day, where its ledger stands, through which of domain.bans.CHANNELS, and who buys."""

    business_date: str
    lines: Sequence[WantedLine]
    ledger: LedgerHead
    channel: str = "counter"
    asker: Asker = field(default_factory=Asker)


@dataclass(frozen=True, slots=True)
class Reserve:
    """Reserve the lines for `lifetime`; the same key again tells the sale as it is now."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    lifetime: timedelta
    rules: ApplyRules
    check_space: Callable[[], None] = lambda: None

    async def __call__(self, caller: Caller, call: StepCall, order: Order) -> SaleView:
        """Raises what check_space, accept_line, check_bans, the rules, fill and admit_step raise."""
        now = self.clock.now()
        async with self.open_books() as books:
            admission = await admit_step(books, caller, call)
            if admission.reservation is not None and admission.is_replay:
                return await view_sale(books, admission.reservation, now, is_replay=True)
            self.check_space()
            before = await self._clear_way(books, admission.reservation, call, now)
            goods = await _accept_lines(books, caller.shop_id, order, now)
            verdict = await self.rules.judge(books, caller, order.asker, goods, now)
            lines = tuple(line for line, _ in goods)
            reservation = _cooled(self._draft(caller, call, order, lines, now), verdict, now)
            if before is not None:
                reservation = _renewed(before, reservation)
                await books.counts.forget_sale(reservation.id)
            # Counted before anything else is touched: whoever waits here holds nothing that others need.
            await self.rules.count(books, reservation.id, verdict, now)
            if before is None:
                await books.reservations.add(reservation)
            else:
                await books.reservations.save(reservation)
                await books.reservations.replace_lines(reservation)
            await self.rules.remember(books, reservation.id, order.asker, now)
            cards = await fill(books, self.ids, reservation, now)
            await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
            await _compare_ledger(books, caller, call.epoch, order.ledger, now)
            await books.commit()
        return SaleView(reservation, reservation.state, cards, ())

    async def _clear_way(
        self, books: Books, before: Reservation | None, call: StepCall, now: datetime
    ) -> Reservation | None:
        if before is None:
            return None
        is_over = before.state is ReservationState.RESERVED and before.expires_at <= now
        if is_over:
            before = await let_go(books, before, ReservationState.EXPIRED, now)
        if before.state is not ReservationState.EXPIRED or call.attempt <= before.attempt:
            raise Forbidden("another attempt of this sale stands", state=before.state.value)
        return before

    def _draft(
        self, caller: Caller, call: StepCall, order: Order, lines: tuple[ReservedLine, ...], now: datetime
    ) -> Reservation:
        cost = Money.sum((line.cost for line in lines), lines[0].unit_cost.currency)
        return Reservation(
            id=self.ids.new_id(),
            shop_id=caller.shop_id,
            till_id=caller.till_id,
            sale_id=call.sale_id,
            state=ReservationState.RESERVED,
            attempt=call.attempt,
            epoch=call.epoch,
            business_date=order.business_date,
            lines=lines,
            held=cost,
            expires_at=now + self.lifetime,
            changed_at=now,
            cashier=order.asker.cashier,
            approved_by=order.asker.approved_by,
        )


def _cooled(draft: Reservation, verdict: Verdict, now: datetime) -> Reservation:
    return draft if verdict.cooling is None else replace(draft, cooling_until=now + verdict.cooling)


def _renewed(before: Reservation, draft: Reservation) -> Reservation:
    fields = {name: getattr(draft, name) for name in Reservation.__slots__}
    return Reservation(**{**fields, "id": before.id})


async def _accept_lines(books: Books, shop_id: str, order: Order, now: datetime) -> Goods:
    wanted = order.lines
    if len({line.line_id for line in wanted}) != len(wanted):
        raise BadRequest.at("body.lines", "a line_id is there twice")
    items = await books.goods.find({line.product_id for line in wanted})
    prices = await books.prices.for_goods(shop_id, [priced_goods(item.product) for item in items.values()])
    lines = [accept_line(line, items.get(line.product_id), prices) for line in wanted]
    for line in lines:
        check_bans(line, items[line.product_id].product, order.channel, now)
    if len({line.unit_cost.currency for line in lines}) != 1:
        raise BadRequest.at("body.lines", "one sale has one currency")
    return [(line, items[line.product_id]) for line in lines]


async def _compare_ledger(books: Books, caller: Caller, epoch: int, told: LedgerHead, now: datetime) -> None:
    if told.seq == 0:
        return
    known = (await books.ledger.hashes(caller.till_id, epoch, told.seq, told.seq)).get(told.seq)
    if known is not None and known != told.head:
        strange = Strange("ledger_fork", told.seq, "the till's entry is not the one that was pushed", epoch)
        await books.audit.open_incidents(caller.shop_id, caller.till_id, [strange], now)
