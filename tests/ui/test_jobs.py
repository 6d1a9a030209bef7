"""Three lanes: order within one, none waits for another, and everything comes back on the screen's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import EmptySale, PosError
from pos_app.ui.jobs import Jobs
from pos_app.ui.run import Lane


class Heard:
    def __init__(self) -> None:
        self.done: list[Any] = []
        self.failed: list[PosError] = []
        self.crashed: list[BaseException] = []
        self.threads: set[int] = set()

    def took(self, result: Any) -> None:
        self.threads.add(threading.get_ident())
        self.done.append(result)

    def refused(self, error: PosError) -> None:
        self.threads.add(threading.get_ident())
        self.failed.append(error)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def jobs(qapp: QApplication, heard: Heard) -> Iterator[Jobs]:
    made = Jobs(heard.crashed.append)
    yield made
    made.shut_down()


def test_results_come_in_order_on_the_screens_thread(jobs: Jobs, heard: Heard) -> None:
    workers: list[str] = []

    def work(number: int) -> int:
        workers.append(threading.current_thread().name)
        return number

    for number in range(200):
        jobs(Lane.STORE, lambda number=number: work(number), heard.took, heard.refused)  # type: ignore[misc]
    jobs.wait_idle()
    assert heard.done == list(range(200))
    assert heard.threads == {threading.get_ident()}
    assert {name.rsplit("_", 1)[0] for name in workers} == {"lane-store"}


def test_a_lane_waits_for_no_other(jobs: Jobs, heard: Heard) -> None:
    gate = threading.Event()
    jobs(Lane.WIRE, lambda: gate.wait(5), heard.took, heard.refused)
    jobs(Lane.PAPER, lambda: gate.set(), heard.took, heard.refused)
    jobs.wait_idle()
    assert True in heard.done


def test_what_we_foresee_fails_and_what_we_do_not_crashes(jobs: Jobs, heard: Heard) -> None:
    def foreseen() -> None:
        raise EmptySale

    def unforeseen() -> None:
        raise ZeroDivisionError

    jobs(Lane.STORE, foreseen, heard.took, heard.refused)
    jobs(Lane.STORE, unforeseen, heard.took, heard.refused)
    jobs.wait_idle()
    assert [type(error) for error in heard.failed] == [EmptySale]
    assert [type(error) for error in heard.crashed] == [ZeroDivisionError]
    assert heard.done == []


def test_after_the_end_nothing_is_delivered(jobs: Jobs, heard: Heard, qapp: QApplication) -> None:
    gate = threading.Event()
    jobs(Lane.STORE, lambda: gate.wait(5), heard.took, heard.refused)
    jobs(Lane.STORE, lambda: 2, heard.took, heard.refused)
    gate.set()
    jobs.shut_down()
    jobs(Lane.STORE, lambda: 3, heard.took, heard.refused)
    qapp.processEvents()
    assert heard.done == []
    assert jobs.is_idle


def test_waiting_for_too_long_is_said(jobs: Jobs, heard: Heard) -> None:
    gate = threading.Event()
    jobs(Lane.STORE, lambda: gate.wait(5), heard.took, heard.refused)
    with pytest.raises(TimeoutError):
        jobs.wait_idle(0.05)
    gate.set()
    jobs.wait_idle()
