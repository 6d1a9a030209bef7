"""What the files of every kind of till promise: copies, a disk with its ballast, and a file that can be shut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.backup import BackupKind
from pos_app.domain.errors import DatabaseDamaged, StoreTrouble
from pos_app.ports.files import Files
from pos_app.store.ground import DataDisk
from tests.fakes.till_books import FakeTill
from tests.fakes.till_files import FakeFiles
from tests.store.till_world import ENROLMENT, NOON, World, begun, in_shop, open_file, paid

SMALL = 1 << 20


@pytest.fixture(params=["file", "fake"])
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, Files]]:
    """An enrolled till, and its files."""
    if request.param == "fake":
        fake = FakeTill(in_shop)
        yield World(fake.open_books, fake.open_to_read).enrolled(), FakeFiles(fake).files
        return
    books = open_file(tmp_path)
    disk = DataDisk(tmp_path, SMALL)
    try:
        yield World(books.open_books, books.open_to_read).enrolled(), Files(books, disk, books.backups)
    finally:
        books.close()


def test_a_copy_says_what_it_is(till: tuple[World, Files]) -> None:
    world, files = till
    assert tuple(files.backups.all()) == ()
    first = files.backups.make(BackupKind.HAND, NOON)
    assert (first.kind, first.at, first.receipt) == (BackupKind.HAND, NOON, "")
    assert first.size > 0
    world.put(paid(begun(), world.write(lambda books: books.sales.next_receipt_number())))
    later = NOON + timedelta(microseconds=1)
    second = files.backups.make(BackupKind.CLOSING, later)
    assert (second.kind, second.at, second.receipt) == (
        BackupKind.CLOSING,
        later,
        f"{ENROLMENT.till_code}-000001",
    )
    assert tuple(files.backups.all()) == (second, first)
    files.backups.drop(first.name)
    files.backups.drop(first.name)
    assert tuple(files.backups.all()) == (second,)


def test_a_ballast_takes_room_and_gives_it_up(till: tuple[World, Files]) -> None:
    _, files = till
    assert files.disk.free_bytes() > 0
    assert not files.disk.has_ballast
    files.disk.drop_ballast()
    files.disk.lay_ballast()
    assert files.disk.has_ballast
    files.disk.drop_ballast()
    assert not files.disk.has_ballast


def test_what_was_shut_takes_nothing_more_and_is_read(till: tuple[World, Files]) -> None:
    world, files = till
    assert files.books.broken is None
    assert files.books.checkpoint()
    files.books.shut("a page is torn")
    assert isinstance(files.books.broken, DatabaseDamaged)
    assert not files.books.checkpoint()
    with pytest.raises(StoreTrouble):
        world.put(begun())
    assert world.read(lambda books: books.till.enrolment()) == ENROLMENT
