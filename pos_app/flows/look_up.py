"""Look things up: people, goods, past sales, what is open, how the till stands. Nothing here changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pos_app.domain.attempt import Attempt
from pos_app.domain.bill import BillItem
from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import Category, Product
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper
from pos_app.domain.refund import Refund
from pos_app.domain.report import DayReport
from pos_app.domain.sale import Sale, SaleSearch, SaleSummary
from pos_app.domain.shift import Closing, Shift
from pos_app.domain.staff import Cashier, Permission, Person
from pos_app.domain.till import Enrolment, TillStatus
from pos_app.flows.sell_online import Next, whose_turn
from pos_app.ports.books import Books, OpenToRead
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


@dataclass(frozen=True)
class LookUp:
    """Reading from the books."""

    open_to_read: OpenToRead
    exporter: Exporter
    platform: Platform
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
        return SaleView(sale, cards, papers, whose_turn(sale, papers), attempts, refunds)

    def open_items(self) -> tuple[SaleView, ...]:
        """The attention list: every sale that is not finished, oldest first."""
        with self.open_to_read() as books:
            ids = open_ids(books)
        return tuple(self.sale(sale_id) for sale_id in ids)

    def bill_items(self) -> tuple[BillItem, ...]:
        """Differences between a gateway's bill and the books that nobody has settled, oldest first."""
        with self.open_to_read() as books:
            return tuple(books.bills.open_items())

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

    def status(self, line_up: bool | None) -> TillStatus:
        """The status strip; `line_up` is what the last call to the platform showed."""
        with self.open_to_read() as books:
            catalogue, account = books.catalogue.state(), books.till.account()
            unsent = books.outbox.unsent() + books.ledger.head().seq - books.ledger.acked()
            open_items = len(open_ids(books)) + len(books.bills.open_items())
        is_low = account is not None and account.available < self.low_wallet
        skews = (self.platform.clock_skew_s, *(each.clock_skew_s for each in self.gateways))
        return TillStatus(line_up, unsent, open_items, catalogue, account, is_low, max(skews, key=abs))


def open_ids(books: Books) -> tuple[str, ...]:
    """Sales that are not finished, oldest first, then those that are but for money that is still on its way."""
    ids = [sale.id for sale in books.sales.open_sales()]
    ids += [each.sale_id for each in books.attempts.unsettled()]
    ids += [each.sale_id for each in books.refunds.unsettled()]
    return tuple(dict.fromkeys(ids))
