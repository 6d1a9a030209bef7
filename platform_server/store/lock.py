"""One server per data folder: a file lock that the operating system gives back when its holder dies."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from platform_server.domain.errors import Busy

_ASK_EVERY_S = 0.05


class DataLock:
    """Held from `take` until `give_back` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def try_take(self) -> bool:
        """Whether it is ours now; does not wait."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    async def take(self, wait_s: float) -> None:
        """Waits for the one before. Raises StoreTrouble if it does not end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_s
        while not self.try_take():
            if loop.time() >= deadline:
                raise Busy("Another platform server uses this data folder; stop it first.")
            await asyncio.sleep(_ASK_EVERY_S)

    def give_back(self) -> None:
        """Closing the file is enough on every system."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
