"""The till's books in memory: a whole adapter, undone unless committed, that recounts every figure from the sales."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import CataloguePage, CatalogueState, Category, Product, ProductKind
from pos_app.domain.errors import (
    NoSuchSale,
    NotEnrolled,
    ShiftAlreadyOpen,
    ShiftNotOpen,
    UnknownPerson,
)
from pos_app.domain.ledger import LedgerEntry, LedgerHead
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageState
from pos_app.domain.paper import Paper
from pos_app.domain.report import DayReport
from pos_app.domain.sale import Sale, SaleLine, SaleSearch, SaleState, SaleSummary
from pos_app.domain.shift import CashMovement, Closing, Direction, Shift, ShiftTotals
from pos_app.domain.staff import Person
from pos_app.domain.till import Account, Enrolment
from tests.fakes.till_recount import Refund, matches_words, recount

_LONGEST_WAIT_S = 10


@dataclass
class Pages:
    """All that is kept. `copy` is shallow: the values in it are frozen."""

    enrolment: Enrolment | None = None
    account: Account | None = None
    people: dict[str, Person] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    is_full_running: bool = False
    total: int = 0
    cursor: str | None = None
    synced_at: datetime | None = None
    sold: dict[str, int] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    refunds: dict[tuple[str, str], Refund] = field(default_factory=dict)
    basket: Sale | None = None
    receipts: int = 0
    cards: dict[str, CardCode] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    ledger: dict[tuple[int, int], LedgerEntry] = field(default_factory=dict)
    acked: dict[int, int] = field(default_factory=dict)
    outbox: dict[str, Message] = field(default_factory=dict)
    shift: Shift | None = None
    movements: tuple[CashMovement, ...] = ()
    closings: tuple[Closing, ...] = ()

    def copy(self) -> Pages:
        return Pages(
            **{key: value.copy() if isinstance(value, dict) else value for key, value in vars(self).items()}
        )

    @property
    def currency(self) -> str:
        return self.enrolment.currency if self.enrolment else "CNY"

    @property
    def open_sales(self) -> tuple[Sale, ...]:
        waiting = {paper.sale_id for paper in self.papers.values() if not paper.is_settled}
        return tuple(sale for sale in self.sales.values() if sale.is_open or sale.id in waiting)


class FakeTill:
    """One till's file: `open_books` and `open_to_read` are the two ports. `commits` counts what was kept."""

    def __init__(
        self, local: Callable[[datetime], datetime] = lambda at: at, day_change_hour: int = 0
    ) -> None:
        self.local = local
        self.day_change_hour = day_change_hour
        self.pages = Pages()
        self.commits = 0
        self.fail_next_commit: Exception | None = None
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
        self.papers = FakePapers(pages)
        self.ledger = FakeLedger(pages)
        self.outbox = FakeOutbox(pages)
        self.shifts = FakeShifts(pages)
        self.reports = FakeReports(pages, till)

    def commit(self) -> None:
        if not self._may_write:
            return
        failure, self._till.fail_next_commit = self._till.fail_next_commit, None
        if failure:
            raise failure
        self._till.pages = self._pages.copy()
        self._till.commits += 1


@dataclass
class FakeTillShelf:
    pages: Pages

    def enrolment(self) -> Enrolment:
        if self.pages.enrolment is None:
            raise NotEnrolled
        return self.pages.enrolment

    def enrol(self, enrolment: Enrolment) -> None:
        self.pages.enrolment = enrolment

    def account(self) -> Account | None:
        return self.pages.account

    def keep_account(self, account: Account) -> None:
        self.pages.account = account


@dataclass
class FakeStaff:
    pages: Pages

    def people(self) -> tuple[Person, ...]:
        active = (person for person in self.pages.people.values() if person.is_active)
        return tuple(sorted(active, key=lambda person: person.name))

    def person(self, person_id: str) -> Person:
        if person_id not in self.pages.people:
            raise UnknownPerson
        return self.pages.people[person_id]

    def put(self, person: Person) -> None:
        self.pages.people[person.id] = person


