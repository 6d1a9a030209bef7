"""Copies of the file: whole or not there, put back without a loss at any moment; and a file that fails is left alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from pos_app.domain.backup import Backup, BackupKind
from pos_app.domain.errors import (
    BrokenOff,
    DatabaseDamaged,
    DatabaseForeign,
    DiskTrouble,
    NoSuchBackup,
    StoreTrouble,
)
from pos_app.store import backups, ground, put_back
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.connection import BooksConnection
from pos_app.store.ground import DataDisk
from pos_app.store.inspector import SOUND
from tests.store.till_world import DAY, KEY, NOON, World, begun, open_file, paid

STAMP = "20261122T050000000000Z"


def world_of(books: TillBooks) -> World:
    return World(books.open_books, books.open_to_read)


def sell(books: TillBooks) -> str:
    """A sale with its receipt number and an entry of the ledger."""
    world = world_of(books)
    number: str = world.write(lambda opened: opened.sales.next_receipt_number())
    world.put(paid(begun(), number))
    world.write(lambda opened: opened.ledger.append("sale_paid", NOON, DAY, {"receipt": number}))
    return number


def numbers(books: TillBooks) -> list[str]:
    with books.open_to_read() as opened:
        rows = opened._connection.run("SELECT receipt_number FROM sales ORDER BY receipt_number").scalars()
    return [str(row) for row in rows]


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """A folder with one sale in a backup, and a second one after it, closed."""
    books = open_file(tmp_path)
    world_of(books).enrolled()
    sell(books)
    books.backups.make(BackupKind.CLOSING, NOON)
    sell(books)
    books.close()
    return tmp_path


def the_backup(till: Path) -> Backup:
    (found,) = backups.backups_in(till / "backups")
    return found


def flip(path: Path, page: int) -> None:
    data = bytearray(path.read_bytes())
    data[page * 4096 + 100] ^= 1
    path.write_bytes(bytes(data))


# --- made ---


def test_a_copy_is_made_while_somebody_sells(till: Path) -> None:
    books = open_file(till)
    with books.open_books() as opened:
        opened.sales.put(begun())  # not committed: no part of it
        made = books.backups.make(BackupKind.HAND, NOON)
        opened.commit()
    assert made.receipt == "T1-000002"
    with backups.looking_at(till / "backups" / made.name, KEY) as ask:
        assert ask("SELECT count(*) FROM sales", ()) == [(2,)]
    books.close()
    if os.name == "posix":
        assert (till / "backups" / made.name).stat().st_mode & 0o077 == 0


def test_what_was_left_of_a_crash_is_no_copy(till: Path) -> None:
    (till / "backups" / "closing-x.half").write_bytes(b"half")
    (till / "backups" / "other.db").write_bytes(b"not ours")
    books = open_file(till)
    books.backups.make(BackupKind.HAND, NOON)
    books.close()
    names = {path.name for path in (till / "backups").iterdir()}
    assert len(backups.backups_in(till / "backups")) == 2
    assert not any(name.endswith(".half") for name in names)
    assert "other.db" in names


@pytest.mark.parametrize("spoilt", ["chain", "links", "pages", "shorter", "other"])
def test_a_copy_that_is_not_sound_gets_no_name(
    till: Path, monkeypatch: pytest.MonkeyPatch, spoilt: str
) -> None:
    """Whatever went wrong between the books and the copy."""
    books = open_file(till)
    real = ground.sync_file

    def spoil(path: Path) -> None:
        real(path)
        if spoilt == "pages":
            flip(path, path.stat().st_size // 4096 - 2)
            return
        connection = dbapi2.connect(str(path), isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute(
            {
                "chain": "UPDATE ledger SET body = '{}' WHERE seq = 1",
                "links": "DELETE FROM sales",
                "shorter": "DELETE FROM ledger WHERE seq = 2",
                "other": "UPDATE ledger SET epoch = 7",
            }[spoilt]
        )
        connection.close()

    monkeypatch.setattr(backups, "sync_file", spoil)
    with pytest.raises(StoreTrouble):
        books.backups.make(BackupKind.HAND, NOON)
    assert books.broken is None
    books.close()
    assert [each.kind for each in backups.backups_in(till / "backups")] == [BackupKind.CLOSING]
    assert not list((till / "backups").glob("*.half"))


def test_no_copy_takes_the_room_that_selling_needs(till: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    books = open_file(till)
    monkeypatch.setattr(backups, "free_bytes", lambda folder: 200_000_000)
    with pytest.raises(DiskTrouble) as caught:
        books.backups.make(BackupKind.HAND, NOON)
    books.close()
    assert caught.value.cause == "full"


def test_a_folder_that_cannot_be_written_is_said(till: Path) -> None:
    shutil.rmtree(till / "backups")
    (till / "backups").write_text("in the way")
    books = open_file(till)
    with pytest.raises(DiskTrouble):
        books.backups.make(BackupKind.HAND, NOON)
    assert books.broken is None
    assert numbers(books) == ["T1-000001", "T1-000002"]
    books.close()


@pytest.mark.parametrize("long", ["look", "copy"])
def test_what_takes_long_is_broken_off_when_the_till_closes(
    till: Path, monkeypatch: pytest.MonkeyPatch, long: str
) -> None:
    books = open_file(till)
    real = books._engine.taking_long

    @contextmanager
    def and_hurry(connection: dbapi2.Connection) -> Iterator[None]:
        connection.set_progress_handler(books.hurry, 1)  # called in the middle of a statement
        with real(connection):
            yield

    monkeypatch.setattr(books._engine, "taking_long", and_hurry)
    with pytest.raises(BrokenOff):
        books.inspector.trouble() if long == "look" else books.backups.make(BackupKind.HAND, NOON)
    monkeypatch.undo()
    assert books.broken is None
    assert len(list((till / "backups").iterdir())) == 1
    books.close()


# --- put back ---


def test_put_back_sets_aside_and_deletes_nothing(till: Path) -> None:
    (till / SOUND).write_text("{}")
    before = (till / BOOKS).read_bytes()
    aside = put_back.put_back(till, BOOKS, the_backup(till).name, KEY, STAMP)
    assert (aside / BOOKS).read_bytes() == before
    assert not (till / SOUND).exists()
    books = open_file(till)
    assert numbers(books) == ["T1-000001"]
    assert books.inspector.trouble() == []
    books.close()
    assert the_backup(till).receipt == "T1-000001"


class _PowerCut(BaseException):
    """Nothing after this moment happens."""


def test_put_back_is_carried_to_its_end_after_a_power_cut_at_any_move(
    till: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Cut off before each move in turn: the next start has either the old books or the chosen copy, and no sale is gone."""
    real = Path.replace
    seen: set[tuple[str, ...]] = set()
    for moment in range(1, 20):
        folder = tmp_path_factory.mktemp("cut") / "till"
        shutil.copytree(till, folder)
        (folder / f"{BOOKS}-wal").write_bytes(b"")
        left = moment

        def cut(self: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if not left:
                raise _PowerCut
            return real(self, target)

        monkeypatch.setattr(Path, "replace", cut)
        try:
            put_back.put_back(folder, BOOKS, the_backup(folder).name, KEY, STAMP)
        except _PowerCut:
            is_cut = True
        else:
            is_cut = False
        monkeypatch.undo()
        books = open_file(folder)
        found = tuple(numbers(books))
        books.close()
        seen.add(found)
        if len(found) == 1:
            aside = folder / "aside" / STAMP
            old = folder / "old"
            old.mkdir()
            shutil.copy(aside / BOOKS, old / BOOKS)
            kept = open_file(old)
            assert numbers(kept) == ["T1-000001", "T1-000002"]
            kept.close()
        if not is_cut:
            break
    else:
        pytest.fail("it never came to its end")
    assert moment > 4
    assert seen == {("T1-000001",), ("T1-000001", "T1-000002")}


@pytest.mark.parametrize("name", ["none.db", "../books.db", "", "."])
def test_only_a_backup_is_put_back(till: Path, name: str) -> None:
    with pytest.raises(NoSuchBackup):
        put_back.put_back(till, BOOKS, name, KEY, STAMP)
    assert not (till / "aside").exists()


def test_a_damaged_or_foreign_backup_is_refused_and_nothing_moved(till: Path) -> None:
    name = the_backup(till).name
    before = (till / BOOKS).read_bytes()
    with pytest.raises((DatabaseForeign, DatabaseDamaged)):
        put_back.put_back(till, BOOKS, name, b"k" * 32, STAMP)
    flip(till / "backups" / name, 9)
    with pytest.raises(StoreTrouble):
        put_back.put_back(till, BOOKS, name, KEY, STAMP)
    assert (till / BOOKS).read_bytes() == before
    assert not (till / "aside").exists()


@pytest.mark.parametrize("left", ["backup", "log"])
def test_books_that_are_gone_are_not_begun_anew(till: Path, left: str) -> None:
    """An empty file in their place would give out receipt 1 again."""
    (till / BOOKS).unlink()
    if left == "log":
        shutil.rmtree(till / "backups")
        (till / f"{BOOKS}-wal").touch()
    with pytest.raises(DatabaseDamaged) as caught:
        open_file(till)
    assert caught.value.found == "it is gone"
    assert not (till / BOOKS).exists()


# --- looked over at the start ---


def edit(till: Path, statement: str) -> None:
    connection = dbapi2.connect(str(till / BOOKS), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute(statement)
    connection.close()


def test_the_recent_look_sees_what_is_new_and_the_whole_look_sees_all(till: Path) -> None:
    books = open_file(till)
    assert books.inspector.recent_trouble() == books.inspector.trouble() == []
    sell(books)
    books.close()
    edit(till, "UPDATE ledger SET body = '{}' WHERE seq = 1")  # before the last whole look
    books = open_file(till)
    assert books.inspector.recent_trouble() == []
    assert books.inspector.trouble() == ["The ledger of epoch 1 is broken at entry 1."]
    books.close()
    edit(till, "UPDATE ledger SET body = '{}' WHERE seq = 3")
    books = open_file(till)
    assert books.inspector.recent_trouble() == ["The ledger of epoch 1 is broken at entry 3."]
    books.close()


@pytest.mark.parametrize("kept", ["", "[]", '{"1": 3}', '{"1": [9, "x"]}', '{"x": [1, "y"]}'])
def test_without_a_good_memory_all_of_the_ledger_is_looked_at(till: Path, kept: str) -> None:
    (till / SOUND).write_text(kept)
    edit(till, "UPDATE ledger SET digest = 'x' WHERE seq = 1")
    books = open_file(till)
    assert books.inspector.recent_trouble() == ["The ledger of epoch 1 is broken at entry 1."]
    books.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET at = at + 1 WHERE seq = 1",
        "UPDATE ledger SET business_date = '2026-11-23' WHERE seq = 1",
        "UPDATE ledger SET kind = 'x' WHERE seq = 1",
        "UPDATE ledger SET till = 'x' WHERE seq = 1",
        "UPDATE ledger SET body = body || ' ' WHERE seq = 1",
        "UPDATE ledger SET prev = digest WHERE seq = 1",
        "UPDATE ledger SET digest = prev WHERE seq = 2",
        "UPDATE ledger SET seq = seq + 10",
        "DELETE FROM ledger WHERE seq = 1",
        "UPDATE ledger SET epoch = 2 WHERE seq = 2",
    ],
)
def test_any_edit_of_the_ledger_is_found(till: Path, statement: str) -> None:
    edit(till, statement)
    books = open_file(till)
    assert books.inspector.recent_trouble() != []
    books.close()


