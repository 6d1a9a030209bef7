"""A disk that runs full: nothing new is begun, what was begun ends, and there is room kept for it."""

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from platform_server.domain.errors import NoSpace
from platform_server.flows.mind_disk import KeepBallast, MindDisk
from platform_server.store import ground
from platform_server.store.ground import BallastFile, DiskGround
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import line_of, new_id
from tests.server.test_api import refused


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
        assert running.invariants() == []


@dataclass
class HandDisk:
    """Both promises of the ground, by hand."""

    free: int = 0
    size: int = 64
    is_there: bool = False
    done: list[str] = field(default_factory=list)

    def free_bytes(self) -> int:
        return self.free

    def lay(self) -> None:
        self.is_there = True
        self.done.append("laid")

    def give_up(self) -> None:
        self.is_there = False
        self.done.append("given up")


def test_nothing_new_is_begun_below_the_floor() -> None:
    disk = HandDisk(200)
    MindDisk(disk, 200)()
    disk.free = 199
    with pytest.raises(NoSpace):
        MindDisk(disk, 200)()


@pytest.mark.parametrize(
    ("free", "is_there", "done"),
    [
        (327, False, []),
        (328, False, ["laid"]),
        (328, True, []),
        (64, True, []),
        (63, True, ["given up"]),
        (63, False, []),
    ],
)
def test_the_ballast_is_there_while_there_is_room(free: int, is_there: bool, done: list[str]) -> None:
    disk = HandDisk(free, is_there=is_there)
    keep = KeepBallast(disk, disk, 200)
    for _ in range(2):  # it does not go to and fro
        keep()
        assert disk.done == done


def test_a_till_ends_its_sales_while_new_ones_wait(platform: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    till = platform.till()
    (card,) = [product for product in till.catalogue() if product["kind"] == "code"]
    sold, left = new_id(), new_id()
    for sale in (sold, left):
        assert till.reserve(sale, [line_of(card)]).status_code == 200
    monkeypatch.setattr(DiskGround, "free_bytes", lambda _: 1)
    answer = till.reserve(new_id(), [line_of(card)])
    refused(answer, "UNAVAILABLE", 503)
    assert (answer.json["retryable"], "retry-after" in answer.headers) == (True, True)
    assert till.reserve(sold, [line_of(card)]).is_replay  # a repeat hears what stands
    (handed,) = till.step(sold, "confirm").json["cards"]
    till.step(left, "cancel")
    slip = [{"card_id": handed["card_id"], "printed": "yes", "copies": 1}]
    assert till.step(sold, "ack", cards=slip, receipt_hash="0" * 64).json["state"] == "DELIVERED"
    monkeypatch.undo()
    assert till.reserve(new_id(), [line_of(card)]).status_code == 200


def test_the_ballast_takes_its_space_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ballast = BallastFile(tmp_path / "ballast", (1 << 20) + 5)
    assert not ballast.is_there
    ballast.lay()
    taken = ballast.path.stat()
    assert taken.st_size == ballast.size
    if os.name == "posix":
        assert taken.st_blocks * 512 >= ballast.size
    ballast.give_up()
    assert not ballast.is_there
    monkeypatch.delattr(os, "posix_fallocate", raising=False)  # as on Windows
    ballast.lay()
    assert ballast.path.stat().st_size == ballast.size
    ballast.give_up()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ground, "_fill", full)
    ballast.lay()
    assert list(tmp_path.iterdir()) == []
