"""Products as the catalogue tells them: plain values made fast, and the model that documents them."""

from __future__ import annotations

from typing import Any, Literal

from platform_server.domain.catalogue import ShelfItem, visible_stock
from platform_server.domain.goods import FieldSpec, Names
from platform_server.domain.money import Money
from platform_server.routes.messages import Id, Instant, Message, MoneyMessage


class NamesMessage(Message):
    """The same words in two languages."""

    zh: str
    en: str


class NamedMessage(Message):
    """A brand or a category."""

    id: str
    names: NamesMessage


class OptionMessage(Message):
    """One choice."""

    value: str
    label: NamesMessage


class FieldMessage(Message):
    """What a top-up must be told."""

    key: str
    label: NamesMessage
    kind: Literal["text", "choice"]
    options: list[OptionMessage]
    validator: Literal["phone_cn", "qq", "account", "email", "digits"] | None
    required: bool


class LimitsMessage(Message):
    """From min to max in steps."""

    min: int
    max: int
    step: int


class ProductMessage(Message):
    """What is on sale."""

    id: Id
    barcode: str | None
    names: NamesMessage
    brand: NamedMessage
    category: NamedMessage
    kind: Literal["code", "top_up"]
    card_kind: Literal["unique"] | None
    payload: Literal["number_pin", "pin", "link"] | None
    face: MoneyMessage
    wholesale: MoneyMessage
    suggested_retail: MoneyMessage
    stock: int | Literal["many"]
    fields: list[FieldMessage]
    limits: LimitsMessage
    bans: list[str]
    return_rule: Literal["never", "unused_proven"]
    qr: str | None
    instructions: NamesMessage
    risk_class: Literal["low", "normal", "high"]
    leasable: bool
    validity_days: int | None
    version: int


class CatalogueReply(Message):
    """One page."""

    products: list[ProductMessage]
    removed: list[Id]
    cursor: str
    complete: bool
    total: int
    server_time: Instant


def product_values(item: ShelfItem) -> dict[str, Any]:
    """One ProductMessage as plain values: 2,000 of them in a page leave no time for models."""
    product = item.product
    limits = product.limits
    return {
        "id": product.id,
        "barcode": product.barcode,
        "names": _names(product.names),
        "brand": {"id": product.brand.id, "names": _names(product.brand.names)},
        "category": {"id": product.category.id, "names": _names(product.category.names)},
        "kind": product.kind.value,
        "card_kind": product.card_kind,
        "payload": None if product.payload is None else product.payload.value,
        "face": money_values(product.face),
        "wholesale": money_values(product.wholesale),
        "suggested_retail": money_values(product.suggested_retail),
        "stock": visible_stock(item.stock),
        "fields": [_field(field) for field in product.fields],
        "limits": {"min": limits.min, "max": limits.max, "step": limits.step},
        "bans": list(product.bans),
        "return_rule": product.return_rule,
        "qr": product.qr,
        "instructions": _names(product.instructions),
        "risk_class": product.risk_class,
        "leasable": product.leasable,
        "validity_days": product.validity_days,
        "version": product.version,
    }


def money_values(money: Money) -> dict[str, Any]:
    """One MoneyMessage as plain values."""
    return {"minor": money.minor, "currency": money.currency}


def _names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


def _field(field: FieldSpec) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": _names(field.label),
        "kind": field.kind,
        "options": [{"value": option.value, "label": _names(option.label)} for option in field.options],
        "validator": field.validator,
        "required": field.required,
    }
