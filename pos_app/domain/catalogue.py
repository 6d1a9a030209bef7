"""Products as the platform describes them; stock is the platform's word, never ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Names:
    """One name in both languages of the house."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


class ProductKind(StrEnum):
    CODE = "code"
    TOP_UP = "top_up"


class Payload(StrEnum):
    """What a card code consists of."""

    NUMBER_PIN = "number_pin"
    PIN = "pin"
    LINK = "link"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Brand:
    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Category:
    id: str
    names: Names


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Names


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One thing that a top-up must know; `validator` is one of the names of `docs/protocol.md` 5 or None."""

    key: str
    label: Names
    kind: str
    options: tuple[Choice, ...]
    validator: str | None
    required: bool

    @property
    def is_phone(self) -> bool:
        """Whether it asks for a mobile number of China, of any carrier or of one."""
        return (self.validator or "").startswith("phone_cn")


@dataclass(frozen=True, slots=True)
class Limits:
    least: int
    most: int
    step: int


@dataclass(frozen=True, slots=True)
class Product:
    """What a shop can sell; `stock` is 0..100, or None for many; `parts` is how many codes one hands over (a kit: several)."""

    id: str
    barcode: str | None
    names: Names
    brand: Brand
    category: Category
    kind: ProductKind
    payload: Payload | None
    face: Money
    wholesale: Money
    price: Money
    stock: int | None
    fields: tuple[FieldSpec, ...]
    limits: Limits
    return_rule: str
    qr: str | None
    instructions: Names
    risk_class: str
    leasable: bool
    validity_days: int | None
    version: int
    parts: int = 1

    @property
    def is_sold_out(self) -> bool:
        return self.stock == 0

    @property
    def is_low(self) -> bool:
        return self.stock is not None and 0 < self.stock <= 5

    def allows(self, quantity: int) -> bool:
        limits = self.limits
        return limits.least <= quantity <= limits.most and (quantity - limits.least) % limits.step == 0


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One page of the platform's catalogue, full or since a cursor."""

    products: tuple[Product, ...]
    removed: tuple[str, ...]
    cursor: str
    is_last: bool
    total: int


@dataclass(frozen=True, slots=True)
class CatalogueState:
    """How complete and how old the till's copy is; `synced_at` is None before the first full sync."""

    held: int
    total: int
    cursor: str | None
    synced_at: datetime | None
