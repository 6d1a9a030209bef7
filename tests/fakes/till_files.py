"""The till's files in memory: a disk with as much room as a test says, and backups that are copies of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.domain.backup import Backup, BackupKind
from pos_app.domain.disk import BALLAST_BYTES
from pos_app.domain.errors import DatabaseDamaged, StoreTrouble
from pos_app.ports.files import Files
from tests.fakes.till_books import FakeTill
from tests.fakes.till_pages import Pages

PLENTY = 50_000_000_000


@dataclass
class FakeBooksFile:
    """Implements ports.files.BooksFile; shut, it lets the fake till commit nothing more."""

    till: FakeTill
    broken: StoreTrouble | None = None
    checkpoints: int = 0
    hurried: int = 0

    def shut(self, found: str) -> None:
        self.broken = self.till.trouble = self.broken or DatabaseDamaged(path="books", found=found)

    def hurry(self) -> None:
        self.hurried += 1

    def checkpoint(self) -> bool:
        self.checkpoints += 1
        return self.broken is None


@dataclass
class FakeDisk:
    """`room` is what is free, the ballast not counted; `trouble` is raised instead of an answer."""

    room: int = PLENTY
    has_ballast: bool = False
    trouble: StoreTrouble | None = None

    def free_bytes(self) -> int:
        if self.trouble is not None:
            raise self.trouble
        return self.room

    def lay_ballast(self) -> None:
        self.room -= BALLAST_BYTES
        self.has_ballast = True

    def drop_ballast(self) -> None:
        if self.has_ballast:
            self.room += BALLAST_BYTES
            self.has_ballast = False


@dataclass
class FakeBackups:
    """Each is a copy of the fake till's pages; `fail` makes the next ones impossible."""

    till: FakeTill
    kept: dict[str, tuple[Backup, Pages]] = field(default_factory=dict)
    fail: StoreTrouble | None = None

    def make(self, kind: BackupKind, at: datetime) -> Backup:
        if self.fail is not None:
            raise self.fail
        pages = self.till.pages.copy()
        code = pages.enrolment.till_code if pages.enrolment else "T"
        receipt = f"{code}-{pages.receipts:06d}" if pages.receipts else ""
        name = f"{kind.value}-{at:%Y%m%dT%H%M%S%f}Z-{receipt}.db"
        made = Backup(name, kind, at, 1, receipt)
        self.kept[name] = (made, pages)
        return made

    def all(self) -> Sequence[Backup]:
        if self.fail is not None:
            raise self.fail
        found = [backup for backup, _ in self.kept.values()]
        return tuple(sorted(found, key=lambda each: each.at, reverse=True))

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class FakeFiles:
    """The three of one fake till; `files` is the port."""

    till: FakeTill
    disk: FakeDisk = field(default_factory=FakeDisk)

    def __post_init__(self) -> None:
        self.books = FakeBooksFile(self.till)
        self.backups = FakeBackups(self.till)
        self.files = Files(self.books, self.disk, self.backups)
