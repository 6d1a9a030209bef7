"""Acts on goods: a product is made, changed, taken off sale and put on again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from platform_server.console.acts.form import Act, Doing, Field, FormFault, Told
from platform_server.console.desk import Desk
from platform_server.console.wording import figure, read_money
from platform_server.domain.bans import UNATTENDED
from platform_server.domain.goods import (
    RETURN_RULES,
    RISK_CLASSES,
    Brand,
    Category,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from platform_server.domain.goods_classes import GOODS_CLASSES
from platform_server.domain.goods_policy import needs_attendance
from platform_server.domain.money import Money
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun, Row

_PRICES = ("face", "wholesale", "retail")
_NAMES_AND_PRICES = (
    Field("name_zh"),
    Field("name_en"),
    Field("brand", "label"),
    Field("category", "label"),
    Field("supplier", "pick"),
    Field("goods_class", "choice", tuple(GOODS_CLASSES)),
    Field("face", "money"),
    Field("wholesale", "money"),
    Field("retail", "money"),
)
_RULES = (
    Field("limit_max", "whole"),
    Field("return_rule", "choice", RETURN_RULES),
    Field("risk_class", "choice", RISK_CLASSES),
    Field("instructions_zh", "area", is_required=False),
    Field("instructions_en", "area", is_required=False),
)
# What a top-up must be told; a further form comes with the goods file, not from a page.
_FORMS: Mapping[str, FieldSpec] = {
    "phone": FieldSpec("phone", Names("\u624b\u673a\u53f7\u7801", "Phone number"), validator="phone_cn"),
    "qq": FieldSpec("qq", Names("QQ \u53f7\u7801", "QQ number"), validator="qq"),
    "account": FieldSpec("account", Names("\u8d26\u53f7", "Account"), validator="account"),
}
_SOLD_AS = ("number_pin", "pin", "link", *(f"top_up_{key}" for key in _FORMS))


def _prices(values: Mapping[str, str], currency: str) -> dict[str, Money]:
    prices, faults = {}, {}
    for key in _PRICES:
        try:
            prices[key] = read_money(values[key], currency)
        except ValueError:
            faults[key] = "fault.money"
            continue
        if prices[key].minor <= 0:
            faults[key] = "fault.money"
    if faults:
        raise FormFault(**faults)
    return prices


def _limits(values: Mapping[str, str]) -> Limits:
    try:
        return Limits(max=int(values["limit_max"]))
    except ValueError:
        raise FormFault(limit_max="fault.whole") from None


async def _labels(doing: Doing) -> tuple[Brand, Category]:
    """Those of these names, or new ones."""
    brands, categories = await doing.desk.flows.labels()
    named = doing.values["brand"], doing.values["category"]
    brand = next((each for each in brands if named[0] in (each.names.zh, each.names.en)), None)
    category = next((each for each in categories if named[1] in (each.names.zh, each.names.en)), None)
    new_id = doing.desk.ids.new_id
    return (
        brand or Brand(new_id(), Names(named[0], named[0])),
        category or Category(new_id(), Names(named[1], named[1])),
    )


def _attended(product: Product) -> Product:
    """Games and goods of high value are sold where a person stands: the policy asks for that ban."""
    if not needs_attendance(product) or UNATTENDED in product.bans:
        return product
    return replace(product, bans=(*product.bans, UNATTENDED))


async def _add_product(doing: Doing) -> Told:
    values = doing.values
    prices = _prices(values, values["currency"])
    brand, category = await _labels(doing)
    form = _FORMS.get(values["sold_as"].removeprefix("top_up_"))
    product = Product(
        id=doing.desk.ids.new_id(),
        barcode=values["barcode"] or None,
        names=Names(values["name_zh"], values["name_en"]),
        brand=brand,
        category=category,
        kind=ProductKind.CODE if form is None else ProductKind.TOP_UP,
        payload=Payload(values["sold_as"]) if form is None else None,
        card_kind="unique" if form is None else None,
        face=prices["face"],
        wholesale=prices["wholesale"],
        suggested_retail=prices["retail"],
        instructions=Names(values["instructions_zh"], values["instructions_en"]),
        fields=() if form is None else (form,),
        limits=_limits(values),
        return_rule=values["return_rule"],
        risk_class=values["risk_class"],
        supplier_id=values["supplier"],
        goods_class=values["goods_class"],
    )
    await doing.desk.flows.put_products([_attended(product)])
    return Told("add_product", {"name": values[f"name_{doing.language}"]})


async def _edit_product(doing: Doing) -> Told:
    values = doing.values
    item = await doing.desk.flows.product(doing.subject)
    prices = _prices(values, item.product.face.currency)
    if prices["face"] != item.product.face and item.product.kind is ProductKind.CODE and item.stock:
        raise FormFault(face="fault.face_has_cards")
    brand, category = await _labels(doing)
    changed = replace(
        item.product,
        names=Names(values["name_zh"], values["name_en"]),
        brand=brand,
        category=category,
        face=prices["face"],
        wholesale=prices["wholesale"],
        suggested_retail=prices["retail"],
        instructions=Names(values["instructions_zh"], values["instructions_en"]),
        limits=replace(_limits(values), min=item.product.limits.min, step=item.product.limits.step),
        return_rule=values["return_rule"],
        risk_class=values["risk_class"],
        supplier_id=values["supplier"],
        goods_class=values["goods_class"],
    )
    await doing.desk.flows.put_products([_attended(changed)])
    if not item.is_on_sale:  # putting a product also puts it on sale; that is another act
        await doing.desk.flows.take_off([doing.subject])
    return Told("edit_product", {"name": values[f"name_{doing.language}"]})


async def _fill_product(desk: Desk, row: Row | None) -> Mapping[str, str]:
    if row is None:
        return {"currency": "CNY", "limit_max": "10", "return_rule": "never", "risk_class": "normal"}
    product = (await desk.flows.product(row.id)).product
    return {
        "name_zh": product.names.zh,
        "name_en": product.names.en,
        "brand": product.brand.names.zh,
        "category": product.category.names.zh,
        "supplier": product.supplier_id,
        "goods_class": product.goods_class,
        "face": figure(product.face),
        "wholesale": figure(product.wholesale),
        "retail": figure(product.suggested_retail),
        "limit_max": str(product.limits.max),
        "return_rule": product.return_rule,
        "risk_class": product.risk_class,
        "instructions_zh": product.instructions.zh,
        "instructions_en": product.instructions.en,
    }


async def _suggest_labels(desk: Desk) -> Mapping[str, tuple[tuple[str, str], ...]]:
    brands, categories = await desk.flows.labels()
    suppliers = await desk.flows.list_suppliers()
    return {
        "brand": tuple((each.names.zh, each.names.zh) for each in brands),
        "category": tuple((each.names.zh, each.names.zh) for each in categories),
        "supplier": tuple((each.id, each.names.zh) for each in suppliers if each.is_active),
    }


async def _take_off(doing: Doing) -> Told:
    await doing.desk.flows.take_off([doing.subject])
    return Told("take_off", {})


async def _put_on(doing: Doing) -> Told:
    item = await doing.desk.flows.product(doing.subject)
    await doing.desk.flows.put_products([item.product])
    return Told("put_on", {})


GOODS_ACTS = (
    Act(
        "add_product",
        Right.EDIT_GOODS,
        Noun.PRODUCTS,
        _add_product,
        (
            Field("sold_as", "choice", _SOLD_AS),
            *_NAMES_AND_PRICES,
            Field("currency", "choice", ("CNY", "USD", "EUR", "HKD", "JPY")),
            Field("barcode", is_required=False),
            *_RULES,
        ),
        has_subject=False,
        is_noted=True,
        needs_reason=False,
        fill=_fill_product,
        suggest=_suggest_labels,
    ),
    Act(
        "edit_product",
        Right.EDIT_GOODS,
        Noun.PRODUCTS,
        _edit_product,
        (*_NAMES_AND_PRICES, *_RULES),
        is_noted=True,
        needs_reason=False,
        fill=_fill_product,
        suggest=_suggest_labels,
    ),
    Act(
        "take_off",
        Right.EDIT_GOODS,
        Noun.PRODUCTS,
        _take_off,
        is_noted=True,
        fits=lambda row: row.cells["state"] != "OFF",
    ),
    Act(
        "put_on",
        Right.EDIT_GOODS,
        Noun.PRODUCTS,
        _put_on,
        is_noted=True,
        fits=lambda row: row.cells["state"] == "OFF",
    ),
)
