"""A product as a row and back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from platform_server.domain.canonical import canonical_json, fingerprint
from platform_server.domain.goods import (
    Brand,
    Category,
    FieldOption,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from platform_server.domain.money import Money


def product_to_row(product: Product) -> dict[str, Any]:
    """Everything but stock and place; `digest` is over all that a till is told of it, version apart."""
    row: dict[str, Any] = {
        "id": product.id,
        "barcode": product.barcode,
        "name_zh": product.names.zh,
        "name_en": product.names.en,
        "brand_id": product.brand.id,
        "category_id": product.category.id,
        "kind": product.kind.value,
        "card_kind": product.card_kind,
        "payload": None if product.payload is None else product.payload.value,
        "face_minor": product.face.minor,
        "wholesale_minor": product.wholesale.minor,
        "retail_minor": product.suggested_retail.minor,
        "currency": product.face.currency,
        "fields": _fields_to_text(product.fields),
        "limit_min": product.limits.min,
        "limit_max": product.limits.max,
        "limit_step": product.limits.step,
        "bans": canonical_json(list(product.bans)).decode(),
        "return_rule": product.return_rule,
        "qr": product.qr,
        "instructions_zh": product.instructions.zh,
        "instructions_en": product.instructions.en,
        "risk_class": product.risk_class,
        "leasable": product.leasable,
        "validity_days": product.validity_days,
    }
    return {**row, "digest": fingerprint(row), "version": product.version}


def product_from_row(row: Any, brand: Names, category: Names) -> Product:
    """The product of a row of `products`."""
    return Product(
        id=row.id,
        barcode=row.barcode,
        names=Names(row.name_zh, row.name_en),
        brand=Brand(row.brand_id, brand),
        category=Category(row.category_id, category),
        kind=ProductKind(row.kind),
        payload=None if row.payload is None else Payload(row.payload),
        face=Money(row.face_minor, row.currency),
        wholesale=Money(row.wholesale_minor, row.currency),
        suggested_retail=Money(row.retail_minor, row.currency),
        instructions=Names(row.instructions_zh, row.instructions_en),
        fields=_fields_from_text(row.fields),
        limits=Limits(row.limit_min, row.limit_max, row.limit_step),
        bans=_bans_from_text(row.bans),
        return_rule=row.return_rule,
        qr=row.qr,
        risk_class=row.risk_class,
        leasable=row.leasable,
        validity_days=row.validity_days,
        card_kind=row.card_kind,
        version=row.version,
    )


def _fields_to_text(fields: tuple[FieldSpec, ...]) -> str:
    plain = [
        {
            "key": field.key,
            "zh": field.label.zh,
            "en": field.label.en,
            "kind": field.kind,
            "options": [[option.value, option.label.zh, option.label.en] for option in field.options],
            "validator": field.validator,
            "required": field.required,
        }
        for field in fields
    ]
    return canonical_json(plain).decode()


@lru_cache(maxsize=1024)  # a market has a handful of forms for its many products
def _fields_from_text(text: str) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(
            key=field["key"],
            label=Names(field["zh"], field["en"]),
            kind=field["kind"],
            options=tuple(FieldOption(value, Names(zh, en)) for value, zh, en in field["options"]),
            validator=field["validator"],
            required=field["required"],
        )
        for field in json.loads(text)
    )


@lru_cache(maxsize=1024)
def _bans_from_text(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
