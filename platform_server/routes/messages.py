"""The bodies of docs/protocol.md section 5 as models: what is read, what is said, what the OpenAPI document shows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from platform_server.domain.money import Money

UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Id = Annotated[str, StringConstraints(pattern=UUID7)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
LineId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,36}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
Count = Annotated[int, Field(ge=0, le=2**53)]
Actor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Epoch = Annotated[int, Field(ge=1, le=2**31)]


class Message(BaseModel):
    """Exact types; a field that is not known is ignored."""

    model_config = ConfigDict(strict=True, extra="ignore")


class MoneyMessage(Message):
    """Whole minor units; direction is in the name of the field."""

    minor: Annotated[int, Field(ge=-(2**53), le=2**53)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    @classmethod
    def of(cls, money: Money) -> MoneyMessage:
        """From the domain."""
        return cls.model_construct(minor=money.minor, currency=money.currency)

    def to_money(self) -> Money:
        """To the domain."""
        return Money(self.minor, self.currency)


class EnrolmentRequest(Message):
    """`secret` and both public keys in base64url."""

    secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
    till_name: Name
    sign_key: Key
    seal_key: Key
    app_version: Annotated[str, StringConstraints(max_length=40)]


class ShopMessage(Message):
    """Who the till belongs to."""

    id: Id
    name: str


class PlatformKeyMessage(Message):
    """A key that signs replies."""

    keyid: str
    key: Key


class EnrolmentReply(Message):
    """The till as registered."""

    shop: ShopMessage
    till_id: Id
    till_code: str
    epoch: int
    currency: str
    platform_keys: list[PlatformKeyMessage]
    server_time: Instant


class LedgerHeadMessage(Message):
    """Where a chain stands."""

    seq: Count
    head: Hash


class LineRequest(Message):
    """One line of a sale."""

    line_id: LineId
    product_id: Id
    quantity: Annotated[int, Field(ge=1, le=1000)]
    version: Annotated[int, Field(ge=1)]
    max_unit_cost: MoneyMessage
    fields: Annotated[dict[str, Annotated[str, StringConstraints(max_length=200)]], Field(max_length=20)]


class AnswersMessage(Message):
    """What was asked at the counter; a name or a document's number has no field."""

    age: Annotated[int, Field(ge=0, le=150)] | None = None
    purpose: Literal["self", "gift", "asked"] | None = None
    id_checked: bool = False


class ReserveRequest(Message):
    """`customer_token` is kept as a keyed hash; `cashier` and `approved_by` are the till's own ids."""

    epoch: Epoch
    business_date: Day
    lines: Annotated[list[LineRequest], Field(min_length=1, max_length=100)]
    customer_token: Annotated[str, StringConstraints(max_length=200)] | None = None
    answers: AnswersMessage | None = None
    cashier: Actor | None = None
    approved_by: Actor | None = None
    ledger: LedgerHeadMessage
    channel: Literal["counter", "unattended", "online"] = "counter"


class ReservedLineMessage(Message):
    """`masked` shows at most the last four characters of each card."""

    line_id: str
    unit_cost: MoneyMessage
    masked: list[str]


class ReserveReply(Message):
    """The sale as it is; RESERVED unless this is a replay."""

    sale_id: Id
    state: str
    lines: list[ReservedLineMessage]
    expires_at: Instant
    server_time: Instant
    cooling_until: Instant | None = None


class CardStateMessage(Message):
    """A card without its secret."""

    card_id: Id
    state: str


class SaleLineMessage(ReservedLineMessage):
    """A line with its cards."""

    cards: list[CardStateMessage]


class TopUpMessage(Message):
    """Where a top-up stands."""

    line_id: str
    state: str
    reference: str
    reason: str | None


class SaleReply(Message):
    """The whole state of a sale."""

    sale_id: Id
    state: Literal["RESERVED", "SOLD", "DELIVERED", "CANCELLED", "EXPIRED"]
    lines: list[SaleLineMessage]
    top_ups: list[TopUpMessage]
    expires_at: Instant
    server_time: Instant
    reveal_at: Instant | None = None
    frozen: bool = False


class PaymentMessage(Message):
    """One sum taken by one tender."""

    tender: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    amount: MoneyMessage
    reference: Annotated[str, StringConstraints(max_length=100)] | None


class RetailMessage(Message):
    """What the customer paid for a line."""

    line_id: LineId
    amount: MoneyMessage


class ConfirmRequest(Message):
    """How the customer paid."""

    epoch: Epoch
    payments: Annotated[list[PaymentMessage], Field(max_length=50)]
    retail: Annotated[list[RetailMessage], Field(max_length=100)]


class SealedCardMessage(Message):
    """A card for this till only; `kind` is the payload."""

    line_id: str
    card_id: Id
    product_id: Id
    kind: Literal["number_pin", "pin", "link", "image"]
    face: MoneyMessage
    sealed: str


class ConfirmReply(Message):
    """What was sold."""

    sale_id: Id
    state: str
    cards: list[SealedCardMessage]
    top_ups: list[TopUpMessage]
    server_time: Instant
    reveal_at: Instant | None = None
    frozen: bool = False


class CancelRequest(Message):
    """Why."""

    epoch: Epoch
    reason: Annotated[str, StringConstraints(max_length=200)]


class StateReply(Message):
    """The answer to a cancel and to an ack."""

    sale_id: Id
    state: str
    server_time: Instant


class PrintedMessage(Message):
    """What became of one slip."""

    card_id: Id
    printed: Literal["yes", "unknown"]
    copies: Annotated[int, Field(ge=0, le=1000)]


class AckRequest(Message):
    """All cards of the sale."""

    epoch: Epoch
    cards: Annotated[list[PrintedMessage], Field(max_length=1000)]
    receipt_hash: Annotated[str, StringConstraints(max_length=100)]


class WalletMessage(Message):
    """What the shop has."""

    balance: MoneyMessage
    held: MoneyMessage
    credit_limit: MoneyMessage


class Problem(Message):
    """A refusal: docs/protocol.md section 4."""

    code: str
    message: str
    retryable: bool
    effect: Literal["none", "unknown", "done"]
    server_time: Instant
    details: dict[str, Any]
