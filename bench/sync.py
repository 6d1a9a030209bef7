"""P5, the store's part: a whole catalogue put on the shelf, the same again, and a delta of it.

The floor writes the same rows, words of the index included, by bare `executemany` on the same engine: SQLCipher, WAL and
FULL, one commit for each page. Making the words and packing the products is not a part of it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.goods import products
from bench.measure import folder_on_disk
from pos_app.domain.catalogue import CataloguePage, Names, Product
from pos_app.domain.money import Money
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.connection import BooksConnection
from pos_app.store.engine import BooksEngine
from tests.fakes.till_signer import fake_signer

PRODUCTS = 100_000
PAGE = 2_000
_KEY = bytes(range(32))
_NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
# speed.md: the unchanged catalogue again may take 1.3 x the chain's 375 ms, for which its full sync takes 3.3 s.
_UNCHANGED_OF_FULL = 0.375 / 3.3

_Pages = list[list[tuple[str, list[Any]]]]


@dataclass(frozen=True)
class _Step:
    """One kind of sync: what comes, and the writing of the same rows without us."""

    name: str
    pages: list[CataloguePage]
    is_full: bool
    must: float
    aim: float


def main(*arguments: str) -> int:
    """Prints measure, floor and ratio; 0 when the promise is kept. Another number of products may be named."""
    number = int(next(iter(arguments or sys.argv[1:]), PRODUCTS))
    goods = products(number)
    share = goods[:: max(1, len(goods) // 1_000)]
    dearer = tuple(replace(each, price=each.price + Money(100), version=2) for each in share)
    renamed = tuple(
        replace(each, names=Names(each.names.zh + "新", each.names.en + " New")) for each in dearer
    )
    steps = (
        _Step("full, indexes complete", _pages(goods), True, 2.5, 2.0),
        _Step(f"delta, {len(dearer)} prices", _pages(dearer), False, 1.3, 1.0),
        _Step(f"delta, {len(renamed)} names", _pages(renamed), False, 1.3, 1.0),
    )
    again = tuple({each.id: each for each in (*goods, *renamed)}.values())
    with folder_on_disk() as folder:
        books = TillBooks(
            _made(folder / "till"), _KEY, lambda at: at + timedelta(hours=8), signer=fake_signer()
        )
        bare = TillBooks(
            _made(folder / "bare"), _KEY, lambda at: at + timedelta(hours=8), signer=fake_signer()
        )
        bare.close()
        raw = BooksEngine(folder / "bare" / BOOKS, _KEY).connect()
        print(f"{number} products in pages of {PAGE}; each page is on disk before the next one comes.")
        kept, full = True, 0.0
        for step in steps:
            written: _Pages = []
            with _listening(written):
                took, longest = _apply(books, step.pages, step.is_full)
            floor = _write(raw, written)
            full = full or took
            kept = _say(step, took, floor, longest) and kept
        took, longest = _apply(books, _pages(again), True)
        print(
            f"P5 {'unchanged again':<26} {1000 * took:8.0f} ms   {took / full:5.2f} x the full one"
            f"   (the chain: {_UNCHANGED_OF_FULL:.2f} x); longest page {1000 * longest:.0f} ms"
        )
        raw.close()
        books.close()
    return 0 if kept else 1


def _apply(books: TillBooks, pages: list[CataloguePage], is_full: bool) -> tuple[float, float]:
    """Seconds in all, and of the page that took longest."""
    times = []
    for page in pages:
        begin = time.perf_counter()
        with books.open_books() as opened:
            opened.catalogue.apply(page, _NOON, is_full)
            opened.commit()
        times.append(time.perf_counter() - begin)
    books.checkpoint()
    return sum(times), max(times)


def _write(raw: Any, written: _Pages) -> float:
    begin = time.perf_counter()
    for page in written:
        raw.execute("BEGIN IMMEDIATE")
        for statement, rows in page:
            raw.executemany(statement, rows)
        raw.execute("COMMIT")
    took = time.perf_counter() - begin
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return took


def _say(step: _Step, took: float, floor: float, longest: float) -> bool:
    ratio = took / floor
    verdict = "aim reached" if ratio <= step.aim else "kept" if ratio <= step.must else "NOT KEPT"
    print(
        f"P5 {step.name:<26} {1000 * took:8.0f} ms   floor {1000 * floor:8.0f} ms   {ratio:5.2f} x"
        f"   (must {step.must:g}, aim {step.aim:g}: {verdict}); longest page {1000 * longest:.0f} ms"
    )
    return ratio <= step.must


@contextmanager
def _listening(written: _Pages) -> Iterator[None]:
    """Takes down what the shelf writes by the row, page by page: a page begins where the state is read."""
    run, run_many = BooksConnection.run, BooksConnection.run_many

    def told(self: BooksConnection, statement: str, values: Any = ()) -> Any:
        if statement.startswith("BEGIN IMMEDIATE"):
            written.append([])
        return run(self, statement, values)

    def told_many(self: BooksConnection, statement: str, rows: Any) -> None:
        written[-1].append((statement, list(rows)))
        run_many(self, statement, rows)

    patches: list[tuple[str, Callable[..., Any]]] = [("run", told), ("run_many", told_many)]
    with patch.object(BooksConnection, *patches[0]), patch.object(BooksConnection, *patches[1]):
        yield


def _pages(goods: tuple[Product, ...]) -> list[CataloguePage]:
    return [
        CataloguePage(goods[start : start + PAGE], (), str(start), start + PAGE >= len(goods), len(goods))
        for start in range(0, len(goods), PAGE)
    ]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
