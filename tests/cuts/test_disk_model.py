"""The model of a disk: it knows every call that a till makes, and what a cut may leave of them."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.cuts.campaign import FORMS, Part, can_record, environment, record_day
from tests.cuts.disk import KEPT, LONG, LOST, Choice, Disk
from tests.cuts.trace import FOLDER, Name, Op, Said, Sync, SyncFolder, Truncate, UnknownCall, Write, record

recorded = pytest.mark.skipif(not can_record(), reason="system calls are recorded by strace")


def disk_after(*ops: Op) -> Disk:
    disk = Disk("/d")
    for op in ops:
        disk.take(op)
    return disk


def contents(disk: Disk, most: int = 500) -> set[bytes | None]:
    """What file /d/a may hold; None where it is not there."""
    return {disk.files(choice).get("/d/a") for choice in disk.choices(random.Random(1), most)}


MADE = (Name("/d/a", 1), SyncFolder("/d"))


def test_what_was_synced_stays_and_nothing_else_must() -> None:
    disk = disk_after(*MADE, Write(1, 0, b"old"), Sync(1), Write(1, 0, b"new"))
    assert contents(disk) == {b"old", b"new"}
    disk.take(Sync(1))
    assert contents(disk) == {b"new"}
    disk.take(Truncate(1, 1))
    assert contents(disk) == {b"new", b"n"}


def test_a_later_write_may_come_to_the_disk_before_an_earlier_one() -> None:
    disk = disk_after(*MADE, Write(1, 0, b"ab"), Write(1, 2, b"cd"))
    assert contents(disk) >= {b"", b"ab", b"abcd", b"\0\0cd", b"ab\0\0"}


def test_a_write_is_torn_at_sectors_of_the_disk() -> None:
    disk = disk_after(*MADE, Write(1, 0, b"." * 1200), Sync(1), Write(1, 100, b"x" * 1000))
    found = contents(disk)
    assert b"." * 1200 in found
    assert b"." * 100 + b"x" * 1000 + b"." * 100 in found
    assert b"." * 100 + b"x" * 412 + b"." * 688 in found  # the first sector of three
    assert b"." * 512 + b"x" * 512 + b"." * 176 in found  # the middle one
    assert all(len({*data[512:1024]}) == 1 for data in found if data is not None)  # never half a sector


def test_names_come_to_the_disk_in_their_order() -> None:
    """A file that got its name before its bytes were synced may be empty under it."""
    disk = disk_after(Name("/d/a.half", 1), Write(1, 0, b"whole"), Name("/d/a", 1, gone="/d/a.half"))
    seen = {tuple(sorted(disk.files(each).items())) for each in disk.choices(random.Random(1), 500)}
    assert {(), (("/d/a.half", b""),), (("/d/a", b""),), (("/d/a", b"whole"),)} <= seen
    assert not [each for each in seen if len(each) > 1]
    disk.take(SyncFolder("/elsewhere"))
    assert contents(disk) > {None}
    disk.take(SyncFolder("/d"))
    assert None not in contents(disk)
    disk.take(Name("/d/a", None))
    assert contents(disk) > {None}


def test_the_same_choice_is_the_same_state() -> None:
    disk = disk_after(*MADE, Write(1, 0, b"ab"), Write(1, 2, b"cd"))
    assert disk.files(Choice(0, (KEPT, LONG))) == {"/d/a": b"ab\0\0"}
    assert disk.files(Choice(0, (LOST, KEPT))) == {"/d/a": b"\0\0cd"}
    chosen = [list(disk.choices(random.Random(7), 5)) for _ in range(2)]
    assert chosen[0] == chosen[1]
    assert len(set(chosen[0])) == len(chosen[0])


PROGRAM = """
import os, sys
root, witness = sys.argv[1:]
said = os.open(witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
os.mkdir(root + "/deep")
file = os.open(root + "/deep/a.half", os.O_RDWR | os.O_CREAT | os.O_EXCL)
os.write(file, b'one "two" \\x00\\n')
os.write(file, b"three")
os.fsync(file)
os.replace(root + "/deep/a.half", root + "/deep/a")
os.write(said, b"named")
folder = os.open(root + "/deep", os.O_RDONLY)
os.fsync(folder)
os.pwrite(file, b"!", 2)
os.ftruncate(file, 4)
os.unlink(root + "/old")
os.open(root + "/nothing", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
open("/dev/null", "w").write("elsewhere")
"""


@recorded
def test_a_program_is_recorded_as_it_was(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").write_bytes(b"was there")
    words = [sys.executable, "-c", PROGRAM, str(root), str(tmp_path / "said")]
    recording = record(words, root, tmp_path / "said", environment())
    deep = f"{root}/deep"
    assert recording.ops[: recording.begin] == (
        Name(f"{root}/old", 1),
        Write(1, 0, b"was there"),
        Sync(1),
        SyncFolder(str(root)),
    )
    assert [op for op in recording.ops[recording.begin :] if not isinstance(op, Said)] == [
        Name(deep, FOLDER),
        Name(f"{deep}/a.half", 3),
        Write(3, 0, b'one "two" \x00\n'),
        Write(3, 12, b"three"),
        Sync(3),
        Name(f"{deep}/a", 3, gone=f"{deep}/a.half"),
        SyncFolder(deep),
        Write(3, 2, b"!"),
        Truncate(3, 4),
        Name(f"{root}/old", None),
        Name(f"{root}/nothing", 4),
    ]
    assert [op for op in recording.ops if isinstance(op, Said)] == [Said("named")]


@recorded
def test_a_call_that_the_model_does_not_know_is_an_error(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    program = f"import os; os.posix_fallocate(os.open({str(root / 'a')!r}, os.O_RDWR | os.O_CREAT), 0, 10)"
    with pytest.raises(UnknownCall):
        record([sys.executable, "-c", program], root, tmp_path / "said", environment())


@recorded
def test_with_nothing_lost_the_model_holds_what_the_folder_holds(tmp_path: Path) -> None:
    """Of a whole day at the till, byte for byte."""
    recording = record_day(tmp_path, Part(3, FORMS["short"]))
    disk = disk_after(*recording.ops)
    everything = Choice(len(disk._waiting_names), (KEPT,) * len(disk._waiting))
    there = {str(path): path.read_bytes() for path in (tmp_path / "disk").rglob("*") if path.is_file()}
    held = disk.files(everything)
    assert held.keys() == there.keys()
    assert [path for path in there if held[path] != there[path]] == []
