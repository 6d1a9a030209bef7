"""Sell what the platform holds: reserve, pay, confirm - and go on from wherever the books stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import Product
from pos_app.domain.errors import (
    FieldInvalid,
    LimitReached,
    PriceChanged,
    ProductOff,
    Refused,
    Rejected,
    RolledBack,
    ShiftNotOpen,
    SoldOut,
    Unreachable,
    WalletEmpty,
)
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import Sale, SaleState, TopUp
from pos_app.domain.staff import Cashier, Permission, Role
from pos_app.domain.till import Enrolment
from pos_app.flows.day import now_and_today
from pos_app.flows.hand_over import hand_over
from pos_app.flows.leased_cards import let_go
from pos_app.flows.payments import must_hold_no_money
from pos_app.flows.sign_receipt import sign_sale
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Delivery, Platform

# The platform's word that it will never deliver what is paid. Any other refusal is no word on the goods (as that of a
# till, of its clock or of another enrolment): the sale waits, or leased cards end it, or a person.
NEVER_DELIVERED = ("EXPIRED", "CANCELLED", "NOT_FOUND")


class Next(StrEnum):
    """What a sale waits for."""

    WIRE = "wire"  # a call to the platform: go_on on the wire lane
    PAPER = "paper"  # a paper: print_next on the paper lane
    PERSON = "person"  # money to give back, or a slip to look for
    CASHIER = "cashier"  # reserved, not paid
    NOTHING = "nothing"


class Progress(NamedTuple):
    """The sale as it stands on disk, its papers, and who moves next."""

    sale: Sale
    papers: tuple[Paper, ...]
    next: Next


@dataclass(frozen=True)
class Reserve:
    """The goods are set aside before any money is taken: sold out and a new price are said here.

    SoldOut, PriceChanged, ProductOff, FieldInvalid, LimitReached, WalletEmpty end the sale before it began; the basket
    stays as it was. Unreachable leaves a sale that is being cancelled, so that nothing stays set aside.
    """

    open_books: OpenBooks
    clock: Clock
    platform: Platform
    day_change_hour: int

    def __call__(self, cashier: Cashier, basket: Sale) -> Sale:
        cashier.must_be_allowed(Permission.SELL)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            enrolment = books.till.enrolment()
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            if books.till.rolled_back() is not None:
                raise RolledBack
            # The id is given here, so that a basket that was refused can be tried again as a new sale.
            sale = replace(basket, id=self.clock.new_id()).started(now, cashier.id, shift.id, today)
            books.sales.put(sale)
            head = books.ledger.head()
            books.commit()
        try:
            # Nobody approves himself but an owner, who needs no second person.
            owner = cashier.id if cashier.role is Role.OWNER else None
            reservation = self.platform.reserve(enrolment, sale, head, owner)
        except Rejected as no:
            if no.effect == "none":
                self._keep(sale.moved_to(SaleState.CANCELLED, trouble=no.code), no.details.get("product"))
                raise refusal(no, sale) from no
            self._keep(sale.moved_to(SaleState.CANCELLING, trouble=no.code))
            raise
        except Unreachable:
            # The platform may have set the goods aside: the promise never to sell them is written first (R2).
            self._keep(sale.moved_to(SaleState.CANCELLING, trouble="NO_ANSWER"))
            raise
        reserved = replace(
            sale.moved_to(SaleState.RESERVED),
            expires_at=reservation.expires_at,
            cools_until=reservation.cools_until,
            masked=tuple((line.line_id, line.masked) for line in reservation.lines),
        )
        charged = reserved.with_costs({line.line_id: line.unit_cost for line in reservation.lines})
        if not self._keep(charged):
            # It was let go while nobody answered, as after a long sleep: the promise never to sell it stands.
            raise Unreachable("timeout")
        return charged

    def _keep(self, sale: Sale, product: object = None) -> bool:
        """False: the sale has moved on, and what was to be said of it is not written."""
        with self.open_books() as books:
            if isinstance(product, Product):
                books.catalogue.put_product(product)
            is_waiting = books.sales.get(sale.id).state is SaleState.RESERVING
            if is_waiting:
                books.sales.put(sale)
            books.commit()
        return is_waiting


@dataclass(frozen=True)
class GoOn:
    """One step on from what the books say: after a crash it is the same road, not another one."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform

    def __call__(self, sale_id: str) -> Progress:
        """Takes the step that needs the platform, if one is next. Unreachable: nothing is lost, ask again later."""
        with self.open_to_read() as books:
            sale, enrolment = books.sales.get(sale_id), books.till.enrolment()
        if sale.state in (SaleState.PAID, SaleState.CONFIRMING):
            self._confirm(enrolment, sale)
        elif sale.state is SaleState.CANCELLING:
            self._cancel(enrolment, sale)
        elif sale.open_top_ups:
            self.ask_top_ups(enrolment, sale.id)
        return self.look(sale_id)

    def look(self, sale_id: str) -> Progress:
        """How the sale stands, without a step."""
        with self.open_to_read() as books:
            sale, papers = books.sales.get(sale_id), books.papers.of_sale(sale_id)
        return Progress(sale, papers, whose_turn(sale, papers))

    def _confirm(self, enrolment: Enrolment, sale: Sale) -> None:
        if sale.state is SaleState.PAID:
            sale = sale.moved_to(SaleState.CONFIRMING)
            self._put(sale, expected=SaleState.PAID)
        try:
            delivery = self.platform.confirm(enrolment, sale)
        except Rejected as no:
            if not no.is_final or no.code not in NEVER_DELIVERED:
                self._put(sale.refused_for_now(no.code), expected=SaleState.CONFIRMING)
                raise
            self._refuse(sale, no)
            return
        if delivery.reveal_at is not None:
            waiting = sale.waiting_for_codes(delivery.reveal_at, delivery.is_frozen)
            if waiting != sale:
                self._put(waiting, expected=SaleState.CONFIRMING)
            return
        now = self.clock.now()
        with self.open_books() as books:
            if books.sales.get(sale.id).state is not SaleState.CONFIRMING:
                return  # someone else of this till was quicker with the same answer
            have = self._received(books, enrolment, sale, delivery)
            body = {"sale_id": sale.id, "cards": [card.card_id for card in delivery.cards]}
            books.ledger.append("sale_confirmed", now, sale.day, body)
            sign_sale(books, have, now)
            if not delivery.cards:
                books.sales.put(have.moved_to(SaleState.DONE))
            books.commit()

    def _received(self, books: Books, enrolment: Enrolment, sale: Sale, delivery: Delivery) -> Sale:
        cards = [
            CardCode(
                card_id=card.card_id,
                sale_id=sale.id,
                line_id=sale.line(card.line_id).line_id,
                product_id=card.product_id,
                payload=card.payload,
                face=card.face,
                sealed=card.sealed,
                epoch=enrolment.epoch,
            )
            for card in delivery.cards
        ]
        have = sale.moved_to(SaleState.HAVE)
        for line_id, top_up in delivery.top_ups:
            have = have.with_top_up(line_id, top_up)
        books.sales.put(have)
        hand_over(books, self.clock, have, cards, [line_id for line_id, _ in delivery.top_ups])
        return have

    def _refuse(self, sale: Sale, no: Rejected) -> None:
        """The platform will never deliver: the customer's money must go back, by a person, from the attention list."""
        now = self.clock.now()
        with self.open_books() as books:
            if books.sales.get(sale.id).state is not SaleState.CONFIRMING:
                return
            books.sales.put(sale.moved_to(SaleState.REFUND_DUE, trouble=no.code))
            books.ledger.append("sale_failed", now, sale.day, {"sale_id": sale.id, "code": no.code})
            books.commit()

    def _cancel(self, enrolment: Enrolment, sale: Sale) -> None:
        self.platform.cancel(enrolment, sale.id, sale.trouble or "cashier")
        self._put(sale.moved_to(SaleState.CANCELLED, sale.trouble), expected=SaleState.CANCELLING)

    def ask_top_ups(self, enrolment: Enrolment, sale_id: str) -> None:
        """How each top-up of it stands; one that had succeeded may have been taken back: then its money is owed."""
        with self.open_to_read() as books:
            books.sales.get(sale_id)
        states = dict(self.platform.top_ups(enrolment, sale_id))
        with self.open_books() as books:
            fresh = books.sales.get(sale_id)
            for line in fresh.lines:
                told = states.get(line.line_id)
                if line.top_up is None or told is None or not line.top_up.may_become(told):
                    continue
                fresh = fresh.with_top_up(line.line_id, told)
                if told.state.is_final:
                    self._top_up_ended(books, fresh, line.line_id, told, had_ended=line.top_up.state.is_final)
            books.sales.put(fresh)
            books.commit()

    def _top_up_ended(self, books: Books, sale: Sale, line_id: str, told: TopUp, *, had_ended: bool) -> None:
        now = self.clock.now()
        body = {"sale_id": sale.id, "line_id": line_id, "state": told.state.value}
        books.ledger.append("top_up_ended", now, sale.day, body)
        if (
            not had_ended
        ):  # what comes days later finds nobody at the printer: it stands in the attention list
            paper = Paper(self.clock.new_id(), PaperKind.TOP_UP, sale.id, line_id, 1, PaperState.DUE, now)
            books.papers.put(paper)

    def _put(self, sale: Sale, expected: SaleState) -> None:
        with self.open_books() as books:
            if books.sales.get(sale.id).state is expected:
                books.sales.put(sale)
                books.commit()


