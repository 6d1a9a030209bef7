"""Look things up: people, goods, past sales, what is open, how the till stands. Nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pos_app.domain.attempt import Attempt
from pos_app.domain.attention import (
    AttentionItem,
    Waits,
    in_order,
    is_told_alone,
    of_bill,
    of_message,
    of_refusal,
    of_sale,
    of_unsent,
)
from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import Category, Product
from pos_app.domain.held import HeldAhead
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper
from pos_app.domain.refund import Refund
from pos_app.domain.report import DayReport
from pos_app.domain.sale import Sale, SaleSearch, SaleSummary
from pos_app.domain.shift import Closing, Shift
from pos_app.domain.staff import Cashier, Permission, Person
from pos_app.domain.till import Enrolment, TillStatus
from pos_app.flows.held_ahead import can_stand_in, look_at_held
from pos_app.flows.sell_online import Next, whose_turn
from pos_app.ports.books import Books, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.exporter import Exporter
from pos_app.ports.gateway import Gateways
from pos_app.ports.platform import Platform


@dataclass(frozen=True)
class SaleView:
    """A sale with its cards and papers, who moves next, and what became of its electronic money."""

    sale: Sale
    cards: tuple[CardCode, ...]
    papers: tuple[Paper, ...]
    next: Next
    attempts: tuple[Attempt, ...] = ()
    refunds: tuple[Refund, ...] = ()
    can_stand_in: bool = False  # it is stuck, and what is held here could be given in its place


@dataclass(frozen=True)
class LookUp:
    """Reading from the books."""

    open_to_read: OpenToRead
    exporter: Exporter
    platform: Platform
    clock: Clock
    low_wallet: Money
    gateways: tuple[Gateways, ...] = ()

    def people(self) -> tuple[Person, ...]:
        with self.open_to_read() as books:
            return books.staff.people()

    def enrolment(self) -> Enrolment:
        with self.open_to_read() as books:
            return books.till.enrolment()

    def current_shift(self) -> Shift | None:
        with self.open_to_read() as books:
            return books.shifts.current()

    def last_closing(self) -> Closing | None:
        with self.open_to_read() as books:
            return books.shifts.last_closing()

    def categories(self) -> tuple[Category, ...]:
        with self.open_to_read() as books:
            return books.catalogue.categories()

    def products(self, words: str, category_id: str | None, most: int) -> tuple[Product, ...]:
        """Best first; without words the ones that sell most."""
        with self.open_to_read() as books:
            return books.catalogue.find(words, category_id, most)

    def sales(self, search: SaleSearch) -> tuple[SaleSummary, ...]:
        with self.open_to_read() as books:
            return books.sales.search(search)

    def sale(self, sale_id: str) -> SaleView:
        with self.open_to_read() as books:
            sale, papers = books.sales.get(sale_id), books.papers.of_sale(sale_id)
            cards = books.cards.of_sale(sale_id)
            attempts, refunds = books.attempts.of_sale(sale_id), books.refunds.of_sale(sale_id)
            stands_in = can_stand_in(books, self.clock, sale)
        return SaleView(sale, cards, papers, whose_turn(sale, papers), attempts, refunds, stands_in)

    def attention(self) -> tuple[AttentionItem, ...]:
        """The attention list: what waits for people first, then what goes on by itself, the oldest first in each."""
        with self.open_to_read() as books:
            return attention_of(books, self.clock)

    def open_items(self) -> tuple[SaleView, ...]:
        """Every sale that is not finished, oldest first."""
        with self.open_to_read() as books:
            ids = open_ids(books)
        return tuple(self.sale(sale_id) for sale_id in ids)

    def payment(self, number: str) -> Attempt | None:
        """The attempt of that order number, ours or the gateway's: the barcode in a customer's wallet bill."""
        with self.open_to_read() as books:
            return books.attempts.find(number.strip())

    def day(self, cashier: Cashier, day: date) -> DayReport:
        """The owner's page; NotAllowed for others."""
        cashier.must_be_allowed(Permission.SEE_DAY)
        with self.open_to_read() as books:
            return books.reports.day(day)

    def first_day(self) -> date | None:
        with self.open_to_read() as books:
            return books.reports.first_day()

    def export_day(self, cashier: Cashier, day: date, path: Path, language: str) -> DayReport:
        """One day as a file, .xlsx or .csv by the path's ending."""
        report = self.day(cashier, day)
        self.exporter.write_day(report, path, language)
        return report

    def is_locked(self) -> bool:
        """An old copy of the books was put back: nothing is sold until the till is enrolled anew."""
        with self.open_to_read() as books:
            return books.till.rolled_back() is not None

    def held(self) -> HeldAhead:
        """What could be sold now if the platform went away."""
        with self.open_to_read() as books:
            return look_at_held(books, self.clock, self.low_wallet.currency)

    def status(self, line_up: bool | None) -> TillStatus:
        """The status strip; `line_up` is what the last call to the platform showed."""
        with self.open_to_read() as books:
            catalogue, account = books.catalogue.state(), books.till.account()
            unsent = unsent_of(books)
            listed = attention_of(books, self.clock)
            held = look_at_held(books, self.clock, self.low_wallet.currency)
            is_locked = books.till.rolled_back() is not None
        open_items = sum(item.waits is not Waits.UNSENT for item in listed)  # that one is told beside it
        is_low = account is not None and account.available < self.low_wallet
        skews = (self.platform.clock_skew_s, *(each.clock_skew_s for each in self.gateways))
        skew = max(skews, key=abs)
        return TillStatus(line_up, unsent, open_items, catalogue, account, is_low, skew, held, is_locked)


def open_ids(books: Books) -> tuple[str, ...]:
    """Sales that are not finished, oldest first, then those that are but for money that is still on its way."""
    ids = [sale.id for sale in books.sales.open_sales()]
    ids += [each.sale_id for each in books.attempts.unsettled()]
    ids += [each.sale_id for each in books.refunds.unsettled()]
    return tuple(dict.fromkeys(ids))


def attention_of(books: Books, clock: Clock) -> tuple[AttentionItem, ...]:
    """Everything that is not finished at this moment."""
    now = clock.now()
    found: list[AttentionItem] = []
    for sale_id in open_ids(books):
        sale, papers = books.sales.get(sale_id), books.papers.of_sale(sale_id)
        items = of_sale(sale, papers, books.attempts.of_sale(sale_id), books.refunds.of_sale(sale_id))
        stands_in = can_stand_in(books, clock, sale)
        found += [replace(item, can_stand_in=stands_in and item.waits is Waits.CODE) for item in items]
    found += [of_bill(each, books.till.enrolment().currency) for each in books.bills.open_items()]
    messages = books.outbox.open_messages()
    found += [of_message(each, books.sales.get(each.sale_id)) for each in messages if is_told_alone(each)]
    refusal = books.ledger.refusal()
    together = [each for each in messages if not is_told_alone(each)]
    if refusal is None:
        oldest = books.ledger.after(books.ledger.acked(), 1)
        waiting = of_unsent(together, entries_unsent(books), next(iter(oldest), None), now)
    else:  # its entries are what it is about
        found.append(of_refusal(refusal, entries_unsent(books)))
        waiting = of_unsent(together, 0, None, now)
    return in_order([*found, waiting] if waiting is not None else found)


def entries_unsent(books: Books) -> int:
    """Ledger entries that the platform does not hold yet."""
    return books.ledger.head().seq - books.ledger.acked()


def unsent_of(books: Books) -> int:
    """How much has not reached the platform: ledger entries and messages."""
    return books.outbox.unsent() + entries_unsent(books)
