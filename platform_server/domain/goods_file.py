"""Suppliers and products as one JSON document, for operators who work without a console; docs/goods.md has its form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platform_server.domain.goods import (
    CARD_KINDS,
    FIELD_KINDS,
    RETURN_RULES,
    RISK_CLASSES,
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
from platform_server.domain.goods_classes import GOODS_CLASSES, REFUSED_CLASSES
from platform_server.domain.money import Money
from platform_server.domain.plain_reader import Fault, Place
from platform_server.domain.suppliers import Authorisation, SupplierFile

FORM = 1
NEW = ""  # the id of a product that is given none: its barcode names it, or it is new
_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_KINDS = tuple(kind.value for kind in ProductKind)
_PRODUCT = (
    "id", "barcode", "names", "brand", "category", "supplier", "goods_class", "kind", "card_kind", "payload", "parts", "uses",
    "face", "wholesale", "suggested_retail", "instructions", "fields", "limits", "bans", "return_rule", "return_days", "qr",
    "risk_class", "leasable", "validity_days", "delivery_minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GoodsFile:
    """What a document says; `faults` are all of its faults, and with any the rest is not to be used."""

    suppliers: tuple[SupplierFile, ...]
    products: tuple[Product, ...]
    faults: tuple[Fault, ...]


def read_goods(document: Any) -> GoodsFile:
    """Plain JSON as suppliers and products; a product's place in `products` is its place in the document."""
    top = Place(document, "")
    if (
        top.expect(("goods", "suppliers", "brands", "categories", "products"))
        and top.at("goods").value != FORM
    ):
        top.at("goods").say(f"is not {FORM}, the form that this program reads")
    suppliers = [_supplier(place) for place in top.at("suppliers").items()]
    brands = {place.at("id").text(): place.at("names").names() for place in _named(top.at("brands"))}
    categories = {place.at("id").text(): place.at("names").names() for place in _named(top.at("categories"))}
    shelf = _Shelf(brands, categories)
    places = top.at("products").items()
    products = [shelf.product(place) for place in places]
    _note_twins(top.at("suppliers").items(), "id")
    _note_twins(places, "id")
    _note_twins(places, "barcode", [place for place in places if place.at("id").value is None])
    found = tuple(each for each in suppliers if each), tuple(each for each in products if each)
    return GoodsFile(*found, tuple(top.faults))


def _named(place: Place) -> Iterable[Place]:
    return [each for each in place.items() if each.expect(("id", "names"))]


def _note_twins(places: Sequence[Place], name: str, which: Sequence[Place] | None = None) -> None:
    """Notes, at `which` of the places (default: all), what stands at several."""
    said = Counter(place.at(name).value for place in places if isinstance(place.at(name).value, str))
    for place in places if which is None else which:
        value = place.at(name).value
        if isinstance(value, str) and said[value] > 1:
            place.at(name).say(f"{value} is there {said[value]} times")


def _supplier(place: Place) -> SupplierFile | None:
    before = len(place.faults)
    place.expect(("id", "names", "authorisation", "is_active"))
    paper_place, paper = place.at("authorisation"), None
    try:
        if paper_place.value is not None:
            paper_place.expect(("document", "granted_by", "valid_from", "valid_until"))
            document, granted_by = paper_place.at("document").text(), paper_place.at("granted_by").text()
            first, last = paper_place.at("valid_from").day(), paper_place.at("valid_until").day()
            if len(place.faults) == before:
                paper = Authorisation(document, granted_by, first, last)
        supplier_id, names = place.at("id").text(), place.at("names").names()
        is_active = place.at("is_active").flag(default=True)
        return None if len(place.faults) > before else SupplierFile(supplier_id, names, paper, is_active)
    except ValueError as fault:
        place.say(str(fault))
        return None


@dataclass(frozen=True, slots=True)
class _Shelf:
    brands: Mapping[str, Names]
    categories: Mapping[str, Names]

    def product(self, place: Place) -> Product | None:
        before = len(place.faults)
        if not place.expect(_PRODUCT):
            return None
        _check_id(place)
        refused = REFUSED_CLASSES.get(str(place.at("goods_class").value))
        if refused is not None:
            place.at("goods_class").say(f"is never sold: {refused}")
            return None
        brand, category = (
            self._of(place.at("brand"), self.brands),
            self._of(place.at("category"), self.categories),
        )
        kind = ProductKind(place.at("kind").one_of(_KINDS))
        if place.at("kind").value not in _KINDS:
            return None  # what else it needs depends on it
        is_code = kind is ProductKind.CODE
        fields = [_field(each) for each in place.at("fields").items()]
        told: dict[str, Any] = {
            "id": place.at("id").value or NEW,
            "barcode": place.at("barcode").maybe_text(),
            "names": place.at("names").names(),
            "brand": Brand(*brand),
            "category": Category(*category),
            "supplier_id": place.at("supplier").text(),
            "goods_class": place.at("goods_class").one_of(GOODS_CLASSES),
            "kind": kind,
            "card_kind": place.at("card_kind").one_of(CARD_KINDS, "unique")
            if is_code
            else place.at("card_kind").value,
            "payload": Payload(place.at("payload").one_of([each.value for each in Payload]))
            if is_code
            else place.at("payload").value,
            "instructions": place.at("instructions").words(),
            "fields": tuple(each for each in fields if each is not None),
            "limits": _limits(place.at("limits")),
            "bans": tuple(each.text() for each in place.at("bans").items()),
            "delivery_minutes": place.at("delivery_minutes").whole(0 if is_code else None),
            **_terms(place),
        }
        for name in ("face", "wholesale", "suggested_retail"):
            told[name] = place.at(name).money()
        return None if len(place.faults) > before else _made(place, told)

    def _of(self, place: Place, known: Mapping[str, Names]) -> tuple[str, Names]:
        name = place.text()
        if name and name not in known:
            place.say(f"{name} is not in this document")
        return name, known.get(name, Names("", ""))