# --- trouble with the disk ---


def failing(
    monkeypatch: pytest.MonkeyPatch, word: str, error: Callable[[Path], StoreTrouble], path: Path
) -> None:
    real = BooksConnection.run

    def fail(self: BooksConnection, statement: str, *rest: object) -> object:
        if word in statement:
            raise error(path)
        return real(self, statement, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(BooksConnection, "run", fail)


def io_error(path: Path) -> StoreTrouble:
    return DiskTrouble(path=str(path), cause="broken")


def torn(path: Path) -> StoreTrouble:
    return DatabaseDamaged(path=str(path), found="malformed")


@pytest.mark.parametrize("error", [io_error, torn])
@pytest.mark.parametrize(
    "word", ["SELECT value FROM counters", "INSERT INTO ledger", "wal_checkpoint", "max(at)"]
)
def test_trouble_anywhere_ends_the_writing_and_not_the_reading(
    till: Path, monkeypatch: pytest.MonkeyPatch, word: str, error: Callable[[Path], StoreTrouble]
) -> None:
    books = open_file(till)
    world = world_of(books)
    world.put(begun())
    failing(monkeypatch, word, error, till / BOOKS)
    if word == "wal_checkpoint":
        assert books.checkpoint() is False
    else:
        work = {
            "SELECT value FROM counters": lambda: world.read(
                lambda opened: opened._connection.run("SELECT value FROM counters")
            ),
            "INSERT INTO ledger": lambda: sell(books),
            "max(at)": lambda: world.read(lambda opened: opened.ledger.latest_at()),
        }[word]
        with pytest.raises(StoreTrouble):
            work()
    monkeypatch.undo()
    assert isinstance(books.broken, StoreTrouble)
    with pytest.raises(StoreTrouble):
        world.put(begun())
    assert {"T1-000001", "T1-000002"} <= set(numbers(books))
    books.close()
    again = open_file(till)
    assert again.broken is None
    sell(again)
    again.close()


def test_trouble_with_another_file_is_not_ours(till: Path, tmp_path: Path) -> None:
    books = open_file(till)
    with pytest.raises(DiskTrouble), books.open_to_read():
        raise DiskTrouble(path=str(tmp_path / "report.xlsx"), cause="broken")
    assert books.broken is None
    books.close()


def test_a_full_disk_gives_up_the_ballast_and_the_next_try_succeeds(
    till: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = open_file(till)
    books.disk = DataDisk(till, 1 << 20)
    books.disk.lay_ballast()
    assert (till / ground.BALLAST).stat().st_size == 1 << 20
    failing(monkeypatch, "COMMIT", lambda path: DiskTrouble(path=str(path), cause="full"), till / BOOKS)
    with pytest.raises(DiskTrouble):
        sell(books)
    monkeypatch.undo()
    assert not (till / ground.BALLAST).exists()
    assert books.broken is None
    sell(books)
    books.close()


def test_a_disk_that_refuses_a_ballast_is_no_trouble(tmp_path: Path) -> None:
    disk = DataDisk(tmp_path / "none", 1 << 20)
    disk.lay_ballast()
    assert not disk.has_ballast
    with pytest.raises(DiskTrouble):
        disk.free_bytes()


def test_closing_brings_the_log_back(till: Path) -> None:
    books = open_file(till)
    sell(books)
    books.close()
    wal = till / f"{BOOKS}-wal"
    assert not wal.exists() or wal.stat().st_size == 0
