"""Brands, categories, products and the card codes that come in lots."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from platform_server.domain.money import Money


class ProductKind(StrEnum):
    """A code is handed over; a top-up goes straight to an account."""

    CODE = "code"
    TOP_UP = "top_up"


class Payload(StrEnum):
    """What one card of a product consists of."""

    NUMBER_PIN = "number_pin"
    PIN = "pin"
    LINK = "link"


VALIDATORS = ("phone_cn", "qq", "account", "email", "digits")
FIELD_KINDS = ("text", "choice")  # a secret kind does not exist: passwords are never asked for
RETURN_RULES = ("never", "unused_proven")
RISK_CLASSES = ("low", "normal", "high")


@dataclass(frozen=True, slots=True)
class Names:
    """The same words in Simplified Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Brand:
    """Who issues the card; `id` is a short ASCII slug or a UUID."""

    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop: games, phone, video ..."""

    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One choice of a field of kind "choice"."""

    value: str
    label: Names


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What a top-up must be told, e.g. a phone number; `validator` is one of VALIDATORS or None."""

    key: str
    label: Names
    kind: str = "text"
    options: tuple[FieldOption, ...] = ()
    validator: str | None = None
    required: bool = True

    def __post_init__(self) -> None:
        if self.kind not in FIELD_KINDS:
            raise ValueError(f"a field is one of {FIELD_KINDS}")
        if self.validator is not None and self.validator not in VALIDATORS:
            raise ValueError(f"a validator is one of {VALIDATORS}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many may be bought at once: from `min` to `max` in steps of `step` counted from `min`."""

    min: int = 1
    max: int = 10
    step: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.min <= self.max or self.step < 1:
            raise ValueError("limits are 1 <= min <= max and step >= 1")


@dataclass(frozen=True, slots=True)
class Product:
    """What is on sale: all catalogue fields of docs/protocol.md section 5 but the stock.

    `id` is a UUIDv7 in lower case; `barcode` a valid EAN-13 or None; `qr` a template with {number} and {pin};
    `payload` and `card_kind` ("unique") are None for a top-up. `version` is kept by the platform: what is
    given here counts only for a product that is new. Raises ValueError for a product that could not be sold.
    """

    id: str
    barcode: str | None
    names: Names
    brand: Brand
    category: Category
    kind: ProductKind
    payload: Payload | None
    face: Money
    wholesale: Money
    suggested_retail: Money
    instructions: Names
    fields: tuple[FieldSpec, ...] = ()
    limits: Limits = Limits()
    bans: tuple[str, ...] = ()
    return_rule: str = "never"
    qr: str | None = None
    risk_class: str = "normal"
    leasable: bool = True
    validity_days: int | None = None
    card_kind: str | None = "unique"
    version: int = 1

    def __post_init__(self) -> None:
        if (self.kind is ProductKind.CODE) != (self.payload is not None):
            raise ValueError("a code has a payload, a top-up has none")
        if (self.kind is ProductKind.CODE) != (self.card_kind is not None):
            raise ValueError("a code has a card kind, a top-up has none")
        if min(self.face.minor, self.wholesale.minor, self.suggested_retail.minor) <= 0:
            raise ValueError("prices are positive")
        if self.return_rule not in RETURN_RULES or self.risk_class not in RISK_CLASSES:
            raise ValueError("unknown return rule or risk class")


@dataclass(frozen=True, slots=True, repr=False)
class CardSecret:
    """The secret of one card in the clear; lives in memory only and never shows itself.

    `expires_at` is aware UTC or None; a card past it is never sold.
    """

    number: str | None = field(default=None)
    pin: str | None = field(default=None)
    link: str | None = field(default=None)
    image: str | None = field(default=None)
    expires_at: datetime | None = field(default=None)

    def __repr__(self) -> str:
        return "CardSecret(***)"

    def __post_init__(self) -> None:
        if not (self.number or self.pin or self.link or self.image):
            raise ValueError("a card without a number, PIN, link or image")
        if self.expires_at is not None and self.expires_at.tzinfo is None:
            raise ValueError("expires_at carries its time zone")


@dataclass(frozen=True, slots=True)
class CodeLotDraft:
    """Cards of one product as a supplier delivers them, before they are sealed into the vault."""

    product_id: str
    supplier_batch: str
    cards: tuple[CardSecret, ...]
