"""Products as the catalogue tells them: plain values made fast, and the model that documents them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from platform_server.domain.catalogue import ShelfRow, visible_stock
from platform_server.domain.goods import FieldSpec, Names
from platform_server.domain.money import Money
from platform_server.routes.messages import Id, Instant, Message, MoneyMessage

Validator = Literal[
    "phone_cn",
    "phone_cn_mobile",
    "phone_cn_unicom",
    "phone_cn_telecom",
    "phone_cn_broadnet",
    "phone_cn_ported",
    "phone_cn_virtual",
    "landline_cn",
    "phone_hk",
    "phone_mo",
    "phone_tw",
    "phone_intl",
    "qq",
    "qq_not_phone",
    "wechat",
    "wechat_any",
    "email",
    "email_or_phone",
    "alipay",
    "account",
    "digits",
    "letters_digits",
    "game_uid",
    "game_id",
    "role_name",
    "steam_id",
    "battle_tag",
    "fuel_card_sinopec",
    "fuel_card_cnpc",
    "utility_number",
]


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
    validator: Validator | None
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
    card_kind: Literal["unique", "kit", "loop", "repeatable"] | None
    payload: Literal["number_pin", "pin", "link", "image"] | None
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
    parts: int
    return_days: int
    version: int


class CatalogueReply(Message):
    """One page."""

    products: list[ProductMessage]
    removed: list[Id]
    cursor: str
    complete: bool
    total: int
    server_time: Instant


def product_values(row: ShelfRow) -> dict[str, Any]:
    """One ProductMessage as plain values: 2,000 of them in a page leave no time for models."""
    currency = row.currency
    return {
        "id": row.id,
        "barcode": row.barcode,
        "names": {"zh": row.name_zh, "en": row.name_en},
        "brand": _named(row.brand_id, row.brand_zh, row.brand_en),
        "category": _named(row.category_id, row.category_zh, row.category_en),
        "kind": row.kind,
        "card_kind": row.card_kind,
        "payload": row.payload,
        "face": {"minor": row.face_minor, "currency": currency},
        "wholesale": {"minor": row.wholesale_minor, "currency": currency},
        "suggested_retail": {"minor": row.retail_minor, "currency": currency},
        "stock": visible_stock(row.stock),
        "fields": _fields(row.fields),
        "limits": {"min": row.limit_min, "max": row.limit_max, "step": row.limit_step},
        "bans": row.bans,
        "return_rule": row.return_rule,
        "qr": row.qr,
        "instructions": {"zh": row.instructions_zh, "en": row.instructions_en},
        "risk_class": row.risk_class,
        "leasable": row.leasable,
        "validity_days": row.validity_days,
        "parts": row.parts,
        "return_days": row.return_days,
        "version": row.version,
    }


def money_values(money: Money) -> dict[str, Any]:
    """One MoneyMessage as plain values."""
    return {"minor": money.minor, "currency": money.currency}


def _names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


@lru_cache(maxsize=4096)  # shared by all products of a brand; whoever encodes only reads them
def _named(named_id: str, zh: str, en: str) -> dict[str, Any]:
    return {"id": named_id, "names": {"zh": zh, "en": en}}


@lru_cache(maxsize=1024)
def _fields(fields: tuple[FieldSpec, ...]) -> list[dict[str, Any]]:
    return [_field(field) for field in fields]


def _field(field: FieldSpec) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": _names(field.label),
        "kind": field.kind,
        "options": [{"value": option.value, "label": _names(option.label)} for option in field.options],
        "validator": field.validator,
        "required": field.required,
    }
