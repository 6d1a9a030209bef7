"""The disk under the till's file: how much room there is, and what may begin in so much."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.backup import Backup
from pos_app.domain.errors import DiskNearlyFull, StoreTrouble

BALLAST_BYTES = 64 * 1024 * 1024
LITTLE_ROOM_BYTES = 1_000_000_000
LEAST_ROOM_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class FilesState:
    """How the till's files stand; `free_bytes` is None when the disk does not say.

    `trouble` is why nothing is written any more until the till is opened anew, None as long as all is well; `unsaved` says that a
    closed shift still has no backup; `newest` is the latest backup.
    """

    free_bytes: int | None = None
    trouble: StoreTrouble | None = None
    unsaved: bool = False
    newest: Backup | None = None

    @property
    def has_little_room(self) -> bool:
        return self.free_bytes is not None and self.free_bytes < LITTLE_ROOM_BYTES

    @property
    def has_no_room_to_sell(self) -> bool:
        return self.free_bytes is not None and self.free_bytes < LEAST_ROOM_BYTES


def must_have_room(free_bytes: int) -> None:
    """DiskNearlyFull below 200 MB: what was begun goes on, nothing new begins."""
    if free_bytes < LEAST_ROOM_BYTES:
        raise DiskNearlyFull(free_mb=free_bytes // 1_000_000)
