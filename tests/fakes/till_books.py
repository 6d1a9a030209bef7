"""The till's books in memory: a whole adapter, undone unless committed, that recounts every figure from the sales."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pos_app.domain.errors import (
    NoSuchSale,
    NotEnrolled,
)
from pos_app.domain.report import DayReport
from pos_app.domain.sale import Sale, SaleSearch, SaleState, SaleSummary, is_order_number
from pos_app.ports.signer import Signer
from tests.fakes.till_leases import FakeLeases
from tests.fakes.till_money_shelves import FakeAttempts, FakeBills, FakeRefunds
from tests.fakes.till_pages import Pages
from tests.fakes.till_recount import pieces_since, recount
from tests.fakes.till_sealed_shelves import FakeLedger, FakeReceipts
from tests.fakes.till_shelves import (
    FakeCards,
    FakeCatalogue,
    FakeOutbox,
    FakePapers,
    FakeShifts,
    FakeStaff,
    FakeTillShelf,
)
from tests.fakes.till_signer import fake_signer

_LONGEST_WAIT_S = 10


class FakeTill:
    """One till's file: `open_books` and `open_to_read` are the two ports. `commits` counts what was kept."""

    def __init__(
        self,
        local: Callable[[datetime], datetime] = lambda at: at,
        day_change_hour: int = 0,
        signer: Signer | None = None,
    ) -> None:
        self.local = local
        self.day_change_hour = day_change_hour
        self.signer = signer or fake_signer()
        self.pages = Pages()
        self.commits = 0
        self.fail_next_commit: Exception | None = None
        self.trouble: Exception | None = None  # once the file was found wrong, every commit fails
        self._writing = threading.Lock()

    @contextmanager
    def open_books(self) -> Iterator[FakeBooks]:
        """Waits for its turn; opening twice in one thread would wait for ever, so it is refused after a while."""
        if not self._writing.acquire(timeout=_LONGEST_WAIT_S):
            raise RuntimeError("the books are open already")
        try:
            yield FakeBooks(self, self.pages.copy(), may_write=True)
        finally:
            self._writing.release()

    @contextmanager
    def open_to_read(self) -> Iterator[FakeBooks]:
        yield FakeBooks(self, self.pages.copy(), may_write=False)


class FakeBooks:
    """One transaction on a copy of the pages."""

    def __init__(self, till: FakeTill, pages: Pages, may_write: bool) -> None:
        self._till, self._pages, self._may_write = till, pages, may_write
        self.till = FakeTillShelf(pages)
        self.staff = FakeStaff(pages)
        self.catalogue = FakeCatalogue(pages)
        self.sales = FakeSales(pages, till)
        self.cards = FakeCards(pages)
        self.leases = FakeLeases(pages)
        self.papers = FakePapers(pages)
        self.ledger = FakeLedger(pages, till.signer)
        self.receipts = FakeReceipts(pages, till.signer)
        self.outbox = FakeOutbox(pages)
        self.shifts = FakeShifts(pages)
        self.reports = FakeReports(pages, till)
        self.attempts = FakeAttempts(pages)
        self.refunds = FakeRefunds(pages)
        self.bills = FakeBills(pages)

    def commit(self) -> None:
        if not self._may_write:
            return
        failure, self._till.fail_next_commit = self._till.fail_next_commit or self._till.trouble, None
        if failure:
            raise failure
        self._till.pages = self._pages.copy()
        self._till.commits += 1


@dataclass
class FakeSales:
    pages: Pages
    till: FakeTill

    def get(self, sale_id: str) -> Sale:
        if sale_id not in self.pages.sales:
            raise NoSuchSale(sale_id=sale_id)
        return self.pages.sales[sale_id]

    def put(self, sale: Sale) -> None:
        if sale.state is SaleState.BASKET:
            raise ValueError("a basket is kept by keep_basket")
        before = self.pages.sales.get(sale.id)
        if sale.paid_at is not None and (before is None or before.paid_at is None):
            for line in sale.lines:
                self.pages.sold[line.product.id] = self.pages.sold.get(line.product.id, 0) + line.quantity
        self.pages.sales[sale.id] = sale

    def open_sales(self) -> tuple[Sale, ...]:
        return self.pages.open_sales

    def search(self, search: SaleSearch) -> tuple[SaleSummary, ...]:
        found = [self._summary(sale) for sale in self.pages.sales.values() if self._matches(sale, search)]
        return tuple(sorted(found, key=lambda row: (row.at, row.sale_id), reverse=True)[: search.most])

    def next_receipt_number(self) -> str:
        if self.pages.enrolment is None:
            raise NotEnrolled
        self.pages.receipts += 1
        return f"{self.pages.enrolment.till_code}-{self.pages.receipts:06d}"

    def skip_receipt_numbers(self, last: int) -> int:
        given = self.pages.receipts
        self.pages.receipts = max(given, last)
        return given + 1

    def basket(self) -> Sale | None:
        return self.pages.basket

    def keep_basket(self, sale: Sale | None) -> None:
        self.pages.basket = sale

    def _matches(self, sale: Sale, search: SaleSearch) -> bool:
        text = search.text.strip().upper()
        spoken = search.text.strip()
        known = self.pages.attempts.values()
        ordered = {a.sale_id for a in known if a.number == text or a.gateway_number == spoken}
        number = sale.receipt_number or ""
        ends = {(line.account or "")[-4:] for line in sale.lines if line.account}
        is_number = number == text or (
            text.isdigit() and number.rpartition("-")[2].lstrip("0") == text.lstrip("0")
        )
        hour = self.till.local(_at(sale)).hour
        first, last = search.hours or (0, 23)
        within = first <= hour <= last if first <= last else hour >= first or hour <= last
        return (
            (sale.id in ordered if is_order_number(text) else not text or is_number or text[-4:] in ends)
            and search.amount in (None, sale.total)
            and search.day in (None, sale.business_date)
            and within
            and (sale in self.pages.open_sales or not search.only_open)
        )

    def _summary(self, sale: Sale) -> SaleSummary:
        assert sale.business_date is not None
        person = self.pages.people.get(sale.cashier_id or "")
        return SaleSummary(
            sale.id,
            sale.receipt_number,
            sale.state,
            _at(sale),
            sale.business_date,
            person.name if person else sale.cashier_id or "",
            sale.total,
            sale.lines[0].product.names,
            len(sale.lines),
            sale in self.pages.open_sales,
        )


@dataclass
class FakeReports:
    pages: Pages
    till: FakeTill

    def day(self, day: date) -> DayReport:
        return recount(self.pages, self.till.local, self.till.day_change_hour, day, day - timedelta(days=7))

    def pieces_since(self, day: date) -> Mapping[str, int]:
        return pieces_since(self.pages, self.till.local, self.till.day_change_hour, day)

    def first_day(self) -> date | None:
        return min(
            (s.business_date for s in self.pages.sales.values() if s.business_date and s.paid_at),
            default=None,
        )


def _at(sale: Sale) -> datetime:
    at = sale.paid_at or sale.created_at
    assert at is not None
    return at
