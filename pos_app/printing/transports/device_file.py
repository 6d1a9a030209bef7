"""A printer that the system shows as a file (/dev/usb/lp0, LPT1), or a plain file that keeps the bytes."""

from __future__ import annotations

import contextlib
import os
import select
import stat
import sys
import time
from pathlib import Path

from pos_app.domain.errors import PaperTrouble
from pos_app.printing.transports.transport import trouble
from pos_app.printing.transports.usb import port_state

WRITE_TIMEOUT_S = 8.0
LPGETSTATUS = 0x060B  # asks the Linux line printer driver for the port's status byte


class FileTransport:
    """A folder gets a file for each paper; a file gets them one after the other; a device is spoken to."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._descriptor: int | None = None
        self._is_device = False
        self._answers = False

    @property
    def device(self) -> str:
        return str(self._path)

    @property
    def can_answer(self) -> bool:
        return self._answers

    def open(self) -> None:
        try:
            path = self._next_in_folder() if self._path.is_dir() else self._path
            self._is_device = path.exists() and not stat.S_ISREG(path.stat().st_mode)
            self._descriptor = self._opened(path)
        except OSError as error:
            raise trouble(error, self.device, sent=False) from error

    def write(self, data: bytes) -> None:
        """A printer that stopped taking bytes must not hold the lane: the device is written without blocking."""
        descriptor, left = self._held(), memoryview(data)
        deadline = time.monotonic() + WRITE_TIMEOUT_S
        while left:
            try:
                if self._waits() and not select.select([], [descriptor], [], deadline - time.monotonic())[1]:
                    raise TimeoutError
                left = left[os.write(descriptor, left) :]
            except BlockingIOError:
                continue
            except (OSError, ValueError) as error:
                known = error if isinstance(error, OSError) else TimeoutError()
                raise trouble(known, self.device, sent=True) from error

    def read(self, timeout_s: float) -> bytes:
        descriptor = self._held()
        if not self._waits():
            return b""
        with contextlib.suppress(OSError):
            if select.select([descriptor], [], [], timeout_s)[0]:
                return os.read(descriptor, 64)
        return b""

    def state(self) -> str | None:
        if not self._waits() or sys.platform == "win32":
            return None
        import fcntl

        try:
            answer = fcntl.ioctl(self._held(), LPGETSTATUS, b"\0" * 4)
        except OSError:
            return None
        return port_state(answer[0])

    def close(self) -> None:
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = None

    def _waits(self) -> bool:
        return self._is_device and sys.platform != "win32"

    def _opened(self, path: Path) -> int:
        if self._waits():
            flags = os.O_NONBLOCK | os.O_NOCTTY
            try:
                descriptor = os.open(path, os.O_RDWR | flags)
            except PermissionError:
                return os.open(path, os.O_WRONLY | flags)  # a printer that may be written, but not asked
            self._answers = True
            return descriptor
        # A device that is not there must not become a file that swallows slips in silence.
        create = 0 if path.parts[:2] == ("/", "dev") else os.O_CREAT
        return os.open(path, os.O_WRONLY | create | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)

    def _next_in_folder(self) -> Path:
        numbers = [
            int(path.stem[8:]) for path in self._path.glob("receipt-*.bin") if path.stem[8:].isdecimal()
        ]
        return self._path / f"receipt-{max(numbers, default=0) + 1}.bin"

    def _held(self) -> int:
        if self._descriptor is None:
            raise PaperTrouble(cause="offline", device=self.device, sent=False)
        return self._descriptor