def _terms(place: Place) -> dict[str, Any]:
    days = place.at("validity_days")
    return {
        "parts": place.at("parts").whole(1),
        "uses": place.at("uses").whole(1),
        "return_rule": place.at("return_rule").one_of(RETURN_RULES, "never"),
        "return_days": place.at("return_days").whole(0),
        "qr": place.at("qr").maybe_text(),
        "risk_class": place.at("risk_class").one_of(RISK_CLASSES, "normal"),
        "leasable": place.at("leasable").flag(default=False),
        "validity_days": None if days.value is None else days.whole(),
    }


def _made(place: Place, told: Mapping[str, Any]) -> Product | None:
    try:
        return Product(**told)
    except ValueError as fault:
        place.say(str(fault))
        return None


def _check_id(place: Place) -> None:
    given = place.at("id")
    if given.value is None:
        if not place.at("barcode").value:
            place.say("has neither an id nor a barcode, so a second import could not find it again")
    elif not isinstance(given.value, str) or not _UUID7.fullmatch(given.value):
        given.say("is not a UUIDv7 in lower case; leave it out for a new product")


def _limits(place: Place) -> Limits:
    if not place.is_there:
        return Limits()
    place.expect(("min", "max", "step"))
    try:
        return Limits(place.at("min").whole(1), place.at("max").whole(10), place.at("step").whole(1))
    except ValueError as fault:
        place.say(str(fault))
        return Limits()


def _field(place: Place) -> FieldSpec | None:
    before = len(place.faults)
    place.expect(("key", "label", "kind", "options", "validator", "required"))
    options = []
    for option in place.at("options").items():
        option.expect(("value", "label"))
        options.append(FieldOption(option.at("value").text(), option.at("label").names()))
    key, label = place.at("key").text(), place.at("label").names()
    kind, validator = place.at("kind").one_of(FIELD_KINDS, "text"), place.at("validator").maybe_text()
    required = place.at("required").flag(default=True)
    if len(place.faults) > before:
        return None
    try:
        return FieldSpec(key, label, kind, tuple(options), validator, required)
    except ValueError as fault:
        place.say(str(fault))
        return None


def write_goods(suppliers: Iterable[SupplierFile], products: Sequence[Product]) -> dict[str, Any]:
    """The document that `read_goods` reads as the same suppliers and products."""
    brands = {product.brand.id: product.brand.names for product in products}
    categories = {product.category.id: product.category.names for product in products}
    return {
        "goods": FORM,
        "suppliers": [_supplier_values(each) for each in suppliers],
        "brands": [{"id": key, "names": _names(names)} for key, names in sorted(brands.items())],
        "categories": [{"id": key, "names": _names(names)} for key, names in sorted(categories.items())],
        "products": [_product_values(product) for product in products],
    }


def _supplier_values(file: SupplierFile) -> dict[str, Any]:
    paper = file.authorisation
    told = None
    if paper is not None:
        told = {"document": paper.document, "granted_by": paper.granted_by}
        told |= {"valid_from": paper.valid_from.isoformat(), "valid_until": paper.valid_until.isoformat()}
    return {"id": file.id, "names": _names(file.names), "authorisation": told, "is_active": file.is_active}


def _product_values(product: Product) -> dict[str, Any]:
    plain: dict[str, Any] = {name: getattr(product, name) for name in _PRODUCT if name != "supplier"}
    told = {
        "names": _names(product.names),
        "brand": product.brand.id,
        "category": product.category.id,
        "supplier": product.supplier_id,
        "kind": product.kind.value,
        "payload": None if product.payload is None else product.payload.value,
        "face": _money(product.face),
        "wholesale": _money(product.wholesale),
        "suggested_retail": _money(product.suggested_retail),
        "instructions": _names(product.instructions),
        "fields": [_field_values(each) for each in product.fields],
        "limits": {"min": product.limits.min, "max": product.limits.max, "step": product.limits.step},
        "bans": list(product.bans),
    }
    return {name: told[name] if name in told else plain[name] for name in _PRODUCT}


def _field_values(field: FieldSpec) -> dict[str, Any]:
    return {
        "key": field.key,
        "label": _names(field.label),
        "kind": field.kind,
        "options": [{"value": option.value, "label": _names(option.label)} for option in field.options],
        "validator": field.validator,
        "required": field.required,
    }


def _names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


def _money(money: Money) -> dict[str, Any]:
    return {"minor": money.minor, "currency": money.currency}
