"""One keystroke: which products does the cashier mean? Best first."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.domain.catalogue import Product
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import as_text, read_product
from pos_app.store.search_index import NOTHING, query

_MOST_CACHED = 2_048
_SOLD_OUT = b'"stock":0,'

_MATCH = "SELECT rowid FROM product_index WHERE product_index MATCH ? LIMIT ?"
_MATCH_SOLD = (
    "SELECT i.rowid FROM sold_index AS i JOIN sold_products AS s ON s.num = i.rowid"
    " WHERE sold_index MATCH ? ORDER BY s.sold DESC LIMIT ?"
)
_DATA = (
    "SELECT p.num, p.data, coalesce(s.sold, 0) FROM json_each(?) AS j CROSS JOIN products AS p ON p.num = j.value"
    " LEFT JOIN sold_products AS s ON s.num = p.num"
)
_BEST_SELLERS = (
    "SELECT p.num FROM sold_products AS s JOIN products AS p ON p.num = s.num{which}"
    " ORDER BY s.sold DESC, p.num LIMIT ?"
)
_ANY = "SELECT num FROM products AS p{which} ORDER BY num LIMIT ?"


class ProductCache:
    """Products by their bytes: what is on the screen is asked for at every keystroke, and reading it is what costs."""

    def __init__(self) -> None:
        self._products: dict[bytes, Product] = {}

    def product(self, data: bytes) -> Product:
        known = self._products.get(data)
        if known is None:
            if len(self._products) >= _MOST_CACHED:
                self._products = {}
            known = self._products[data] = read_product(data)
        return known


class CatalogueSearch:
    def __init__(self, connection: BooksConnection, cache: ProductCache) -> None:
        self._connection = connection
        self._cache = cache

    def find(self, words: str, category_id: str | None, most: int) -> tuple[Product, ...]:
        """Names that begin so come first, then what is often sold here, then what is in stock.

        A query that more products match than are asked for is not read to its end: what is sold here comes from its
        own small index, by how often, and the rest is as the platform ordered it.
        """
        category = None
        if category_id is not None:
            category = self._connection.run(
                "SELECT num FROM categories WHERE id = ?", (category_id,)
            ).scalar()
            if category is None:
                return ()
        starting, anywhere = query(words, True, category), query(words, False, category)
        if anywhere == NOTHING or most <= 0:
            return ()
        if starting is None or anywhere is None:
            return self._best_sellers(category_id, most)
        first = self._nums(_MATCH, starting, most)
        if len(first) == most:
            first += self._nums(_MATCH_SOLD, starting, most)
            return self._ranked(first, set(first), most)
        others = self._nums(_MATCH, anywhere, most)
        if len(others) == most:
            others += self._nums(_MATCH_SOLD, anywhere, most)
        return self._ranked(first + others, set(first), most)

    def _nums(self, statement: str, words: str, most: int) -> list[int]:
        return self._connection.run(statement, (words, most)).scalars()

    def _best_sellers(self, category_id: str | None, most: int) -> tuple[Product, ...]:
        which, values = (" WHERE p.category_id = ?", (category_id,)) if category_id is not None else ("", ())
        run = self._connection.run
        nums = run(_BEST_SELLERS.format(which=which), (*values, most)).scalars()
        if len(nums) < most:
            nums += run(_ANY.format(which=which), (*values, most)).scalars()
        return self._ranked(nums, set(), most)

    def _ranked(self, nums: Sequence[int], first: set[int], most: int) -> tuple[Product, ...]:
        if not nums:
            return ()
        rows = self._connection.run(_DATA, (as_text(list(dict.fromkeys(nums))),))
        # Sorted by what the bytes say: only what is shown is read.
        found = [(num not in first, -sold, _SOLD_OUT in data, num, data) for num, data, sold in rows]
        found.sort()
        return tuple([self._cache.product(row[4]) for row in found[:most]])
