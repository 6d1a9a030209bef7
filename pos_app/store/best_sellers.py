"""Counts what is sold here, and keeps it findable in a small index of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pos_app.store.connection import BooksConnection
from pos_app.store.product_rows import ProductCache, ProductReader
from pos_app.store.rows import as_text
from pos_app.store.search_index import INSERT_WORDS, index_words

_COUNT = (
    "INSERT INTO sold_products (num, product_id, sold) SELECT num, id, ? FROM products WHERE id = ?"
    " ON CONFLICT (product_id) DO UPDATE SET sold = sold + excluded.sold"
)
_KNOWN = "SELECT product_id FROM sold_products WHERE product_id IN (SELECT value FROM json_each(?))"
_PRODUCTS = (
    "SELECT p.id, p.barcode, p.traits, p.data, p.num, c.num FROM products AS p JOIN categories AS c ON c.id = p.category_id"
    " WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY p.num"
)


def count_sold(connection: BooksConnection, sold: Sequence[tuple[str, int]]) -> None:
    """One more sale of these products; the first one puts a product into the index of what is sold here."""
    known = set(connection.run(_KNOWN, (as_text([product_id for product_id, _ in sold]),)).scalars())
    connection.run_many(_COUNT, [(number, product_id) for product_id, number in sold])
    new = {product_id for product_id, _ in sold} - known
    if new:
        index_sold(connection, new)


def index_sold(connection: BooksConnection, product_ids: Iterable[str]) -> None:
    rows = connection.run(_PRODUCTS, (as_text(sorted(product_ids)),)).all()
    found = ProductReader(connection, ProductCache()).read([row[:4] for row in rows])
    entries = [(row[4], index_words(product, row[5])) for row, product in zip(rows, found, strict=True)]
    if entries:
        connection.run_many(INSERT_WORDS.format(name="sold_index"), entries)
