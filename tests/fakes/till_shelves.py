"""The shelves of the till's books in memory, but for the sales."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import CataloguePage, CatalogueState, Category, Product, ProductKind
from pos_app.domain.errors import (
    NotEnrolled,
    ShiftAlreadyOpen,
    ShiftNotOpen,
    UnknownPerson,
)
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageState
from pos_app.domain.paper import Paper
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.refund import Refund
from pos_app.domain.shift import CashMovement, Closing, Direction, Shift, ShiftTotals, TenderTotals
from pos_app.domain.staff import Person
from pos_app.domain.till import Account, Enrolment
from tests.fakes.till_pages import Pages
from tests.fakes.till_recount import matches_words


@dataclass
class FakeTillShelf:
    pages: Pages

    def enrolment(self) -> Enrolment:
        if self.pages.enrolment is None:
            raise NotEnrolled
        return self.pages.enrolment

    def enrol(self, enrolment: Enrolment) -> None:
        self.pages.enrolment = enrolment

    def rolled_back(self) -> AnchorMark | None:
        return self.pages.rolled_back

    def keep_rolled_back(self, mark: AnchorMark | None) -> None:
        self.pages.rolled_back = mark

    def is_anchored(self) -> bool:
        return self.pages.is_anchored

    def keep_anchored(self) -> None:
        self.pages.is_anchored = True

    def last_event(self) -> int:
        return self.pages.last_event

    def keep_last_event(self, seq: int) -> None:
        self.pages.last_event = seq

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
            and any(spec.is_phone for spec in product.fields)
            and carrier in (None, product.brand.id.rpartition("-")[2])
        ]
        return tuple(sorted(offers, key=lambda product: product.face.minor)[:most])

    def put_product(self, product: Product) -> None:
        self.pages.products[product.id] = product


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

    def leased_not_told(self) -> tuple[CardCode, ...]:
        found = (c for c in self.pages.cards.values() if c.lease_id is not None and c.acked_at is None)
        return tuple(sorted(found, key=lambda card: (card.sale_id, card.card_id)))

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
class FakeOutbox:
    pages: Pages

    def add(self, message: Message) -> None:
        if any((m.kind, m.sale_id) == (message.kind, message.sale_id) for m in self.pages.outbox.values()):
            raise ValueError(f"{message.kind} of sale {message.sale_id} is in the outbox already")
        self.pages.outbox[message.id] = message

    def get(self, message_id: str) -> Message:
        return self.pages.outbox[message_id]

    def open_messages(self) -> tuple[Message, ...]:
        return tuple(message for message in self.pages.outbox.values() if message.is_open)

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
        return sum(message.is_open for message in self.pages.outbox.values())


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
        back = [each.refund for each in self.pages.refunds.values() if each.refund.shift_id == shift.id]
        taken = Money.sum((sale.total for sale in paid), currency)
        payments = [payment for sale in paid for payment in sale.payments]
        cash = Tender.CASH
        moved = {
            way: Money.sum((m.amount for m in self.movements(shift.id) if m.direction is way), currency)
            for way in Direction
        }
        live = [each for each in self.pages.attempts.values() if each.is_live]
        waiting = {each.sale_id for each in live} | {
            each.refund.sale_id for each in self.pages.refunds.values() if each.refund.next_at is not None
        }
        listed = {sale.id for sale in self.pages.open_sales} | waiting
        still_open = [self.pages.sales[sale_id] for sale_id in listed]
        return ShiftTotals(
            sales=len(paid),
            takings=taken - Money.sum((each.amount for each in back), currency),
            cash_taken=Money.sum((each.amount for each in payments if each.tender is cash), currency),
            cash_refunded=Money.sum((each.amount for each in back if each.tender is cash), currency),
            moved_in=moved[Direction.IN],
            moved_out=moved[Direction.OUT],
            open_items=len(still_open),
            open_money=Money.sum((sale.open_money for sale in still_open), currency),
            by_tender=_by_tender(payments, back, currency),
            checking=len(live),
            checking_money=Money.sum((each.amount for each in live), currency),
        )

    def close(self, closing: Closing) -> None:
        if self.pages.shift is None or self.pages.shift.id != closing.shift.id:
            raise ShiftNotOpen
        self.pages.shift = None
        shift = replace(closing.shift, closed_at=closing.closed_at)
        self.pages.closings += (replace(closing, shift=shift),)

    def last_closing(self) -> Closing | None:
        return self.pages.closings[-1] if self.pages.closings else None


def _by_tender(payments: list[Payment], back: list[Refund], currency: str) -> tuple[TenderTotals, ...]:
    def of(tender: Tender) -> TenderTotals:
        taken = [each.amount for each in payments if each.tender is tender]
        given = [each.amount for each in back if each.tender is tender]
        return TenderTotals(
            tender, len(taken), Money.sum(taken, currency), len(given), Money.sum(given, currency)
        )

    sums = [of(tender) for tender in Tender if tender is not Tender.CASH]
    return tuple(each for each in sums if each.payments or each.refunds)
