"""A file of before electronic money takes it after the upgrade, and what was given back so far was cash."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale
from pos_app.store import migrate
from pos_app.store.books import BOOKS
from tests.fakes.till_goods import code_product
from tests.fakes.till_money import asked_refund, sent_attempt
from tests.store.old_file import with_later_columns
from tests.store.till_world import DAY, KEY, NOON, World, begun, done, open_file, paid

AT = NOON + timedelta(hours=1, milliseconds=250)
_OLD = "INSERT INTO refunds (sale_id, line_id, amount, at, business_date, shift_id) VALUES (?, ?, ?, ?, ?, ?)"


def an_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Sale:
    """A till of one step before, with a sale of three lines; two of them given back, the free one for nothing."""
    steps = folder / "steps"
    (steps / "versions").mkdir(parents=True)
    real = Path(migrate.__file__).parent / "migrations"
    for name in ("env.py", "versions/0001_first_books.py", "versions/0002_picture_codes.py"):
        (steps / name).write_text((real / name).read_text())
    with monkeypatch.context() as before:
        before.setattr(migrate, "HEAD", "0002")
        before.setattr(migrate, "STEPS", steps)
        with with_later_columns(folder):
            books = open_file(folder)
            world = World(books.open_books, books.open_to_read).enrolled()
            free = code_product(3, face=0)
            world.stock(code_product(1), code_product(2), free)
            world.open_shift()
            sale = paid(begun((code_product(1), 1), (code_product(2), 1), (free, 1)), "T1-000001")
            world.put(sale)
            first, _, third = (line.line_id for line in sale.lines)
            sale = done(sale).with_refund(first, sale.lines[0].total)
            world.put(sale)
            books.close()
    at = int(AT.timestamp() * 1_000_000)
    with dbapi2.connect(str(folder / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute(_OLD, (sale.id, first, 10_000, at, DAY.isoformat(), "shift-1"))
        connection.execute(_OLD, (sale.id, third, 0, at, DAY.isoformat(), None))
    connection.close()
    return sale


def test_what_was_given_back_before_was_cash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = an_old_file(tmp_path, monkeypatch)
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    assert books.inspector.trouble() == []
    (refund,) = world.read(lambda found: found.refunds.of_sale(sale.id))
    line = sale.lines[0].line_id
    assert refund == Refund(
        f"{sale.id}:{line}", sale.id, line, Tender.CASH, Money(10_000), AT, DAY, "shift-1", RefundState.DONE
    )
    assert world.read(lambda found: found.refunds.get(refund.number)) == refund
    assert world.read(lambda found: found.refunds.unsettled()) == ()
    assert world.read(lambda found: found.refunds.since(AT)) == (refund,)
    books.close()


def test_the_old_file_takes_electronic_money(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = an_old_file(tmp_path, monkeypatch)
    books = open_file(tmp_path)
    world = World(books.open_books, books.open_to_read)
    attempt = sent_attempt(sale_id=sale.id)
    world.write(lambda found: found.attempts.put(attempt))
    line = sale.lines[1].line_id
    back = sale.with_refund(line, Money(2_000))
    second = asked_refund(sale_id=sale.id, line_id=line)
    world.put(back)
    world.write(lambda found: found.refunds.add(second, back))
    assert world.read(lambda found: found.attempts.of_sale(sale.id)) == (attempt,)
    assert world.read(lambda found: found.refunds.of_sale(sale.id))[1:] == (second,)
    assert world.read(lambda found: found.sales.get(sale.id)).lines[1].kept == Money(8_000)
    assert books.inspector.trouble() == []
    books.close()


def test_a_refund_of_no_shift_is_still_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = an_old_file(tmp_path, monkeypatch)
    with dbapi2.connect(str(tmp_path / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("UPDATE refunds SET shift_id = NULL")
    connection.close()
    books = open_file(tmp_path)
    with books.open_to_read() as found:
        assert [each.shift_id for each in found.refunds.of_sale(sale.id)] == [""]
    books.close()
