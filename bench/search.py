"""P3: one keystroke of catalogue search, beside a plain FTS5 table of the same tokens queried raw.

The floor asks the same engine for the same tokens and rows under the same cipher and page cache, its index in one piece.
A second floor is not encrypted: what lies between the two is what encryption costs.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from bench.goods import products
from bench.measure import Promise, folder_on_disk, in_turns, show
from pos_app.domain.catalogue import CataloguePage, Product
from pos_app.store.best_sellers import count_sold
from pos_app.store.books import TillBooks
from pos_app.store.product_rows import ProductPacker
from pos_app.store.search_index import INSERT_WORDS, JOIN_PIECES, index_words, query
from pos_app.store.tables import SEARCH_INDEX, SEARCH_INDEX_LEAF
from tests.fakes.till_signer import fake_signer

PROMISE = Promise("P3 one keystroke, top 50", must=2.0, aim=1.3)
PRODUCTS = 100_000
SOLD = 1_500
KEYSTROKES = 3_000
MOST = 50
PAGE = 2_000
SEED = 1
_NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def main(*arguments: str) -> int:
    """Prints measure, floor and ratio; 0 when the promise is kept. Another number of products may be named."""
    number = int(next(iter(arguments or sys.argv[1:]), PRODUCTS))
    goods = products(number)
    typed = list(_keystrokes(goods))
    with folder_on_disk() as folder:
        books = _till(folder, goods)
        plain = _plain_table(folder / "plain.db", goods, None)
        sealed = _plain_table(folder / "sealed.db", goods, bytes(range(32)))
        floors = [query(words, False, None) or "" for words in typed]
        found: list[int] = [0] * len(typed)

        def floor(turn: int) -> None:
            sealed.execute(_FLOOR, (floors[turn], MOST)).fetchall()

        def unencrypted(turn: int) -> None:
            plain.execute(_FLOOR, (floors[turn], MOST)).fetchall()

        def measure(turn: int) -> None:
            with books.open_to_read() as opened:
                found[turn] = len(opened.catalogue.find(typed[turn], None, MOST))

        for turn in range(200):
            floor(turn)
            unencrypted(turn)
            measure(turn)
        least, opened, done = in_turns(len(typed), (floor, unencrypted, measure))
        full = sum(count == MOST for count in found) / len(found)
        print(
            f"{number} products, {SOLD} of them sold here, {len(typed)} keystrokes;"
            f" {full:.0%} of them found {MOST} or more, {found.count(0)} found nothing."
        )
        kept = show(PROMISE, least, done)
        for share in (0.5, 0.99):
            bare = opened.share(share)
            print(
                f"  The floor without encryption: p{100 * share:g} {bare:.3f} ms; encryption costs it"
                f" {least.share(share) / bare:.2f} x, and the till's keystroke is {done.share(share) / bare:.2f} x of it."
            )
        _show_slowest(typed, done.seconds, least.seconds)
        plain.close()
        sealed.close()
        books.close()
    return 0 if kept else 1


_FLOOR = "SELECT p.num, p.data FROM plain_index AS i JOIN products AS p ON p.num = i.rowid WHERE plain_index MATCH ? LIMIT ?"


def _keystrokes(goods: tuple[Product, ...]) -> Iterator[str]:
    """People typing names of products in all the ways there are, letter by letter, to the end."""
    chance = random.Random(SEED)
    left = KEYSTROKES
    while True:
        product = chance.choice(goods)
        face = str(product.face.minor // 100)
        initials = "".join(token[1] for token in index_words(product, 0).split() if token[0] == "\u00a8")
        ways = (
            product.names.zh.replace(" ", ""),
            product.brand.names.zh + face,
            initials[:4] + " " + face,
            product.names.en.lower(),
            product.brand.names.en.lower() + " " + face,
            face,
        )
        words = chance.choice(ways)
        for end in range(1, min(len(words), 12) + 1):
            if words[end - 1] == " ":
                continue
            yield words[:end]
            left -= 1
            if not left:
                return


def _till(folder: Path, goods: tuple[Product, ...]) -> TillBooks:
    books = TillBooks(folder, bytes(range(32)), lambda at: at + timedelta(hours=8), signer=fake_signer())
    begin = time.perf_counter()
    for start in range(0, len(goods), PAGE):
        page = goods[start : start + PAGE]
        is_last = start + PAGE >= len(goods)
        with books.open_books() as opened:
            opened.catalogue.apply(CataloguePage(page, (), str(start), is_last, len(goods)), _NOON, True)
            opened.commit()
    print(
        f"All of them put on the shelf in {time.perf_counter() - begin:.2f} s, indexes and commits included."
    )
    chance = random.Random(SEED)
    with books.open_books() as opened:
        sold = [
            (product.id, chance.randrange(1, 300)) for product in chance.sample(goods, min(SOLD, len(goods)))
        ]
        count_sold(opened._connection, sold)
        opened.commit()
    books.checkpoint()
    return books


def _plain_table(path: Path, goods: tuple[Product, ...], key: bytes | None) -> Any:
    """The same words and the same rows, on the same SQLite."""
    connection = dbapi2.connect(str(path), isolation_level=None)
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute(SEARCH_INDEX.format(name="plain_index"))
    connection.execute(SEARCH_INDEX_LEAF.format(name="plain_index"))
    connection.execute("CREATE TABLE products (num INTEGER PRIMARY KEY, data BLOB)")
    connection.execute("BEGIN")
    categories: dict[str, int] = {}
    pack = ProductPacker()
    for num, product in enumerate(goods, 1):
        category = categories.setdefault(product.category.id, len(categories) + 1)
        connection.execute(INSERT_WORDS.format(name="plain_index"), (num, index_words(product, category)))
        connection.execute("INSERT INTO products VALUES (?, ?)", (num, pack(product).data))
    connection.execute(JOIN_PIECES.format(name="plain_index"))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return connection


def _show_slowest(typed: list[str], seconds: tuple[float, ...], floors: tuple[float, ...]) -> None:
    ordered = sorted(range(len(typed)), key=lambda turn: -seconds[turn])[:5]
    told = ", ".join(f"{typed[t]!r} {1000 * seconds[t]:.1f} ({1000 * floors[t]:.1f})" for t in ordered)
    print(f"The slowest, in ms (floor): {told}")
