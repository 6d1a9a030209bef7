"""One till per data folder: a lock that the operating system frees, however the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pos_app.domain.errors import AlreadyRunning
from pos_app.store.trouble import trouble_with_file


class TillLock:
    """Held from the moment it is made; AlreadyRunning when another process has it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "lock"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise trouble_with_file(error, path) from error
        try:
            _take(self._file)
        except OSError as error:
            os.close(self._file)
            raise AlreadyRunning(path=str(path)) from error

    def release(self) -> None:
        """Lets the next one in; the file stays, for a file that comes and goes can be locked twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
