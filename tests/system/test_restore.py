"""`python -m pos_app restore`: what it lists, what it does, and what it refuses, on a till's real folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_app.__main__ import main
from pos_app.bootstrap.front import Front
from pos_app.domain.backup import BackupKind
from pos_app.domain.errors import DatabaseDamaged
from pos_app.places import Places, places
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.keys import load_keys
from pos_app.store.lock import TillLock
from pos_app.store.signer import TillSigner
from tests.store.till_world import NOON, World, begun, in_shop, paid


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return places(tmp_path / "data", tmp_path / "keys")


def open_books(where: Places) -> TillBooks:
    where.prepare()
    keys = load_keys(where.till, where.keys, use_keyring=False)
    return TillBooks(where.till, keys.database_key, in_shop, signer=TillSigner(keys.sign_key))


def sell(books: TillBooks) -> None:
    world = World(books.open_books, books.open_to_read)
    world.put(paid(begun(), world.write(lambda opened: opened.sales.next_receipt_number())))


@pytest.fixture
def name(where: Places) -> str:
    """A backup with one receipt; a second sale after it."""
    books = open_books(where)
    World(books.open_books, books.open_to_read).enrolled()
    sell(books)
    made = books.backups.make(BackupKind.CLOSING, NOON)
    sell(books)
    books.close()
    return made.name


def type_in(where: Places, *words: str) -> int:
    return main(["restore", *words, "--data", str(where.data), "--keys", str(where.keys)])


def receipts(where: Places) -> int:
    books = open_books(where)
    with books.open_to_read() as opened:
        found = opened._connection.run("SELECT count(*) FROM sales").scalar()
    books.close()
    return int(found)


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_it_lists(
    where: Places, name: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert type_in(where, *words) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(name)
    assert line.endswith("T1-000001")
    assert receipts(where) == 2


def test_it_puts_one_back_and_says_where_the_others_are(
    where: Places, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(where, name) == 0
    said = capsys.readouterr().out
    assert receipts(where) == 1
    (aside,) = (where.till / "aside").iterdir()
    assert str(aside) in said
    assert (aside / BOOKS).exists()


def test_without_backups_it_says_so(where: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_in(where) == 1
    assert "no backups" in capsys.readouterr().err


def test_it_refuses_in_words(where: Places, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert type_in(where, "closing-none.db") == 2
    assert "There is no backup closing-none.db" in capsys.readouterr().err
    lock = TillLock(where.till)
    assert type_in(where, name) == 2
    lock.release()
    assert "already open" in capsys.readouterr().err
    assert receipts(where) == 2


def test_a_damaged_file_gives_way_to_the_newest_backup(where: Places, name: str) -> None:
    """What the opening page does (R17)."""
    (where.till / BOOKS).write_bytes(b"torn")
    (where.till / f"{BOOKS}-wal").unlink(missing_ok=True)
    front = Front(where.data, where.keys)
    with pytest.raises(DatabaseDamaged):
        open_books(where)
    newest, *_ = front.backups()
    assert newest.name == name
    aside = front.put_back(newest.name)
    assert (aside / BOOKS).read_bytes() == b"torn"
    assert receipts(where) == 1
