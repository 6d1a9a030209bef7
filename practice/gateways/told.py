"""What a practice bank says: how an order stands, why it does not do something, what moved."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    SHOWN = "shown"  # a QR code of the shop that nobody has paid yet
    WAITING = "waiting"  # the customer is asked for a password
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"  # undone: never paid, or all of it given back (`paid_at` tells which)
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"


class Refusal(StrEnum):
    NO_MONEY = "no_money"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    CODE_INVALID = "code_invalid"
    WRONG_WALLET = "wrong_wallet"
    CUSTOMER_CANCELLED = "customer_cancelled"
    NUMBER_TAKEN = "number_taken"  # the same order, a second time
    NUMBER_TAKEN_OTHERWISE = "number_taken_otherwise"  # another amount or code under the same number
    ORDER_CLOSED = "order_closed"  # undone before, perhaps before it ever arrived
    NO_ORDER = "no_order"
    ALREADY_UNDONE = "already_undone"
    CANNOT_UNDO = "cannot_undo"  # the protocol's own rule: too late, or a part is refunded
    NOT_PAID = "not_paid"
    OVER_THE_REST = "over_the_rest"
    REFUND_OTHERWISE = "refund_otherwise"  # another amount under the same refund number


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that happened; `bank_number` is the bank's own number of it."""

    number: str
    amount: int
    at: float
    bank_number: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the bank says after a request; amounts in fen, times in unix seconds.

    `refusal` is why nothing was done. Without an order `state` is None. A FAILED order carries its reason in
    `failure`. `refund` is the refund that was asked about, None when there is none.
    """

    number: str
    state: State | None = None
    refusal: Refusal | None = None
    amount: int = 0
    refunded: int = 0
    bank_number: str = ""
    wallet: str = ""
    made_at: float = 0.0
    paid_at: float | None = None
    failure: Refusal | None = None
    is_shown: bool = False
    refund: Refund | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a day's bill; `refund_number` is empty for a payment, and for what an undo gave back."""

    is_refund: bool
    number: str
    amount: int
    at: float
    bank_number: str
    refund_number: str = ""
    wallet: str = ""
