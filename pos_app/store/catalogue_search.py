"""One keystroke: which products does the cashier mean? Best first."""

from __future__ import annotations

from pos_app.domain.catalogue import Product
from pos_app.store.connection import BooksConnection
from pos_app.store.product_rows import ProductReader
from pos_app.store.search_index import NOTHING, query

_MATCH = (
    "SELECT m.num, m.digest, m.is_sold_out, coalesce(s.sold, 0) FROM product_index AS i"
    " CROSS JOIN product_marks AS m ON m.num = i.rowid"
    " LEFT JOIN sold_products AS s ON s.num = m.num WHERE product_index MATCH ? LIMIT ?"
)
_MATCH_SOLD = (
    "SELECT m.num, m.digest, m.is_sold_out, t.sold FROM (SELECT s.num, s.sold FROM sold_index AS i"
    " CROSS JOIN sold_products AS s ON s.num = i.rowid WHERE sold_index MATCH ? ORDER BY s.sold DESC LIMIT ?) AS t"
    " CROSS JOIN product_marks AS m ON m.num = t.num"
)
_BEST_SELLERS = (
    "SELECT m.num, m.digest, m.is_sold_out, s.sold FROM sold_products AS s JOIN product_marks AS m ON m.num = s.num{which}"
    " ORDER BY s.sold DESC, m.num LIMIT ?"
)
_ANY = (
    "SELECT m.num, m.digest, m.is_sold_out, coalesce(s.sold, 0) FROM product_marks AS m"
    " LEFT JOIN sold_products AS s ON s.num = m.num{which}"
    " ORDER BY m.num LIMIT ?"
)
_OF_CATEGORY = " JOIN products AS p ON p.num = m.num WHERE p.category_id = ?"

_Hits = list[tuple[int, int, int, int]]


class CatalogueSearch:
    def __init__(self, connection: BooksConnection, reader: ProductReader) -> None:
        self._connection = connection
        self._reader = reader

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
        first = self._hits(_MATCH, starting, most)
        if len(first) == most:
            return self._ranked(first + self._hits(_MATCH_SOLD, starting, most), [], most)
        others = self._hits(_MATCH, anywhere, most)
        if len(others) == most:
            others += self._hits(_MATCH_SOLD, anywhere, most)
        return self._ranked(first, others, most)

    def _hits(self, statement: str, words: str, most: int) -> _Hits:
        return self._connection.run(statement, (words, most)).all()

    def _best_sellers(self, category_id: str | None, most: int) -> tuple[Product, ...]:
        which, values = (_OF_CATEGORY, (category_id,)) if category_id is not None else ("", ())
        run = self._connection.run
        hits = run(_BEST_SELLERS.format(which=which), (*values, most)).all()
        if len(hits) < most:
            hits += run(_ANY.format(which=which), (*values, most)).all()
        return self._ranked(hits, [], most)

    def _ranked(self, first: _Hits, others: _Hits, most: int) -> tuple[Product, ...]:
        """Only what is shown is read."""
        found = {num: (False, -sold, is_out, num, digest) for num, digest, is_out, sold in first}
        for num, digest, is_out, sold in others:
            if num not in found:
                found[num] = (True, -sold, is_out, num, digest)
        return self._reader.shown([(row[3], row[4]) for row in sorted(found.values())[:most]])