@dataclass
class FakeCatalogue:
    pages: Pages

    def state(self) -> CatalogueState:
        pages = self.pages
        return CatalogueState(len(pages.products), pages.total, pages.cursor, pages.synced_at)

    def apply(self, page: CataloguePage, at: datetime, is_full: bool) -> None:
        pages = self.pages
        named = frozenset(product.id for product in page.products)
        if is_full:
            starts_again = bool(page.products) and page.products[0].id in pages.seen
            pages.seen = named if starts_again or not pages.is_full_running else pages.seen | named
            pages.is_full_running = not page.is_last
        pages.products.update((product.id, product) for product in page.products)
        gone = set(page.removed)
        if is_full and page.is_last:
            gone |= pages.products.keys() - pages.seen
            pages.seen = frozenset()
        for product_id in gone:
            pages.products.pop(product_id, None)
        pages.total, pages.cursor = page.total, page.cursor
        if page.is_last:
            pages.synced_at = at

    def product(self, product_id: str) -> Product | None:
        return self.pages.products.get(product_id)

    def by_barcode(self, barcode: str) -> Product | None:
        return next((p for p in self.pages.products.values() if barcode and p.barcode == barcode), None)

    def find(self, words: str, category_id: str | None, most: int) -> tuple[Product, ...]:
        found = []
        for product in self.pages.products.values():
            tier = matches_words(product, words)
            if tier is not None and category_id in (None, product.category.id):
                found.append((tier, -self.pages.sold.get(product.id, 0), product.is_sold_out, product))
        found.sort(key=lambda row: row[:3])
        return tuple(row[3] for row in found[:most])

    def categories(self) -> tuple[Category, ...]:
        return tuple(dict.fromkeys(product.category for product in self.pages.products.values()))

    def top_ups_for_phone(self, carrier: str | None, most: int) -> tuple[Product, ...]:
        offers = [
            product
            for product in self.pages.products.values()
            if product.kind is ProductKind.TOP_UP
            and any(spec.validator == "phone_cn" for spec in product.fields)
            and carrier in (None, product.brand.id.rpartition("-")[2])
        ]
        return tuple(sorted(offers, key=lambda product: product.face.minor)[:most])

    def put_product(self, product: Product) -> None:
        self.pages.products[product.id] = product


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

    def refunded(self, sale: Sale, line: SaleLine, at: datetime) -> None:
        if (sale.id, line.line_id) in self.pages.refunds:
            raise ValueError(f"line {line.line_id} was refunded before")
        shift_id = self.pages.shift.id if self.pages.shift else None
        amount = line.refunded or line.total
        self.pages.refunds[sale.id, line.line_id] = Refund(sale, line, amount, at, shift_id)

    def basket(self) -> Sale | None:
        return self.pages.basket

    def keep_basket(self, sale: Sale | None) -> None:
        self.pages.basket = sale

    def _matches(self, sale: Sale, search: SaleSearch) -> bool:
        text = search.text.strip().upper()
        number = sale.receipt_number or ""
        ends = {(line.account or "")[-4:] for line in sale.lines if line.account}
        is_number = number == text or (
            text.isdigit() and number.rpartition("-")[2].lstrip("0") == text.lstrip("0")
        )
        hour = self.till.local(_at(sale)).hour
        first, last = search.hours or (0, 23)
        within = first <= hour <= last if first <= last else hour >= first or hour <= last
        return (
            (not text or is_number or text[-4:] in ends)
            and search.amount in (None, sale.total)
            and search.day in (None, sale.business_date)
            and within
            and (sale.is_open or not search.only_open)
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
            sale.lines[0].product.names.zh,
            len(sale.lines),
            sale.is_open,
        )


@dataclass
class FakeCards:
    pages: Pages

    def get(self, card_id: str) -> CardCode:
        return self.pages.cards[card_id]

    def of_sale(self, sale_id: str) -> tuple[CardCode, ...]:
        if sale_id not in self.pages.sales:
            return ()
        order = [line.line_id for line in self.pages.sales[sale_id].lines]
        cards = [card for card in self.pages.cards.values() if card.sale_id == sale_id]
        return tuple(sorted(cards, key=lambda card: order.index(card.line_id)))

    def put(self, card: CardCode) -> None:
        before = self.pages.cards.get(card.card_id, card)
        if (before.sale_id, before.line_id) != (card.sale_id, card.line_id):
            raise ValueError(f"card {card.card_id} belongs to another sale")
        if all(line.line_id != card.line_id for line in self.pages.sales[card.sale_id].lines):
            raise ValueError(f"card {card.card_id} has no line")
        self.pages.cards[card.card_id] = card

    def to_shred(self, acked_before: datetime) -> tuple[CardCode, ...]:
        return tuple(
            card
            for card in self.pages.cards.values()
            if card.sealed is not None and card.acked_at is not None and card.acked_at < acked_before
        )


@dataclass
class FakePapers:
    pages: Pages

    def get(self, paper_id: str) -> Paper:
        return self.pages.papers[paper_id]

    def of_sale(self, sale_id: str) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.pages.papers.values() if paper.sale_id == sale_id)

    def put(self, paper: Paper) -> None:
        self.pages.papers[paper.id] = paper


