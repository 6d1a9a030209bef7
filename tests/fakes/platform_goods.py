"""Goods for the platform's tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from platform_server.domain.bans import UNATTENDED
from platform_server.domain.goods import (
    Brand,
    CardSecret,
    Category,
    CodeLotDraft,
    FieldOption,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
    Provenance,
)
from platform_server.domain.goods_classes import HIGH_VALUE
from platform_server.domain.money import Money
from platform_server.domain.suppliers import Authorisation, SupplierFile

CARD = "019393a1-0000-7000-8000-0000000000c1"
OTHER = "019393a1-0000-7000-8000-0000000000c3"
TOP_UP = "019393a1-0000-7000-8000-0000000000c2"


SUPPLIER = SupplierFile(
    "factory",
    Names("\u5382", "Factory"),
    Authorisation("DOC-1", "Star", date(2020, 1, 1), date(2099, 12, 31)),
)
PROVENANCE = Provenance("factory", "INVOICE-1", datetime(2026, 11, 1, tzinfo=UTC))


def product(product_id: str = CARD, **other: Any) -> Product:
    words = Names("\u661f", "Star")
    defaults: dict[str, Any] = {
        "id": product_id,
        "barcode": "6901234567892",
        "names": words,
        "brand": Brand("star", words),
        "category": Category("games", words),
        "kind": ProductKind.CODE,
        "payload": Payload.NUMBER_PIN,
        "face": Money(10_000, "CNY"),
        "wholesale": Money(9_500, "CNY"),
        "suggested_retail": Money(9_900, "CNY"),
        "instructions": words,
        "limits": Limits(1, 10, 1),
        "supplier_id": SUPPLIER.id,
        "goods_class": "gift_card",
    }
    if other.get("face", defaults["face"]).minor >= HIGH_VALUE["CNY"]:
        defaults["bans"] = (UNATTENDED,)
    return Product(**{**defaults, **other})


def top_up(**other: Any) -> Product:
    label = Names("\u53f7", "Number")
    fields = (
        FieldSpec("region", label, "choice", (FieldOption("north", label),), None, False),
        FieldSpec("phone", label, validator="phone_cn"),
    )
    defaults: dict[str, Any] = {"kind": ProductKind.TOP_UP, "payload": None, "card_kind": None}
    defaults["goods_class"] = "phone_credit"
    defaults |= {"fields": fields, "face": Money(5_000, "CNY"), "wholesale": Money(4_950, "CNY")}
    return product(TOP_UP, **{**defaults, "brand": Brand("mobile", Names("\u79fb", "Mobile")), **other})


def lot(count: int, product_id: str = CARD, start: int = 0, until: datetime | None = None) -> CodeLotDraft:
    cards = tuple(
        CardSecret(number=f"N{start + i:011d}", pin=f"CANARY{start + i:08d}", expires_at=until)
        for i in range(count)
    )
    return CodeLotDraft(product_id, f"B{start}", cards, PROVENANCE)
