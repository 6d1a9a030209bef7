"""Payment gateways as the shop knows them: what each can do, how long it is waited for, and what it says of an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet


class Way(StrEnum):
    """Who scans: the till the customer's code, or the customer a code that the shop shows."""

    SCANNED = "scanned"
    SHOWN = "shown"


class Standing(StrEnum):
    """What a gateway, believed, says of an order. Silence and nonsense are not in this list: they are Unreachable."""

    PAID = "paid"
    WAITING = "waiting"  # the customer is asked for a password
    PROCESSING = "processing"  # under way, or no clear word
    FAILED = "failed"  # a definite no: no money moved, and none will under this number
    BROKEN = "broken"  # it went wrong there, and no list says that this is the end of it: to be undone
    ABSENT = "absent"  # no such order there - yet
    CLOSED = "closed"  # nothing can be paid under this number any more, and nothing is kept
    REFUNDED = "refunded"  # was paid, all of it went back


class Undoing(StrEnum):
    """What a gateway says when an order is to be undone; only a question afterwards tells whether it is."""

    DONE = "done"
    BUSY = "busy"  # not now: the customer is in the middle of it, or it asks to be called again
    TOO_LATE = "too_late"  # this order can only be refunded


class RefundStanding(StrEnum):
    DONE = "done"
    PROCESSING = "processing"
    FAILED = "failed"  # a definite no for now: people must know, and the same number may be asked again later
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Answer:
    """`reason` is the gateway's own code; `wallet` is whose money it was, where the gateway tells."""

    standing: Standing
    reason: str = ""
    gateway_number: str | None = None
    wallet: Wallet | None = None


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    standing: RefundStanding
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order at a gateway: `number` is ours and unique for ever, `gateway_number` theirs once it is known.

    1 to 17 letters and digits (upper case), so that a refund's number of at most 20 can be made of it.
    """

    number: str
    amount: Money
    way: Way
    sent_at: datetime
    gateway_number: str | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """An order to be paid now: `code` is the customer's, None where the shop shows one until `expires_at`.

    `subject` stands in the customer's bill (at most 60 characters); `till` and `cashier` in the merchant's. `wallet`
    is the one that a shown code is for, where a gateway carries several; None lets the gateway choose.
    """

    order: Order
    subject: str
    till: str
    cashier: str
    code: PaymentCode | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    wallet: Wallet | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money back for an order: `number` (at most 20 letters and digits) stays the same however often it is asked.

    `paid` is the whole amount of the order, which some gateways want to hear again.
    """

    number: str
    amount: Money
    paid: Money
    reason: str = ""


class BillKind(StrEnum):
    PAID = "paid"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a gateway's bill, amounts positive; `number` is our order's, `refund_number` that of the refund."""

    kind: BillKind
    number: str
    amount: Money
    gateway_number: str = ""
    refund_number: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a gateway says it did on one day of Beijing, with the very bytes it came in."""

    day: date
    lines: tuple[BillLine, ...]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GatewayRules:
    """What a gateway can do, and for how long.

    `patience` is how long a payment may stay unclear before it is undone; nothing is undone earlier than `undo_after`;
    `undo_within` is how long an order can be undone at all, after that it is refunded (`undo_same_day`: only on its
    own day in Beijing). `shown_for` is how long a code that the shop shows can be paid.
    """

    scans: frozenset[Wallet]
    shows: frozenset[Wallet] = frozenset()
    patience: timedelta = timedelta(seconds=60)
    undo_after: timedelta = timedelta(0)
    undo_within: timedelta = timedelta(hours=24)
    undo_same_day: bool = False
    shown_for: timedelta = timedelta(minutes=2)
    has_bill: bool = True


class FieldKind(StrEnum):
    TEXT = "text"
    SECRET = "secret"  # noqa: S105  # a kind of field
    KEY = "key"  # a key or certificate in PEM or bare base64, many lines
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class SetupField:
    """One thing a shop fills in to use a gateway; everything but TEXT and CHOICE is a secret."""

    key: str
    kind: FieldKind = FieldKind.TEXT
    is_needed: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class FilledField:
    """A field as a person may see it: the `value` of a secret is never shown again, only that it is kept."""

    field: SetupField
    value: str = ""
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class GatewaySetup:
    """One gateway as it is set up here: `wrong` is the key of the first field that is missing or no good."""

    name: str
    is_on: bool
    fields: tuple[FilledField, ...]
    wrong: str = ""
    clock_skew_s: int = 0

    @property
    def is_ready(self) -> bool:
        return not self.wrong