@dataclass(frozen=True)
class CancelSale:
    """Let go of a sale that is not paid: the promise is committed first, then the platform is told, as often as it takes."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, cashier: Cashier, sale_id: str, reason: str) -> Sale:
        """The sale, CANCELLING: `GoOn` tells the platform; one from leases is CANCELLED at once.

        PaymentUnsettled while money of it may be with us.
        """
        cashier.must_be_allowed(Permission.SELL)
        now = self.clock.now()
        with self.open_books() as books:
            sale = books.sales.get(sale_id)
            must_hold_no_money(books, sale)
            gone = let_go(books, sale, reason or "cashier")
            body = {"sale_id": sale_id, "cashier_id": cashier.id, "reason": reason or "cashier"}
            books.ledger.append("sale_cancelled", now, sale.day, body)
            books.commit()
        return gone


def open_progress(books: Books) -> list[Progress]:
    """Every open sale as it stands."""
    found = [(sale, books.papers.of_sale(sale.id)) for sale in books.sales.open_sales()]
    return [Progress(sale, papers, whose_turn(sale, papers)) for sale, papers in found]


def whose_turn(sale: Sale, papers: tuple[Paper, ...]) -> Next:
    """Who moves next."""
    if sale.state in (SaleState.PAID, SaleState.CONFIRMING, SaleState.CANCELLING):
        return Next.WIRE
    if sale.state is SaleState.RESERVED:
        return Next.CASHIER
    if any(paper.state is PaperState.DUE for paper in papers):
        return Next.PAPER
    if sale.refund_lines or any(paper.state in (PaperState.UNKNOWN, PaperState.FAILED) for paper in papers):
        return Next.PERSON
    return Next.WIRE if sale.open_top_ups else Next.NOTHING


def refusal(no: Rejected, sale: Sale) -> Refused | Rejected:
    """The platform's no at reserve as our own kind of trouble, with the product it is about."""
    line_id = no.details.get("line_id")
    line = next((line for line in sale.lines if line.line_id == line_id), None)
    product_id = line.product.id if line else str(no.details.get("product_id", ""))
    if no.code == "SOLD_OUT":
        wanted = line.quantity if line else 0
        return SoldOut(product_id=product_id, wanted=wanted, left=int(no.details.get("left") or 0))
    if no.code == "PRICE_CHANGED":
        return PriceChanged(product_id=product_id)
    if no.code in ("PRODUCT_OFF", "NOT_FOUND"):
        return ProductOff(product_id, str(no.details.get("reason") or "off"))
    if no.code == "FIELD_INVALID":
        return FieldInvalid(str(no.details.get("key", "")), str(no.details.get("validator", "")))
    if no.code == "LIMIT":
        return LimitReached(
            rule=str(no.details.get("rule", "")),
            most=no.details.get("most"),
            amount=no.details.get("most_amount"),
            until=no.details.get("until"),
            needs=no.details.get("needs"),
        )
    if no.code == "WALLET_EMPTY":
        zero = Money(0, sale.currency)
        needed, available = no.details.get("needed"), no.details.get("available")
        return WalletEmpty(
            needed=needed if isinstance(needed, Money) else zero,
            available=available if isinstance(available, Money) else zero,
        )
    return no


def ack_message(clock: Clock, sale_id: str) -> Message:
    """Every slip of the sale is settled: the platform must hear it."""
    return Message.new(clock.new_id(), MessageKind.ACK, sale_id, clock.now())
