"""The till's copy of the catalogue: pages applied as they come, products found by code and by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pos_app.domain.catalogue import CataloguePage, CatalogueState, Category, Names, Product, ProductKind
from pos_app.store.best_sellers import index_sold
from pos_app.store.catalogue_search import CatalogueSearch
from pos_app.store.connection import BooksConnection
from pos_app.store.product_rows import (
    DELETE_UNUSED_TRAITS,
    INSERT_TRAITS,
    Packed,
    ProductCache,
    ProductPacker,
    ProductReader,
)
from pos_app.store.rows import as_text, maybe_instant, micros
from pos_app.store.search_index import DELETE_WORDS, INSERT_WORDS, JOIN_PIECES, index_words
from pos_app.store.tables import SEARCH_INDEXES

_HELD = (
    "SELECT p.num, p.id, m.digest FROM json_each(?) AS j CROSS JOIN products AS p ON p.id = j.value"
    " JOIN product_marks AS m ON m.num = p.num"
)
_OLD = "SELECT p.id, p.barcode, p.traits, p.data FROM json_each(?) AS j CROSS JOIN products AS p ON p.num = j.value"
_LAST_NUM = "SELECT max(coalesce((SELECT max(num) FROM products), 0), coalesce((SELECT max(num) FROM sold_products), 0))"
_INSERT = "INSERT INTO products (num, id, barcode, category_id, carrier, face, traits, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = "UPDATE products SET barcode = ?, category_id = ?, carrier = ?, face = ?, traits = ?, data = ? WHERE num = ?"
_MARK = "INSERT OR REPLACE INTO product_marks (num, digest, is_sold_out) VALUES (?, ?, ?)"
_CATEGORY = (
    "INSERT INTO categories (id, zh, en) VALUES (?, ?, ?)"
    " ON CONFLICT (id) DO UPDATE SET zh = excluded.zh, en = excluded.en"
    " WHERE zh <> excluded.zh OR en <> excluded.en"
)
_CATEGORIES = (
    "SELECT id, zh, en FROM categories AS c"
    " WHERE EXISTS (SELECT 1 FROM products WHERE category_id = c.id) ORDER BY num"
)
_SOLD_AMONG = "SELECT product_id, num FROM sold_products WHERE product_id IN (SELECT value FROM json_each(?))"
_STATE = "SELECT total, cursor, synced_at, is_full_running FROM catalogue_state"
_KEEP_STATE = "INSERT OR REPLACE INTO catalogue_state (one, total, cursor, synced_at, is_full_running) VALUES (1, ?, ?, ?, ?)"
_TOP_UPS = (
    "SELECT p.id, p.barcode, p.traits, p.data FROM products AS p"
    " WHERE carrier IS NOT NULL{which} ORDER BY face, num LIMIT ?"
)
_BY_ID = "SELECT p.id, p.barcode, p.traits, p.data FROM products AS p WHERE id = ?"
_BY_BARCODE = (
    "SELECT p.id, p.barcode, p.traits, p.data FROM products AS p WHERE barcode = ? ORDER BY num LIMIT 1"
)


class SqlCatalogue:
    def __init__(self, connection: BooksConnection, cache: ProductCache) -> None:
        self._connection = connection
        self._reader = ProductReader(connection, cache)
        self._search = CatalogueSearch(connection, self._reader)

    def state(self) -> CatalogueState:
        total, cursor, synced_at, _ = self._kept_state()
        held = self._connection.run("SELECT count(*) FROM products").scalar()
        return CatalogueState(held, total, cursor, maybe_instant(synced_at))

    def apply(self, page: CataloguePage, at: datetime, is_full: bool) -> None:
        _, _, synced_at, is_running = self._kept_state()
        if is_full and (not is_running or self._starts_again(page)):
            self._connection.run("DELETE FROM seen_products")
        nums = self._put(page.products)
        if is_full:
            self._connection.run(
                "INSERT OR IGNORE INTO seen_products SELECT value FROM json_each(?)", (as_text(nums),)
            )
        self._remove_ids(page.removed)
        if is_full and page.is_last:
            self._remove_unseen()
        if is_full and page.is_last and synced_at is None:
            for name in SEARCH_INDEXES:  # a keystroke in one piece takes half as long as in nine
                self._connection.run(JOIN_PIECES.format(name=name))
        self._connection.run(
            _KEEP_STATE,
            (
                page.total,
                page.cursor,
                micros(at) if page.is_last else synced_at,
                int(is_full and not page.is_last),
            ),
        )

    def put_product(self, product: Product) -> None:
        self._put((product,))

    def product(self, product_id: str) -> Product | None:
        return self._one(_BY_ID, product_id)

    def by_barcode(self, barcode: str) -> Product | None:
        return self._one(_BY_BARCODE, barcode)

    def find(self, words: str, category_id: str | None, most: int) -> tuple[Product, ...]:
        return self._search.find(words, category_id, most)

    def categories(self) -> tuple[Category, ...]:
        rows = self._connection.run(_CATEGORIES)
        return tuple(Category(row[0], Names(row[1], row[2])) for row in rows)

    def top_ups_for_phone(self, carrier: str | None, most: int) -> tuple[Product, ...]:
        which, values = (" AND carrier = ?", (carrier, most)) if carrier is not None else ("", (most,))
        return self._reader.read(self._connection.run(_TOP_UPS.format(which=which), values))

    def _one(self, statement: str, value: str) -> Product | None:
        found = self._reader.read(self._connection.run(statement, (value,)))
        return found[0] if found else None

    def _kept_state(self) -> tuple[int, str | None, int | None, bool]:
        row = self._connection.run(_STATE).one_or_none()
        return (0, None, None, False) if row is None else (row[0], row[1], row[2], bool(row[3]))

    def _starts_again(self, page: CataloguePage) -> bool:
        """A running full sync that names a product anew was begun anew: what it named before does not count."""
        if not page.products:
            return False
        seen = "SELECT 1 FROM products AS p JOIN seen_products AS s ON s.num = p.num WHERE p.id = ?"
        return self._connection.run(seen, (page.products[0].id,)).one_or_none() is not None

    def _put(self, products: Sequence[Product]) -> list[int]:
        """Adds the products or keeps what has changed of them; returns their numbers."""
        pack = ProductPacker()
        newest = {product.id: product for product in products}  # named twice: the later one is true
        rows = self._connection.run(_HELD, (as_text(list(newest)),))
        held = {product_id: (num, digest) for num, product_id, digest in rows}
        added: list[tuple[Product, Packed]] = []
        changed: dict[int, tuple[Product, Packed]] = {}
        for product in newest.values():
            packed = pack(product)
            num, digest = held.get(product.id, (0, 0))
            if not num:
                added.append((product, packed))
            elif digest != packed.digest:
                changed[num] = (product, packed)
        if added or changed:
            self._connection.run_many(INSERT_TRAITS, list(pack.traits.items()))
            categories = self._put_categories(product for product, _ in (*added, *changed.values()))
            self._change(changed, categories)
            nums = self._add(added, categories)
        else:
            nums = []
        return [*(num for num, _ in held.values()), *nums]

    def _add(self, added: Sequence[tuple[Product, Packed]], categories: dict[str, int]) -> list[int]:
        if not added:
            return []
        ids = as_text([product.id for product, _ in added])
        sold_before = dict(self._connection.run(_SOLD_AMONG, (ids,)).all())
        next_num = self._connection.run(_LAST_NUM).scalar() + 1
        numbered: dict[int, tuple[Product, Packed]] = {}
        for product, packed in added:
            num = sold_before.get(product.id)
            if num is None:
                num, next_num = next_num, next_num + 1
            numbered[num] = (product, packed)
        numbered = dict(sorted(numbered.items()))  # each table is written from its front to its end
        self._connection.run_many(
            _INSERT,
            [
                (num, product.id, *_columns(product), packed.traits, packed.data)
                for num, (product, packed) in numbered.items()
            ],
        )
        self._mark(numbered)
        self._index({num: product for num, (product, _) in numbered.items()}, categories)
        return list(numbered)

    def _change(self, changed: dict[int, tuple[Product, Packed]], categories: dict[str, int]) -> None:
        if not changed:
            return
        nums = sorted(changed)
        old = self._reader.read(self._connection.run(_OLD, (as_text(nums),)))
        self._connection.run_many(
            _UPDATE,
            [
                (*_columns(product), packed.traits, packed.data, num)
                for num, (product, packed) in changed.items()
            ],
        )
        self._mark(changed)
        renamed = {
            num: changed[num][0]
            for num, before in zip(nums, old, strict=True)
            if _found_by(before) != _found_by(changed[num][0])
        }
        self._unindex([(num,) for num in renamed])
        self._index(renamed, categories)

    def _mark(self, products: dict[int, tuple[Product, Packed]]) -> None:
        marks = [(num, packed.digest, product.is_sold_out) for num, (product, packed) in products.items()]
        self._connection.run_many(_MARK, marks)

    def _put_categories(self, products: Iterable[Product]) -> dict[str, int]:
        categories = {product.category.id: product.category.names for product in products}
        rows = [(category_id, names.zh, names.en) for category_id, names in sorted(categories.items())]
        self._connection.run_many(_CATEGORY, rows)
        return {row[0]: row[1] for row in self._connection.run("SELECT id, num FROM categories")}

    def _index(self, products: dict[int, Product], categories: dict[str, int]) -> None:
        """In the order of their numbers: the index is flushed whenever a smaller one comes."""
        if not products:
            return
        entries = [
            (num, index_words(product, categories[product.category.id])) for num, product in products.items()
        ]
        self._connection.run_many(INSERT_WORDS.format(name="product_index"), entries)
        ids = as_text([product.id for product in products.values()])
        sold = [product_id for product_id, _ in self._connection.run(_SOLD_AMONG, (ids,))]
        if sold:
            index_sold(self._connection, sold)

    def _unindex(self, nums: Sequence[tuple[int]]) -> None:
        if nums:
            for name in SEARCH_INDEXES:
                self._connection.run_many(DELETE_WORDS.format(name=name), nums)

    def _remove_unseen(self) -> None:
        unseen = "SELECT num FROM products WHERE num NOT IN (SELECT num FROM seen_products)"
        nums = self._connection.run(unseen).scalars()
        self._remove([(num,) for num in nums])
        if nums:
            self._connection.run(DELETE_UNUSED_TRAITS)
        self._connection.run("DELETE FROM seen_products")

    def _remove_ids(self, ids: Sequence[str]) -> None:
        if ids:
            rows = self._connection.run(_HELD, (as_text(list(ids)),))
            self._remove([(row[0],) for row in rows])

    def _remove(self, nums: Sequence[tuple[int]]) -> None:
        self._unindex(nums)
        if nums:
            self._connection.run_many("DELETE FROM products WHERE num = ?", nums)
            self._connection.run_many("DELETE FROM product_marks WHERE num = ?", nums)


def _columns(product: Product) -> tuple[Any, ...]:
    return (
        product.barcode or None,
        product.category.id,
        _carrier(product),
        product.face.minor,
    )


def _carrier(product: Product) -> str | None:
    """The carrier of a phone top-up is the end of its brand's id: `china-mobile` is `mobile`."""
    is_for_phones = product.kind is ProductKind.TOP_UP and any(spec.is_phone for spec in product.fields)
    return product.brand.id.rpartition("-")[2] if is_for_phones else None


def _found_by(product: Product) -> tuple[Any, ...]:
    return product.names, product.brand.names, product.category, product.face
