"""The till's files as files: whether they can be written to, the disk under them, and copies of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.backup import Backup, BackupKind
from pos_app.domain.errors import StoreTrouble


class BooksFile(Protocol):
    """The one file of the books."""

    @property
    def broken(self) -> StoreTrouble | None:
        """Why nothing is written any more until it is opened anew; None as long as all is well."""

    def shut(self, found: str) -> None:
        """Nothing is written from now on: somebody who looked found this (an English sentence)."""

    def hurry(self) -> None:
        """Break off what takes long, from whatever thread: whoever is at it meets BrokenOff."""

    def checkpoint(self) -> bool:
        """Brings the log back into the file; False when somebody was in the way or it failed, which `broken` says."""


class DiskGuard(Protocol):
    """The disk that the files lie on, and a ballast on it: room that is taken only to be given up."""

    def free_bytes(self) -> int:
        """DiskTrouble when the disk does not say."""

    @property
    def has_ballast(self) -> bool: ...
    def lay_ballast(self) -> None:
        """Take its room, all of it or nothing; a disk that refuses is no trouble."""

    def drop_ballast(self) -> None:
        """Give its room up, if it is there."""


class Backups(Protocol):
    """Verified copies of the books, encrypted under their key."""

    def make(self, kind: BackupKind, at: datetime) -> Backup:
        """One moment of the books, opened and looked over before it has its name. StoreTrouble: there is none of it."""

    def all(self) -> Sequence[Backup]:
        """Newest first; DiskTrouble when they cannot be listed."""

    def drop(self, name: str) -> None:
        """Delete that one; DiskTrouble when it cannot be."""


@dataclass(frozen=True, slots=True)
class Files:
    """The three together."""

    books: BooksFile
    disk: DiskGuard
    backups: Backups
