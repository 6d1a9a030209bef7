"""The disk that the data lies on."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)
_PIECE = 1 << 20


def sync_folder(folder: Path) -> None:
    """The names of its files outlive a power cut, too, where a system can be told so."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class DiskGround:
    """Implements ports.ground.Ground."""

    folder: Path

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.folder).free


@dataclass(frozen=True, slots=True)
class BallastFile:
    """Implements ports.ground.Ballast: a file that is really written, for a hole takes no space."""

    path: Path
    size: int

    @property
    def is_there(self) -> bool:
        return self.path.exists()

    def lay(self) -> None:
        draft = self.path.with_name(self.path.name + ".new")
        try:
            with draft.open("wb") as file:
                _fill(file.fileno(), self.size)
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as trouble:
            log.warning("no ballast: %s", trouble.strerror)
            draft.unlink(missing_ok=True)

    def give_up(self) -> None:
        self.path.unlink(missing_ok=True)
        log.critical("the disk is nearly full: the ballast was given up so that open sales can end")


def _fill(handle: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
        return
    piece = bytes(_PIECE)
    for start in range(0, size, _PIECE):
        os.write(handle, piece[: size - start])