@dataclass
class FakeLedger:
    pages: Pages

    def append(self, kind: str, at: datetime, business_date: date, body: Mapping[str, Any]) -> LedgerEntry:
        if self.pages.enrolment is None:
            raise NotEnrolled
        head, who = self.head(), self.pages.enrolment
        entry = LedgerEntry(
            who.till_id, who.epoch, head.seq + 1, head.digest, at, business_date, kind, dict(body)
        )
        assert entry.digest  # a float in the body is refused here
        self.pages.ledger[who.epoch, entry.seq] = entry
        return entry

    def head(self) -> LedgerHead:
        entries = self.after(0, len(self.pages.ledger))
        return LedgerHead(entries[-1].seq, entries[-1].digest) if entries else LedgerHead()

    def after(self, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        entries = (
            e for (epoch, number), e in self.pages.ledger.items() if epoch == self._epoch and number > seq
        )
        return tuple(entries)[:most]

    def acked(self) -> int:
        return self.pages.acked.get(self._epoch, 0)

    def keep_acked(self, seq: int) -> None:
        self.pages.acked[self._epoch] = max(seq, self.acked())

    @property
    def _epoch(self) -> int:
        return self.pages.enrolment.epoch if self.pages.enrolment else 0


@dataclass
class FakeOutbox:
    pages: Pages

    def add(self, message: Message) -> None:
        if any((m.kind, m.sale_id) == (message.kind, message.sale_id) for m in self.pages.outbox.values()):
            raise ValueError(f"{message.kind} of sale {message.sale_id} is in the outbox already")
        self.pages.outbox[message.id] = message

    def due(self, now: datetime, most: int) -> tuple[Message, ...]:
        ready = (
            m for m in self.pages.outbox.values() if m.state is MessageState.DUE and m.next_try_at <= now
        )
        return tuple(ready)[:most]

    def keep(self, message: Message) -> None:
        if message.id not in self.pages.outbox:
            raise KeyError(message.id)
        self.pages.outbox[message.id] = message

    def unsent(self) -> int:
        return sum(message.state is not MessageState.SENT for message in self.pages.outbox.values())


@dataclass
class FakeShifts:
    pages: Pages

    def current(self) -> Shift | None:
        return self.pages.shift

    def open(self, shift: Shift) -> None:
        if self.pages.shift is not None:
            raise ShiftAlreadyOpen(opened_by=self.pages.shift.opened_by_name)
        self.pages.shift = shift

    def move_cash(self, movement: CashMovement) -> None:
        self.pages.movements += (movement,)

    def movements(self, shift_id: str) -> tuple[CashMovement, ...]:
        return tuple(movement for movement in self.pages.movements if movement.shift_id == shift_id)

    def totals(self, shift: Shift) -> ShiftTotals:
        currency = shift.opening_cash.currency
        paid = [s for s in self.pages.sales.values() if s.shift_id == shift.id and s.paid_at is not None]
        given_back = [refund for refund in self.pages.refunds.values() if refund.shift_id == shift.id]
        taken = Money.sum((sale.total for sale in paid), currency)
        refunded = Money.sum((refund.amount for refund in given_back), currency)
        moved = {
            way: Money.sum((m.amount for m in self.movements(shift.id) if m.direction is way), currency)
            for way in Direction
        }
        still_open = self.pages.open_sales
        return ShiftTotals(
            sales=len(paid),
            takings=taken - refunded,
            cash_taken=taken,
            cash_refunded=refunded,
            moved_in=moved[Direction.IN],
            moved_out=moved[Direction.OUT],
            open_items=len(still_open),
            open_money=Money.sum((sale.open_money for sale in still_open), currency),
        )

    def close(self, closing: Closing) -> None:
        if self.pages.shift is None or self.pages.shift.id != closing.shift.id:
            raise ShiftNotOpen
        self.pages.shift = None
        shift = replace(closing.shift, closed_at=closing.closed_at)
        self.pages.closings += (replace(closing, shift=shift),)

    def last_closing(self) -> Closing | None:
        return self.pages.closings[-1] if self.pages.closings else None


@dataclass
class FakeReports:
    pages: Pages
    till: FakeTill

    def day(self, day: date) -> DayReport:
        return recount(self.pages, self.till.local, self.till.day_change_hour, day, day - timedelta(days=7))

    def first_day(self) -> date | None:
        return min(
            (s.business_date for s in self.pages.sales.values() if s.business_date and s.paid_at),
            default=None,
        )


def _at(sale: Sale) -> datetime:
    at = sale.paid_at or sale.created_at
    assert at is not None
    return at
