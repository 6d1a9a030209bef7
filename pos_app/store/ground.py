"""The disk under the till's files: its room, its ballast, and names that outlive a power cut."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from pos_app.domain.disk import BALLAST_BYTES
from pos_app.store.trouble import trouble_with_file

log = logging.getLogger(__name__)

BALLAST = "ballast"
_PIECE = bytes(1 << 20)


class DataDisk:
    """Implements ports.files.DiskGuard for the folder of the books."""

    def __init__(self, folder: Path, ballast_bytes: int = BALLAST_BYTES) -> None:
        self._folder = folder
        self._path = folder / BALLAST
        self._ballast_bytes = ballast_bytes

    def free_bytes(self) -> int:
        return free_bytes(self._folder)

    @property
    def has_ballast(self) -> bool:
        return self._path.exists()

    def lay_ballast(self) -> None:
        """Really written, for a hole in a file takes no room."""
        half = self._path.with_name(BALLAST + ".half")
        try:
            with half.open("wb") as file:
                for start in range(0, self._ballast_bytes, len(_PIECE)):
                    file.write(_PIECE[: self._ballast_bytes - start])
                file.flush()
                os.fsync(file.fileno())
            half.replace(self._path)
        except OSError as error:
            log.warning("no ballast was laid: %s", type(error).__name__)
            half.unlink(missing_ok=True)

    def drop_ballast(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the ballast could not be given up: %s", type(error).__name__)


def free_bytes(folder: Path) -> int:
    """Room where `folder` lies; DiskTrouble when the disk does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise trouble_with_file(error, folder) from error


def sync_file(path: Path) -> None:
    """What the file holds is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The names in it are on the disk, where a system can be told so; elsewhere a rename is kept by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
