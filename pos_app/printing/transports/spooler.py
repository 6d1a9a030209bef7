"""A printer behind the Windows spooler, given raw bytes (pywin32; written from its documentation, untried on Windows)."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from pos_app.domain.errors import PaperTrouble

# winspool.h, JOB_STATUS_* and PRINTER_STATUS_*: the same words have different bits in the two.
JOB_CAUSES = ((0x40, "paper_out"), (0x20, "offline"), (0x2, "broken"), (0x400, "cover_open"))
QUEUE_CAUSES = (
    (0x10, "paper_out"),
    (0x400000, "cover_open"),
    (0x80, "offline"),
    (0x2, "broken"),
    (0x1, "offline"),
)
DELETE_JOB = 5  # JOB_CONTROL_DELETE
DENIED, UNKNOWN_PRINTER, SPOOLER_STOPPED = 5, 1801, 1722
JOB_TIMEOUT_S = 8.0
LOOK_EVERY_S = 0.1


class SpoolerTransport:
    def __init__(self, queue: str, spooler: Any = None) -> None:
        self._queue = queue
        self._spooler = spooler
        self._handle: Any = None

    @property
    def device(self) -> str:
        return self._queue

    @property
    def can_answer(self) -> bool:
        return False

    def open(self) -> None:
        self._load()
        try:
            queue = self._queue or self._spooler.GetDefaultPrinter()
            self._handle = self._spooler.OpenPrinter(queue)
        except self._spooler.error as error:
            raise self._trouble(error, sent=False) from error

    def write(self, data: bytes) -> None:
        """Waits until the job has left the queue; one that is stuck is deleted, or it would print itself after a restart."""
        try:
            job = self._spooler.StartDocPrinter(self._handle, 1, ("slip", None, "RAW"))
            self._spooler.StartPagePrinter(self._handle)
            taken = self._spooler.WritePrinter(self._handle, data)
            self._spooler.EndPagePrinter(self._handle)
            self._spooler.EndDocPrinter(self._handle)
        except self._spooler.error as error:
            raise self._trouble(error, sent=True) from error
        cause = "broken" if taken != len(data) else self._wait_for(job)
        if cause is not None:
            with contextlib.suppress(self._spooler.error):
                self._spooler.SetJob(self._handle, job, 0, None, DELETE_JOB)
            raise PaperTrouble(cause=cause, device=self._queue, sent=True)

    def read(self, timeout_s: float) -> bytes:
        del timeout_s
        return b""

    def state(self) -> str | None:
        try:
            status = self._spooler.GetPrinter(self._handle, 2)["Status"]
        except self._spooler.error:
            return None
        return _cause(status, QUEUE_CAUSES)

    def close(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(self._spooler.error):
                self._spooler.ClosePrinter(self._handle)
        self._handle = None

    def _load(self) -> None:
        if self._spooler is not None:
            return
        try:
            import win32print
        except ImportError as error:
            raise PaperTrouble(cause="not_found", device=self._queue, sent=False) from error
        self._spooler = win32print

    def _wait_for(self, job: int) -> str | None:
        deadline = time.monotonic() + JOB_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                status = self._spooler.GetJob(self._handle, job, 1)["Status"]
            except self._spooler.error:
                return None  # no such job any more: it was printed
            cause = _cause(status, JOB_CAUSES)
            if cause is not None:
                return cause
            time.sleep(LOOK_EVERY_S)
        return "timeout"

    def _trouble(self, error: Exception, sent: bool) -> PaperTrouble:
        number = error.args[0] if error.args else 0
        causes = {DENIED: "denied", UNKNOWN_PRINTER: "not_found", SPOOLER_STOPPED: "offline"}
        return PaperTrouble(cause=causes.get(number, "broken"), device=self._queue, sent=sent)


def _cause(status: int, causes: tuple[tuple[int, str], ...]) -> str | None:
    return next((cause for bit, cause in causes if status & bit), None)
