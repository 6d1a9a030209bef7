"""Products between JSON and domain: with `messages.py` the only place that knows the platform's field names."""

from __future__ import annotations

from typing import Any

import msgspec

from pos_app.domain.catalogue import (
    Brand,
    CataloguePage,
    Category,
    Choice,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from pos_app.domain.money import Money

_KINDS = {kind.value: kind for kind in ProductKind}
_PAYLOADS: dict[str | None, Payload | None] = {None: None, **{payload.value: payload for payload in Payload}}
_CARD_KINDS = frozenset({None, "unique", "kit", "loop", "repeatable"})
_FIELD_KINDS = frozenset({"text", "choice"})


class NamesText(msgspec.Struct, frozen=True, gc=False):
    zh: str
    en: str


class MoneyText(msgspec.Struct, frozen=True, gc=False):
    minor: int
    currency: str

    def read(self) -> Money:
        return Money(self.minor, self.currency)


class _Group(msgspec.Struct, frozen=True):
    id: str
    names: NamesText


class _Option(msgspec.Struct, frozen=True):
    value: str
    label: NamesText


class _Field(msgspec.Struct, frozen=True):
    key: str
    label: NamesText
    kind: str
    options: list[_Option]
    validator: str | None
    required: bool


class _Limits(msgspec.Struct, frozen=True, gc=False):
    min: int
    max: int
    step: int


class ProductText(msgspec.Struct, frozen=True):
    """A product as it travels; what the till has no use for yet is not named and so not read."""

    id: str
    barcode: str | None
    names: NamesText
    brand: _Group
    category: _Group
    kind: str
    payload: str | None
    face: MoneyText
    wholesale: MoneyText
    suggested_retail: MoneyText
    stock: int | str
    fields: list[_Field]
    limits: _Limits
    return_rule: str
    qr: str | None
    instructions: NamesText
    risk_class: str
    leasable: bool
    validity_days: int | None
    version: int
    card_kind: str | None = None
    parts: int = 1


class _PageText(msgspec.Struct, frozen=True):
    products: list[ProductText]
    removed: list[str]
    cursor: str
    complete: bool
    total: int


_PAGE = msgspec.json.Decoder(_PageText)


def read_page(text: bytes) -> CataloguePage:
    """One page, equal names, brands and categories being one value; msgspec.ValidationError when it is not one.

    Products of a kind that this till does not know are left out: it could not sell them.
    """
    page = _PAGE.decode(text)
    shelf = _Shelf()
    products = tuple(shelf.product(each) for each in page.products if _is_known(each))
    return CataloguePage(products, tuple(page.removed), page.cursor, page.complete, page.total)


def product_of(raw: Any) -> Product:
    """One product out of decoded JSON; msgspec.ValidationError when it is not one."""
    text = msgspec.convert(raw, ProductText)
    if not _is_known(text):
        raise msgspec.ValidationError(f"a product of kind {text.kind}")
    return _Shelf().product(text)


def _is_known(text: ProductText) -> bool:
    is_sellable = text.kind in _KINDS and text.payload in _PAYLOADS and text.card_kind in _CARD_KINDS
    return is_sellable and all(field.kind in _FIELD_KINDS for field in text.fields)


class _Shelf:
    """Keeps one value for what many products share: instructions, brands, categories, prices, limits."""

    def __init__(self) -> None:
        self._shared: dict[Any, Any] = {}

    def product(self, text: ProductText) -> Product:
        return Product(
            id=text.id,
            barcode=text.barcode,
            names=Names(text.names.zh, text.names.en),
            brand=self._group(Brand, text.brand),
            category=self._group(Category, text.category),
            kind=_KINDS[text.kind],
            payload=_PAYLOADS[text.payload],
            face=self._money(text.face),
            wholesale=self._money(text.wholesale),
            price=self._money(text.suggested_retail),
            stock=text.stock if isinstance(text.stock, int) else None,
            fields=tuple(self._field(field) for field in text.fields),
            limits=self._limits(text.limits),
            return_rule=text.return_rule,
            qr=text.qr,
            instructions=self._names(text.instructions),
            risk_class=text.risk_class,
            leasable=text.leasable,
            validity_days=text.validity_days,
            version=text.version,
            parts=text.parts,
        )

    def _names(self, text: NamesText) -> Names:
        key = (text.zh, text.en)
        found: Names | None = self._shared.get(key)
        if found is None:
            found = self._shared[key] = Names(text.zh, text.en)
        return found

    def _money(self, text: MoneyText) -> Money:
        key = (text.minor, text.currency)
        found: Money | None = self._shared.get(key)
        if found is None:
            found = self._shared[key] = text.read()
        return found

    def _group(self, kind: type[Any], text: _Group) -> Any:
        key = (kind, text.id, text.names.zh, text.names.en)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = kind(text.id, self._names(text.names))
        return found

    def _limits(self, text: _Limits) -> Limits:
        key = (text.min, text.max, text.step)
        found: Limits | None = self._shared.get(key)
        if found is None:
            found = self._shared[key] = Limits(*key)
        return found

    def _field(self, text: _Field) -> FieldSpec:
        options = tuple(Choice(each.value, self._names(each.label)) for each in text.options)
        return FieldSpec(text.key, self._names(text.label), text.kind, options, text.validator, text.required)
