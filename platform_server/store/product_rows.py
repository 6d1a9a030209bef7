"""A product as a row and back."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from platform_server.domain.canonical import canonical_json
from platform_server.domain.catalogue import ShelfItem, ShelfRow, lay_flat
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

_NOT_COLUMNS = ("brand_zh", "brand_en", "category_zh", "category_en", "stock", "version")
_FIELDS, _BANS = ShelfRow._fields.index("fields"), ShelfRow._fields.index("bans")


def product_to_row(product: Product) -> dict[str, Any]:
    """Everything but stock and place; `digest` is over all that a till is told of it, version apart."""
    row: dict[str, Any] = lay_flat(ShelfItem(product, 0))._asdict()
    for name in _NOT_COLUMNS:
        del row[name]
    row["fields"] = _fields_to_text(product.fields)
    row["bans"] = canonical_json(list(product.bans)).decode()
    return {**row, "digest": hashlib.sha256(repr(row).encode()).hexdigest(), "version": product.version}


def shelf_row(values: Any) -> ShelfRow:
    """From the columns of a row in the order of ShelfRow."""
    told = list(values)
    told[_FIELDS] = _fields_from_text(told[_FIELDS])
    told[_BANS] = _bans_from_text(told[_BANS])
    return ShelfRow._make(told)


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
        leasable=bool(row.leasable),
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
