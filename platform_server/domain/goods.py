"""Brands, categories, products and the card codes that come in lots."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from platform_server.domain.bans import parse_ban
from platform_server.domain.goods_classes import GOODS_CLASSES
from platform_server.domain.money import Money
from platform_server.domain.validators import VALIDATORS, asks_for_secret


class ProductKind(StrEnum):
    """A code is handed over; a top-up goes straight to an account."""

    CODE = "code"
    TOP_UP = "top_up"


class Payload(StrEnum):
    """What one card of a product consists of."""

    NUMBER_PIN = "number_pin"
    PIN = "pin"
    LINK = "link"
    IMAGE = "image"


CARD_KINDS = ("unique", "kit", "loop", "repeatable")
MOST_PARTS = 20
MOST_USES = 1000
FIELD_KINDS = ("text", "choice")  # a secret kind does not exist: passwords are never asked for
RETURN_RULES = ("never", "unused_proven")
RISK_CLASSES = ("low", "normal", "high")
MOST_RETURN_DAYS = 3650


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
    """What a top-up must be told, e.g. a phone number; `validator` is one of domain.validators.VALIDATORS or None.

    Raises ValueError for a field that asks for a password, a one-time code, a card or an identity document.
    """

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
        if not self.key.strip() or (self.kind == "choice") != bool(self.options):
            raise ValueError("a field has a key, and options exactly when it is a choice")
        for text in (self.key, self.label.zh, self.label.en):
            if asks_for_secret(text):
                raise ValueError(f"{text!r} asks for a secret or an identity document; a form never does")


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
class Shape:
    """What of a product cannot change once it is known: a code of one shape is not sold as another."""

    kind: ProductKind
    payload: Payload | None
    card_kind: str | None
    parts: int = 1
    uses: int = 1

    def __post_init__(self) -> None:
        is_code = self.kind is ProductKind.CODE
        if is_code != (self.payload is not None):
            raise ValueError("a code has a payload, a top-up has none")
        if is_code != (self.card_kind is not None):
            raise ValueError("a code has a card kind, a top-up has none")
        if self.card_kind is not None and self.card_kind not in CARD_KINDS:
            raise ValueError(f"a card kind is one of {CARD_KINDS}")
        if not _is_right(self.parts, self.card_kind == "kit", MOST_PARTS):
            raise ValueError(f"a kit has 2 to {MOST_PARTS} parts, everything else has 1")
        if not _is_right(self.uses, self.card_kind == "repeatable", MOST_USES):
            raise ValueError(f"a repeatable card has 2 to {MOST_USES} uses, everything else has 1")


def _is_right(count: int, is_several: bool, most: int) -> bool:
    return 2 <= count <= most if is_several else count == 1


@dataclass(frozen=True, slots=True)
class Product:
    """What is on sale: all catalogue fields of docs/protocol.md section 5 but the stock.

    `id` is a UUIDv7 in lower case; `barcode` a valid EAN-13 or None; `qr` a template with {number} and {pin};
    `payload` and `card_kind` (one of CARD_KINDS) are None for a top-up. `parts` is how many codes of a kit are sold
    as one, `uses` how often a repeatable code is sold. `bans` are texts of domain.bans; `return_days` 0 sets no time
    to a return. `delivery_minutes` is the longest a top-up may take. `version` is kept by the platform: what is given
    here counts only for a product that is new. Raises ValueError for a product that could not be sold.
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
    supplier_id: str
    goods_class: str
    fields: tuple[FieldSpec, ...] = ()
    limits: Limits = Limits()
    bans: tuple[str, ...] = ()
    return_rule: str = "never"
    return_days: int = 0
    qr: str | None = None
    risk_class: str = "normal"
    leasable: bool = True
    validity_days: int | None = None
    card_kind: str | None = "unique"
    parts: int = 1
    uses: int = 1
    delivery_minutes: int = 0
    version: int = 1

    def __post_init__(self) -> None:
        _ = self.shape
        prices = (self.face, self.wholesale, self.suggested_retail)
        if min(price.minor for price in prices) <= 0 or len({price.currency for price in prices}) != 1:
            raise ValueError("prices are positive and of one currency")
        if self.return_rule not in RETURN_RULES or self.risk_class not in RISK_CLASSES:
            raise ValueError("unknown return rule or risk class")
        if not 0 <= self.return_days <= MOST_RETURN_DAYS or (
            self.return_days and self.return_rule == "never"
        ):
            raise ValueError(f"return_days is 0 to {MOST_RETURN_DAYS}, and 0 where nothing is taken back")
        if self.validity_days is not None and self.validity_days < 1:
            raise ValueError("validity_days is 1 or more")
        if self.goods_class not in GOODS_CLASSES:
            raise ValueError(f"a goods class is one of {tuple(GOODS_CLASSES)}")
        if len({field.key for field in self.fields}) != len(self.fields):
            raise ValueError("a field key is there twice")
        for ban in self.bans:
            parse_ban(ban)
        if self.delivery_minutes < 0 or (self.delivery_minutes and self.kind is ProductKind.CODE):
            raise ValueError("delivery_minutes is 0 or more, and 0 for a code")

    @property
    def shape(self) -> Shape:
        """What of it cannot change."""
        return Shape(self.kind, self.payload, self.card_kind, self.parts, self.uses)


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
class Provenance:
    """Where a batch came from: supplier, the reference of its invoice or delivery note, when it was received (UTC)."""

    supplier_id: str
    reference: str
    received_at: datetime

    def __post_init__(self) -> None:
        if not self.supplier_id or not self.reference.strip():
            raise ValueError("a batch names its supplier and the reference of its invoice or delivery")
        if self.received_at.tzinfo is None:
            raise ValueError("received_at carries its time zone")


@dataclass(frozen=True, slots=True)
class CodeLotDraft:
    """Cards of one product as a supplier delivers them, before they are sealed into the vault.

    `kits` is for a product that is a kit: each is the codes that are sold as one, in the order of their slips.
    """

    product_id: str
    supplier_batch: str
    cards: tuple[CardSecret, ...]
    provenance: Provenance
    kits: tuple[tuple[CardSecret, ...], ...] = ()

    @property
    def units(self) -> tuple[tuple[CardSecret, ...], ...]:
        """What is sold as one, each as its codes."""
        return (*((card,) for card in self.cards), *self.kits)
