"""The anchor's promises, over files and in memory; and what a damaged, missing or refused file does to them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from pos_app.domain.errors import DiskTrouble
from pos_app.domain.ledger import AnchorMark
from pos_app.places import places
from pos_app.ports.anchor import Anchor
from pos_app.store.anchor import UNREADABLE, FileAnchor
from tests.fakes.till_leases import FakeAnchor

MARK = AnchorMark(2, 30)


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "keys" / "id.anchor", tmp_path / "state" / "id.anchor"


@pytest.fixture(params=["files", "fake"])
def anchor(request: pytest.FixtureRequest, paths: tuple[Path, Path]) -> Anchor:
    return FakeAnchor() if request.param == "fake" else FileAnchor(paths)


def test_it_only_rises(anchor: Anchor) -> None:
    assert anchor.read() == AnchorMark()
    for mark, stands in (
        (AnchorMark(1, 5), AnchorMark(1, 5)),
        (AnchorMark(1, 4), AnchorMark(1, 5)),
        (AnchorMark(2, 0), AnchorMark(2, 0)),
        (AnchorMark(1, 99), AnchorMark(2, 0)),
        (AnchorMark(2, 1), AnchorMark(2, 1)),
    ):
        anchor.raise_to(mark)
        assert anchor.read() == stands


def test_the_next_program_reads_it(paths: tuple[Path, Path]) -> None:
    FileAnchor(paths).raise_to(MARK)
    assert FileAnchor(paths).read() == MARK
    FileAnchor(paths).raise_to(AnchorMark(1, 1))
    assert FileAnchor(paths).read() == MARK


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("harm", ["missing", "empty", "torn", "lowered"])
def test_the_sound_one_counts(paths: tuple[Path, Path], which: int, harm: str) -> None:
    FileAnchor(paths).raise_to(MARK)
    text = paths[which].read_text()
    if harm == "missing":
        paths[which].unlink()
    else:
        paths[which].write_text({"empty": "", "torn": text[:-8], "lowered": text.replace("30", "29")}[harm])
    anchor = FileAnchor(paths)
    assert anchor.read() == MARK
    anchor.raise_to(AnchorMark(2, 31))
    paths[1 - which].unlink()
    assert FileAnchor(paths).read() == AnchorMark(2, 31)  # what was damaged is good again


def test_an_older_copy_of_one_file_is_outvoted(paths: tuple[Path, Path]) -> None:
    FileAnchor(paths).raise_to(AnchorMark(1, 1))
    old = paths[0].read_text()
    FileAnchor(paths).raise_to(MARK)
    paths[0].write_text(old)
    assert FileAnchor(paths).read() == MARK


def test_none_that_can_be_read_is_beyond_every_ledger(paths: tuple[Path, Path]) -> None:
    FileAnchor(paths).raise_to(MARK)
    for path in paths:
        path.write_text("{}")
    anchor = FileAnchor(paths)
    assert anchor.read() == UNREADABLE
    anchor.raise_to(AnchorMark(3, 0))  # the till began anew
    assert FileAnchor(paths).read() == AnchorMark(3, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_only_its_owner_reads_it(paths: tuple[Path, Path]) -> None:
    FileAnchor(paths).raise_to(MARK)
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]


def test_one_place_that_refuses_is_borne_both_are_not(
    paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths[0].parent.write_text("a file in the folder's place")
    anchor = FileAnchor(paths)
    anchor.raise_to(MARK)
    assert FileAnchor(paths).read() == MARK
    paths[1].unlink()
    paths[1].parent.rmdir()
    paths[1].parent.write_text("here too")
    with pytest.raises(DiskTrouble):
        anchor.raise_to(AnchorMark(2, 31))


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")
def test_the_folder_is_synced_too(paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(number: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    FileAnchor(paths).raise_to(MARK)
    assert synced == ["file", "folder"] * 2

    def broken(number: int) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(DiskTrouble):
        FileAnchor(paths).raise_to(AnchorMark(2, 31))


def test_it_lies_in_two_places_outside_the_data(tmp_path: Path) -> None:
    where = places(tmp_path / "data", tmp_path / "keys")
    one, other = where.anchors("store")
    assert one.parent != other.parent
    assert not any(path.is_relative_to(where.data) for path in (one, other))
    mine = places(tmp_path / "data").anchors("store")
    assert mine[0].parent != mine[1].parent
    assert all(path.name == "store.anchor" for path in (one, other, *mine))
