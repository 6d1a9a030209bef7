"""P2: the commit of a whole sale, beside raw sqlite3 that writes the same rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlcipher3 import dbapi2

from bench.goods import products
from bench.measure import Promise, folder_on_disk, show, side_by_side
from pos_app.domain.card_code import CardCode, CardState
from pos_app.domain.catalogue import CataloguePage, Payload, Product, ProductKind
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.payment import pay_cash
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import Shift
from pos_app.domain.till import Enrolment
from pos_app.store.books import TillBooks
from pos_app.store.connection import BooksConnection, Rows
from tests.fakes.till_signer import fake_signer

PROMISE = Promise("P2 commit of a whole sale, WAL + FULL", must=3.0, aim=2.2)
TURNS = 1_500
CHECKPOINT_EVERY = 100
_WARM_UP = 50
_NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
_DAY = date(2026, 11, 22)
_ENROLMENT = Enrolment("shop", "Shop", "till-id", "T1", 1, "CNY", "http://127.0.0.1:1", "key")

_Written = list[tuple[str, Any, bool]]


@dataclass(frozen=True)
class Rung:
    """A sale that is paid, with the cards, papers and message of the same moment."""

    sale: Sale
    cards: tuple[CardCode, ...]
    papers: tuple[Paper, ...]
    message: Message
    body: dict[str, Any]


def main() -> int:
    """Prints measure, floor and ratio; 0 when the promise is kept."""
    goods = tuple(p for p in products(400) if p.kind is ProductKind.CODE and p.allows(1))
    rung = [_rung(number, goods) for number in range(TURNS + _WARM_UP)]
    with folder_on_disk() as folder:
        written = _rows_of(folder / "recorded", goods, rung)
        books, plain = _till(folder / "measured", goods), _plain_file(folder / "plain.db", goods, folder)

        def measure(turn: int) -> None:
            _sell(books, rung[turn])

        def floor(turn: int) -> None:
            _write_raw(plain, written[turn])

        for turn in range(_WARM_UP):
            measure(turn)
            floor(turn)
        results = side_by_side(
            TURNS,
            lambda turn: floor(turn + _WARM_UP),
            lambda turn: measure(turn + _WARM_UP),
            between=_checkpoints(books, plain),
        )
        rows = sum(len(values) if many else 1 for _, values, many in written[_WARM_UP])
        statements = len(written[_WARM_UP])
        print(f"A sale of two codes: {rows} rows in {statements} statements; {TURNS} sales, one commit each.")
        kept = show(PROMISE, *results)
        plain.close()
        books.close()
    return 0 if kept else 1


def _checkpoints(books: TillBooks, plain: Any) -> Callable[[int], None]:
    """The heartbeat's work, outside of what is timed."""

    def between(turn: int) -> None:
        if turn % CHECKPOINT_EVERY == 0:
            books.checkpoint()
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    return between


def _sell(books: TillBooks, rung: Rung) -> None:
    with books.open_books() as opened:
        number = opened.sales.next_receipt_number()
        opened.sales.put(replace(rung.sale, receipt_number=number))
        for card in rung.cards:
            opened.cards.put(card)
        for paper in rung.papers:
            opened.papers.put(paper)
        opened.ledger.append("sale_paid", _NOON, _DAY, rung.body)
        opened.outbox.add(rung.message)
        opened.commit()


def _write_raw(connection: Any, written: _Written) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement, values, many in written:
        if many:
            connection.executemany(statement, values)
        else:
            connection.execute(statement, values).fetchall()
    connection.execute("COMMIT")


def _rows_of(folder: Path, goods: tuple[Product, ...], rung: list[Rung]) -> list[_Written]:
    """What each sale writes, taken down from the store itself; what it reads is left away."""
    books = _till(folder, goods)
    all_written: list[_Written] = []
    current: _Written = []

    def take_down(statement: str, values: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            current.append((statement, values, many))

    with _listening(take_down):
        for one in rung:
            current = []
            _sell(books, one)
            all_written.append(current)
    books.close()
    return all_written


@contextmanager
def _listening(take_down: Callable[[str, Any, bool], None]) -> Iterator[None]:
    """Tells every statement of a shelf on its way to the driver."""
    run, run_many = BooksConnection.run, BooksConnection.run_many

    def told(self: BooksConnection, statement: str, values: Any = ()) -> Rows:
        take_down(statement, values, False)
        return run(self, statement, values)

    def told_many(self: BooksConnection, statement: str, rows: Any) -> None:
        take_down(statement, rows, True)
        run_many(self, statement, rows)

    with patch.object(BooksConnection, "run", told), patch.object(BooksConnection, "run_many", told_many):
        yield


def _till(folder: Path, goods: tuple[Product, ...]) -> TillBooks:
    folder.mkdir()
    books = TillBooks(folder, bytes(range(32)), lambda at: at + timedelta(hours=8), signer=fake_signer())
    with books.open_books() as opened:
        opened.till.enrol(_ENROLMENT)
        opened.shifts.open(Shift("shift", "ann", "Ann", _NOON, Money(0), _DAY))
        opened.catalogue.apply(CataloguePage(goods, (), "c", True, len(goods)), _NOON, True)
        opened.commit()
    books.checkpoint()
    return books


def _plain_file(path: Path, goods: tuple[Product, ...], folder: Path) -> Any:
    """The same tables, unencrypted, on the same SQLite."""
    model = _till(folder / "model", goods)
    connection = dbapi2.connect(str(path), isolation_level=None, cached_statements=256)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "wal_autocheckpoint = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA secure_delete = ON")
    with model.open_to_read() as opened:
        ask = opened._connection.run
        tables = ask("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC").all()
        for name, sql in tables:
            if "_index_" not in name and not name.startswith("sqlite_"):
                connection.execute(sql)
        for name in ("enrolment", "shifts", "categories", "products"):
            for row in ask(f"SELECT * FROM {name}").all():
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", tuple(row))
    model.close()
    return connection


def _rung(number: int, goods: tuple[Product, ...]) -> Rung:
    sale_id = _id(number, 0)
    sale = Sale(sale_id, "CNY")
    for place in range(2):
        sale = sale.with_product(goods[(number * 7 + place * 13) % len(goods)], 1, _id(number, 1 + place))
    sale = sale.started(_NOON, "ann", "shift", _DAY).moved_to(SaleState.RESERVED)
    paid = sale.paid((pay_cash(sale.total, sale.total + Money(1_000)),), _NOON, "T1")
    cards = tuple(
        CardCode(
            _id(number, 3 + place),
            sale_id,
            line.line_id,
            line.product.id,
            Payload.NUMBER_PIN,
            line.product.face,
            bytes(220),
            CardState.REVEALING,
        )
        for place, line in enumerate(paid.lines)
    )
    papers = tuple(
        Paper(_id(number, 5 + place), PaperKind.CODE, sale_id, card.card_id, 1, PaperState.DUE, _NOON)
        for place, card in enumerate(cards)
    )
    body = {
        "sale_id": sale_id,
        "total_minor": paid.total.minor,
        "lines": [
            {"line_id": line.line_id, "product_id": line.product.id, "price_minor": line.price.minor}
            for line in paid.lines
        ],
    }
    message = Message.new(_id(number, 7), MessageKind.ACK, sale_id, _NOON)
    return Rung(paid, cards, papers, message, json.loads(json.dumps(body)))


def _id(number: int, place: int) -> str:
    """Rising ids, as UUIDv7 are."""
    return f"0199{number:08x}-{place:04d}-7000-8000-000000000000"
