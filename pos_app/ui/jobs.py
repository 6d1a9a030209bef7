"""The one file that knows threads: lanes of work, with every result delivered on the screen's own thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from pos_app.domain.errors import PosError, StoreTrouble
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
log = logging.getLogger(__name__)


class Jobs(QObject):
    """`ui/run.py`'s Run. `crashed` hears, on the screen's thread, of what nobody foresaw."""

    store_trouble = Signal()  # some job met trouble with the till's own file, whoever it was told to
    _finished = Signal(object)

    def __init__(self, crashed: Callable[[BaseException], None]) -> None:
        super().__init__()
        self._crashed = crashed
        self._open = 0
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._is_shut = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def __call__(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[PosError], None],
    ) -> None:
        if self._is_shut:
            return
        self._open += 1
        self._lane(lane).submit(self._work, work, done, failed)

    @property
    def is_idle(self) -> bool:
        """Nothing is under way and nothing waits to be delivered."""
        return self._open == 0

    def wait_idle(self, timeout_s: float = 10.0) -> None:
        """Turn the event loop until nothing is under way; TimeoutError after `timeout_s`. For tests and the demo."""
        end = time.monotonic() + timeout_s
        while self._open:
            QCoreApplication.processEvents()
            time.sleep(0.001)  # the lanes need the interpreter, which processEvents would keep from them
            if time.monotonic() > end:
                raise TimeoutError(f"{self._open} jobs are still under way")

    def shut_down(self) -> None:
        """Let what has begun end, drop what has not; nothing is delivered any more."""
        self._is_shut = True
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._open = 0

    def _lane(self, lane: Lane) -> ThreadPoolExecutor:
        """Made when it first has work: the first paint needs none."""
        from concurrent.futures import ThreadPoolExecutor

        if lane not in self._lanes:
            self._lanes[lane] = ThreadPoolExecutor(1, f"lane-{lane.value}")
        return self._lanes[lane]

    def _work(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[PosError], None]
    ) -> None:
        """On the lane's thread."""
        try:
            result = work()
        except PosError as trouble:
            self._finished.emit(partial(self._fail, failed, trouble))
        except Exception as bug:
            log.exception("a job ended in a way that nobody foresaw")
            self._finished.emit(partial(self._crashed, bug))
        else:
            self._finished.emit(partial(done, result))

    def _fail(self, failed: Callable[[PosError], None], trouble: PosError) -> None:
        failed(trouble)
        if isinstance(trouble, StoreTrouble):
            self.store_trouble.emit()

    def _deliver(self, outcome: Callable[[], None]) -> None:
        if self._is_shut:
            return
        self._open -= 1
        outcome()
