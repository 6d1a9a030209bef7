"""How a product lies in the file: what it shares with others apart, so that a row is short and a keystroke reads little.

A row of its own weighs a quarter of the whole product. What many share (instructions, fields, limits, the category) is
kept once, under its digest: what a digest names never changes, so it may be remembered beyond a transaction.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec

from pos_app.domain.catalogue import (
    Brand,
    Category,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from pos_app.domain.money import Money
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import as_text, encode

INSERT_TRAITS = "INSERT OR IGNORE INTO product_traits (digest, data) VALUES (?, ?)"
# Traits that no product has any more, looked for when a full sync has taken products away.
DELETE_UNUSED_TRAITS = "DELETE FROM product_traits WHERE digest NOT IN (SELECT traits FROM products)"

_MOST_CACHED = 8_192
_TRAITS = "SELECT data FROM product_traits WHERE digest = ?"
_BY_NUMS = (
    "SELECT m.digest, p.id, p.barcode, p.traits, p.data FROM json_each(?) AS j CROSS JOIN products AS p ON p.num = j.value"
    " JOIN product_marks AS m ON m.num = p.num"
)

ProductRow = tuple[str, str | None, int, bytes]


class _Traits(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a product has in common with others."""

    category: Category
    kind: ProductKind
    payload: Payload | None
    fields: tuple[FieldSpec, ...]
    limits: Limits
    return_rule: str
    instructions: Names
    risk_class: str
    leasable: bool
    validity_days: int | None
    currencies: tuple[str, str, str]
    parts: int = 1


class _Own(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is its own, beside the columns."""

    zh: str
    en: str
    brand: tuple[str, str, str]
    face: int
    wholesale: int
    price: int
    stock: int | None
    qr: str | None
    version: int


class Packed(msgspec.Struct, frozen=True, gc=False):
    """A product as it is written; equal products have equal digests."""

    digest: int
    traits: int
    data: bytes


_read_traits = msgspec.json.Decoder(_Traits).decode
_read_own = msgspec.json.Decoder(_Own).decode
_money = lru_cache(maxsize=2_048)(Money)


class ProductPacker:
    """Packs the products of one page; `traits` are those that they have, by digest."""

    def __init__(self) -> None:
        self.traits: dict[int, bytes] = {}
        self._digests: dict[bytes, int] = {}

    def __call__(self, product: Product) -> Packed:
        shared = encode(_traits_of(product))
        traits = self._digests.get(shared)
        if traits is None:
            traits = self._digests[shared] = _digest(shared)
            self.traits[traits] = shared
        brand = product.brand
        data = encode(
            _Own(
                product.names.zh,
                product.names.en,
                (brand.id, brand.names.zh, brand.names.en),
                product.face.minor,
                product.wholesale.minor,
                product.price.minor,
                product.stock,
                product.qr,
                product.version,
            )
        )
        return Packed(_digest(f"{product.id} {product.barcode} {traits} ".encode() + data), traits, data)


class ProductCache:
    """Products and traits by their digests: what is on the screen is asked for at every keystroke."""

    def __init__(self) -> None:
        self.products: OrderedDict[int, Product] = OrderedDict()
        self.traits: OrderedDict[int, _Traits] = OrderedDict()

    def keep(self, digest: int, product: Product) -> None:
        """The eldest makes room: to forget all of them at once would take longer than the keystroke."""
        self.products[digest] = product
        if len(self.products) > _MOST_CACHED:
            self.products.popitem(last=False)

    def keep_traits(self, digest: int, traits: _Traits) -> None:
        self.traits[digest] = traits
        if len(self.traits) > _MOST_CACHED:
            self.traits.popitem(last=False)


class ProductReader:
    """Reads products out of the rows of one transaction."""

    def __init__(self, connection: BooksConnection, cache: ProductCache) -> None:
        self._connection = connection
        self._cache = cache

    def shown(self, wanted: Sequence[tuple[int, int]]) -> tuple[Product, ...]:
        """The products of these numbers and digests, in that order."""
        known = self._cache.products
        found = [known.get(digest) for _, digest in wanted]
        missing = [num for (num, _), product in zip(wanted, found, strict=True) if product is None]
        read: dict[int, Product] = {}
        if missing:
            for digest, *row in self._connection.run(_BY_NUMS, (as_text(missing),)):
                read[digest] = self._product(*row)
                self._cache.keep(digest, read[digest])
        return tuple(
            read[digest] if product is None else product
            for (_, digest), product in zip(wanted, found, strict=True)
        )

    def read(self, rows: Iterable[ProductRow]) -> tuple[Product, ...]:
        """Products out of their columns id, barcode, traits and data."""
        return tuple(self._product(*row) for row in rows)

    def _product(self, product_id: str, barcode: str | None, traits: int, data: bytes) -> Product:
        own, shared = _read_own(data), self._traits(traits)
        face, wholesale, price = shared.currencies
        return Product(
            product_id,
            barcode,
            Names(own.zh, own.en),
            _brand(*own.brand),
            shared.category,
            shared.kind,
            shared.payload,
            _money(own.face, face),
            _money(own.wholesale, wholesale),
            _money(own.price, price),
            own.stock,
            shared.fields,
            shared.limits,
            shared.return_rule,
            own.qr,
            shared.instructions,
            shared.risk_class,
            shared.leasable,
            shared.validity_days,
            own.version,
            shared.parts,
        )

    def _traits(self, digest: int) -> _Traits:
        known = self._cache.traits.get(digest)
        if known is None:
            known = _read_traits(self._connection.run(_TRAITS, (digest,)).scalar())
            self._cache.keep_traits(digest, known)
        return known


def _traits_of(product: Product) -> _Traits:
    return _Traits(
        product.category,
        product.kind,
        product.payload,
        product.fields,
        product.limits,
        product.return_rule,
        product.instructions,
        product.risk_class,
        product.leasable,
        product.validity_days,
        (product.face.currency, product.wholesale.currency, product.price.currency),
        product.parts,
    )


def _digest(data: bytes) -> int:
    """As an INTEGER of SQLite."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=2_048)
def _brand(brand_id: str, zh: str, en: str) -> Brand:
    return Brand(brand_id, Names(zh, en))
