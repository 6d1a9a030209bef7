"""Sell what the till holds in advance: when nobody answers, or in place of a paid sale that got stuck (R12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from pos_app.domain.disk import must_have_room
from pos_app.domain.errors import NotSoldOffline, RolledBack, ShiftNotOpen, Unreachable, WrongState
from pos_app.domain.lease import TIME_TO_PAY, OfflineLimits
from pos_app.domain.outbox import Message, MessageKind
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Cashier, Permission
from pos_app.flows.day import now_and_today
from pos_app.flows.leased_cards import find_cards, sell_cards, told
from pos_app.flows.sell_online import Reserve
from pos_app.ports.books import OpenBooks
from pos_app.ports.clock import Clock
from pos_app.ports.files import DiskGuard

AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class BindLeased:
    """A basket becomes a sale of leased cards, RESERVED, in one commit and without asking anyone."""

    open_books: OpenBooks
    clock: Clock
    limits: Callable[[], OfflineLimits]
    day_change_hour: int

    def __call__(self, cashier: Cashier, basket: Sale) -> Sale:
        """NotSoldOffline says which product it cannot be, and why; ShiftNotOpen, RolledBack."""
        cashier.must_be_allowed(Permission.SELL)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            if books.till.rolled_back() is not None:
                raise RolledBack
            new = replace(basket, id=self.clock.new_id(), is_offline=True)
            sale = new.started(now, cashier.id, shift.id, today)
            cards = find_cards(books, self.clock, sale, TIME_TO_PAY)
            self.limits().check(sale)
            ends = [books.leases.get(card.lease_id).expires_at for card in cards]
            sale = replace(
                sale.moved_to(SaleState.RESERVED), expires_at=min(end for end in ends if end is not None)
            )
            books.sales.put(sale)
            for card in cards:
                books.leases.put_card(card)
            books.commit()
        return sale


@dataclass(frozen=True)
class SetAside:
    """The goods of a basket: by the platform, and from leases when it does not answer; a sale comes from one of both."""

    reserve: Reserve
    bind: BindLeased
    disk: DiskGuard

    def __call__(self, cashier: Cashier, basket: Sale, *, is_away: bool = False) -> Sale:
        """The sale, RESERVED. `is_away`: nobody answered a moment ago, so leases come first and the customer does not wait.

        DiskNearlyFull before anything is done. What `Reserve` raises; in place of its
        Unreachable NotSoldOffline, where something is held for such times.
        """
        must_have_room(self.disk.free_bytes())
        if is_away:
            try:
                return self.bind(cashier, basket)
            except NotSoldOffline:
                pass  # the platform may be back
        try:
            return self.reserve(cashier, basket)
        except Unreachable as silence:
            # What it may have set aside is withdrawn later (R2): this is another sale.
            try:
                return self.bind(cashier, basket)
            except NotSoldOffline as no:
                if no.why == "none":
                    raise silence from no
                raise


@dataclass(frozen=True)
class SubstituteLeased:
    """Leased cards for a paid sale whose goods do not come (R12).

    One commit gives it the cards and promises to withdraw it at the platform; a late answer is not taken in any more.
    """

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, sale_id: str) -> Sale:
        """The sale, HAVE. NotSoldOffline; WrongState when it waits for no answer, or for the end of a wait by rule."""
        cashier.must_be_allowed(Permission.SELL)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            sale = books.sales.get(sale_id)
            is_stuck = sale.state in (SaleState.PAID, SaleState.CONFIRMING) and not sale.is_offline
            if not is_stuck or not sale.may_be_substituted:
                raise WrongState(sale_id=sale.id, state=sale.state.value)
            cards = find_cards(books, self.clock, sale, AT_ONCE)
            lines = [{"line_id": line_id, "leased": leased} for line_id, leased in told(cards).items()]
            body = {"sale_id": sale.id, "cashier_id": cashier.id, "lines": lines}
            books.ledger.append("lease_sold", now, today, body)
            have = sell_cards(books, self.clock, replace(sale, is_offline=True), cards)
            books.outbox.add(withdraw_message(self.clock, sale.id))
            books.commit()
        return have


def withdraw_message(clock: Clock, sale_id: str) -> Message:
    """Nothing of the sale may be delivered any more: the platform must hear it."""
    return Message.new(clock.new_id(), MessageKind.WITHDRAW, sale_id, clock.now())
