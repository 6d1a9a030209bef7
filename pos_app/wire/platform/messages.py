"""What is said and heard, between JSON and domain: with `catalogue_messages.py` the only place for field names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import Rejected
from pos_app.domain.lease import LeaseState, LeaseTold
from pos_app.domain.ledger import LedgerEntry, LedgerHead, LogPoint, canonical
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, TopUp, TopUpState
from pos_app.domain.signature import packed, unpacked
from pos_app.domain.till import Account, Enrolment
from pos_app.ports.platform import (
    Acked,
    Delivery,
    PrintedCard,
    Reservation,
    ReservedLine,
    SealedCard,
    ShopEvent,
    ShopEvents,
)
from pos_app.wire.platform.catalogue_messages import MoneyText, product_of
from pos_app.wire.platform.enrolment_code import EnrolmentCode

T = TypeVar("T", bound=msgspec.Struct)


class UnreadableError(Exception):
    """A signed answer does not have the agreed form."""


# --- what is said ---


@dataclass(frozen=True, slots=True)
class NewTill:
    """What a till says of itself when it joins; both keys are raw public ones."""

    name: str
    sign_key: bytes
    seal_key: bytes
    app_version: str


def enrolment_body(code: EnrolmentCode, till: NewTill) -> bytes:
    return canonical(
        {
            "secret": code.secret,
            "till_name": till.name,
            "sign_key": packed(till.sign_key),
            "seal_key": packed(till.seal_key),
            "app_version": till.app_version,
        }
    )


def reservation_body(epoch: int, sale: Sale, head: LedgerHead, approved_by: str | None) -> bytes:
    """All lines at the version and cost that the till knows; the business date is given when a sale starts."""
    if sale.business_date is None:
        raise ValueError("a sale that was not started cannot be reserved")
    lines = [
        {
            "line_id": line.line_id,
            "product_id": line.product.id,
            "quantity": line.quantity,
            "version": line.product.version,
            "max_unit_cost": _money(line.product.wholesale),
            "fields": dict(line.fields),
        }
        for line in sale.lines
    ]
    return canonical(
        {
            "epoch": epoch,
            "business_date": sale.business_date.isoformat(),
            "lines": lines,
            "customer_token": None,
            "answers": None,
            "cashier": sale.cashier_id,
            "approved_by": approved_by,
            "ledger": {"seq": head.seq, "head": head.digest},
            "channel": "counter",
        }
    )


def confirmation_body(epoch: int, sale: Sale) -> bytes:
    payments = [
        {"tender": each.tender.value, "amount": _money(each.amount), "reference": each.reference}
        for each in sale.payments
    ]
    retail = [{"line_id": line.line_id, "amount": _money(line.total)} for line in sale.lines]
    return canonical({"epoch": epoch, "payments": payments, "retail": retail})


def cancellation_body(epoch: int, reason: str) -> bytes:
    return canonical({"epoch": epoch, "reason": reason})


def acknowledgement_body(epoch: int, cards: Sequence[PrintedCard], receipt_hash: str) -> bytes:
    printed = [
        {"card_id": card.card_id, "printed": "yes" if card.is_certain else "unknown", "copies": card.copies}
        for card in cards
    ]
    return canonical({"epoch": epoch, "cards": printed, "receipt_hash": receipt_hash})


def ledger_body(epoch: int, entries: Sequence[LedgerEntry]) -> bytes:
    wired = [entry.as_wire() for entry in entries]
    return canonical({"epoch": epoch, "from_seq": entries[0].seq, "entries": wired})


def _money(money: Money) -> dict[str, object]:
    return {"minor": money.minor, "currency": money.currency}


# --- what is heard ---


class _Shop(msgspec.Struct, frozen=True):
    id: str
    name: str


class _EnrolmentText(msgspec.Struct, frozen=True):
    shop: _Shop
    till_id: str
    till_code: str
    epoch: int
    currency: str


def read_enrolment(text: bytes, code: EnrolmentCode) -> Enrolment:
    """Whom the till belongs to now; address and key are those of the code, whatever the answer says."""
    told = decode(text, _EnrolmentText)
    return Enrolment(
        shop_id=told.shop.id,
        shop_name=told.shop.name,
        till_id=told.till_id,
        till_code=told.till_code,
        epoch=told.epoch,
        currency=told.currency,
        address=code.address,
        platform_key=code.platform_key,
    )


class _Wallet(msgspec.Struct, frozen=True):
    balance: MoneyText
    held: MoneyText
    credit_limit: MoneyText


class LeaseText(msgspec.Struct, frozen=True):
    lease_id: str
    state: str

    def read(self) -> LeaseTold:
        try:
            return LeaseTold(self.lease_id, LeaseState(self.state))
        except ValueError as error:
            raise UnreadableError("lease") from error


class _AccountText(msgspec.Struct, frozen=True):
    wallet: _Wallet
    server_time: datetime
    leases: list[LeaseText] = []


def read_account(text: bytes) -> Account:
    """The wallet, told at the platform's own time: this PC's clock has no say in it."""
    told = decode(text, _AccountText)
    wallet, told_at = told.wallet, told.server_time.astimezone(UTC)
    sums = wallet.balance.read(), wallet.held.read(), wallet.credit_limit.read()
    return Account(*sums, told_at, tuple(each.read() for each in told.leases))


class _ReservedLineText(msgspec.Struct, frozen=True):
    line_id: str
    unit_cost: MoneyText
    masked: list[str]


class _ReservationText(msgspec.Struct, frozen=True):
    sale_id: str
    lines: list[_ReservedLineText]
    expires_at: datetime
    cooling_until: datetime | None = None


def read_reservation(text: bytes, sale_id: str) -> Reservation:
    told = decode(text, _ReservationText)
    must_be(told.sale_id, sale_id)
    lines = [ReservedLine(each.line_id, each.unit_cost.read(), tuple(each.masked)) for each in told.lines]
    return Reservation(tuple(lines), told.expires_at, told.cooling_until)


class _CardText(msgspec.Struct, frozen=True):
    line_id: str
    card_id: str
    product_id: str
    kind: str
    face: MoneyText
    sealed: str


class _TopUpText(msgspec.Struct, frozen=True):
    line_id: str
    state: str
    reference: str | None = None
    reason: str | None = None


class _DeliveryText(msgspec.Struct, frozen=True):
    sale_id: str
    cards: list[_CardText]
    top_ups: list[_TopUpText]
    reveal_at: datetime | None = None
    frozen: bool = False


class _SaleText(msgspec.Struct, frozen=True):
    sale_id: str
    top_ups: list[_TopUpText]


def read_delivery(text: bytes, sale_id: str) -> Delivery:
    told = decode(text, _DeliveryText)
    must_be(told.sale_id, sale_id)
    cards, top_ups = tuple(map(_card, told.cards)), tuple(map(_top_up, told.top_ups))
    return Delivery(cards, top_ups, told.reveal_at, told.frozen)


def read_top_ups(text: bytes, sale_id: str) -> tuple[tuple[str, TopUp], ...]:
    told = decode(text, _SaleText)
    must_be(told.sale_id, sale_id)
    return tuple(_top_up(each) for each in told.top_ups)


class _DoneText(msgspec.Struct, frozen=True):
    sale_id: str
    state: str


def read_done(text: bytes, sale_id: str, state: str) -> None:
    """The step brought that sale into that state; anything else is UnreadableError."""
    told = decode(text, _DoneText)
    must_be(told.sale_id, sale_id)
    must_be(told.state, state)


class _TillInLog(msgspec.Struct, frozen=True):
    epoch: int
    seq: int
    head: str


class _LogText(msgspec.Struct, frozen=True):
    till: _TillInLog
    at: datetime


class _AckedText(msgspec.Struct, frozen=True):
    acked_seq: int
    log: msgspec.Raw = msgspec.Raw(b"")


def read_acked(text: bytes) -> Acked:
    """A platform of before the log gives no point of it."""
    read = decode(text, _AckedText)
    raw = bytes(read.log)
    if not raw:
        return Acked(read.acked_seq)
    log, told = decode(raw, _LogText), canonical(json.loads(raw)).decode()
    return Acked(read.acked_seq, LogPoint(log.till.epoch, log.till.seq, log.till.head, log.at, told))


class _AboutText(msgspec.Struct, frozen=True):
    till_id: str | None = None
    sale_id: str | None = None


class _EventText(msgspec.Struct, frozen=True):
    seq: int
    kind: str
    body: _AboutText


class _EventsText(msgspec.Struct, frozen=True):
    events: list[_EventText]
    last_seq: int


def read_events(text: bytes) -> ShopEvents:
    """Kinds that this till does not know are told like the others."""
    told = decode(text, _EventsText)
    events = (ShopEvent(each.seq, each.kind, each.body.till_id, each.body.sale_id) for each in told.events)
    return ShopEvents(tuple(events), told.last_seq)


class ProblemText(msgspec.Struct, frozen=True):
    """A refusal as it travels (`docs/protocol.md` 4)."""

    code: str
    effect: str
    server_time: datetime
    details: dict[str, Any] = {}


def read_problem(text: bytes) -> ProblemText:
    """Raises UnreadableError when the text is no refusal of ours."""
    problem = decode(text, ProblemText)
    if problem.effect not in ("none", "unknown", "done"):
        raise UnreadableError(problem.effect)
    return problem


def rejection(problem: ProblemText) -> Rejected:
    """The refusal with money, times and `details["product"]` as domain values; its present price the till then keeps."""
    details = {key: _detail(key, value) for key, value in problem.details.items()}
    return Rejected(problem.code, problem.effect, details)


def _detail(key: str, value: Any) -> Any:
    try:
        if key == "product":
            return product_of(value)
        if key == "until" and value is not None:
            return msgspec.convert(value, datetime)
        if isinstance(value, dict) and value.keys() == {"minor", "currency"}:
            return msgspec.convert(value, MoneyText).read()
    except msgspec.ValidationError as error:
        raise UnreadableError(key) from error
    return value


def _card(text: _CardText) -> SealedCard:
    payload, sealed = payload_of(text.kind), sealed_bytes(text.sealed)
    return SealedCard(text.line_id, text.card_id, text.product_id, payload, text.face.read(), sealed)


def payload_of(kind: str) -> Payload:
    try:
        return Payload(kind)
    except ValueError as error:
        raise UnreadableError("kind") from error


def sealed_bytes(text: str) -> bytes:
    try:
        return unpacked(text)
    except ValueError as error:
        raise UnreadableError("base64url") from error


def _top_up(text: _TopUpText) -> tuple[str, TopUp]:
    try:
        return text.line_id, TopUp(TopUpState(text.state), text.reference, text.reason)
    except ValueError as error:
        raise UnreadableError("top_up") from error


def decode(text: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableError(form.__name__) from error


def must_be(told: str, asked: str) -> None:
    if told != asked:
        raise UnreadableError(told)
