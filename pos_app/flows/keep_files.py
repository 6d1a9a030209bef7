"""Look after the till's files: room on the disk, the log brought back, a whole look over them, and backups."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.backup import Backup, BackupKind, is_saved, surplus
from pos_app.domain.disk import BALLAST_BYTES, LEAST_ROOM_BYTES, FilesState
from pos_app.domain.errors import DiskTrouble, StoreTrouble
from pos_app.domain.till import business_date_at
from pos_app.ports.books import Inspector, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.files import Files

# Less than a millisecond each; the platform judges every one of them when it hears of it.
_MOST_SIGNATURES = 2_000
# Laid again only when there is so much room that it would not be given up again at once.
_PLENTY_BYTES = LEAST_ROOM_BYTES + 2 * BALLAST_BYTES


@dataclass(frozen=True)
class MindFiles:
    """One look, at the start and at each beat; it never raises, for whoever looks must be able to show the trouble."""

    open_to_read: OpenToRead
    files: Files

    def __call__(self) -> FilesState:
        self.files.books.checkpoint()
        free = self._room()
        found: Sequence[Backup] = ()
        unsaved = False
        with suppress(StoreTrouble):  # what is wrong with the file shows as its trouble, below
            with self.open_to_read() as books:
                closing = books.shifts.last_closing()
            unsaved = closing is not None  # until it is found
            found = self.files.backups.all()
            unsaved = closing is not None and not is_saved(found, closing.closed_at)
        return FilesState(free, self.files.books.broken, unsaved, found[0] if found else None)

    def hurry(self) -> None:
        """The till closes: whoever looks or copies meets BrokenOff. From whatever thread."""
        self.files.books.hurry()

    def _room(self) -> int | None:
        """Bytes; the ballast is given up before the disk is full, and laid again once there is plenty of room."""
        disk = self.files.disk
        try:
            free = disk.free_bytes()
        except DiskTrouble:
            return None
        if disk.has_ballast and free < BALLAST_BYTES:
            disk.drop_ballast()
            return free + BALLAST_BYTES
        if not disk.has_ballast and free >= _PLENTY_BYTES:
            disk.lay_ballast()
        return free


@dataclass(frozen=True)
class CheckBooks:
    """Looks the file over; what it finds shuts the file, so that nothing is written on top of it."""

    open_to_read: OpenToRead
    inspector: Inspector
    files: Files

    def __call__(self) -> Sequence[str]:
        """What was written since the last whole look, and who signed what the platform does not hold: before selling begins."""
        found = list(self.inspector.recent_trouble())
        with self.open_to_read() as books:
            after = max(books.ledger.acked(), books.ledger.head().seq - _MOST_SIGNATURES)
            unsigned = books.ledger.first_bad_signature(after)
        if unsigned is not None:
            found.append(f"Entry {unsigned} of the ledger is not signed by this till.")
        return self._shut(found)

    def whole(self) -> Sequence[str]:
        """Everything, which may take a while, beside the selling."""
        return self._shut(self.inspector.trouble())

    def _shut(self, found: Sequence[str]) -> Sequence[str]:
        if found:
            self.files.books.shut(" ".join(found[:3]))
        return found


@dataclass(frozen=True)
class BackUp:
    """Copies of the books; the older ones that are not needed go once a new one is there."""

    open_to_read: OpenToRead
    clock: Clock
    files: Files
    day_change_hour: int

    def __call__(self) -> Backup:
        """Now, because somebody asks for it. StoreTrouble says why there is none."""
        return self._make(BackupKind.HAND, self.clock.now())

    def if_due(self) -> Backup | None:
        """One for the last closing, unless it has one: also for a closing that a power cut followed. StoreTrouble."""
        with self.open_to_read() as books:
            closing = books.shifts.last_closing()
        if closing is None:
            return None
        if is_saved(self.files.backups.all(), closing.closed_at):
            return None
        return self._make(BackupKind.CLOSING, closing.closed_at)

    def all(self) -> Sequence[Backup]:
        """Newest first."""
        return self.files.backups.all()

    def _make(self, kind: BackupKind, at: datetime) -> Backup:
        made = self.files.backups.make(kind, at)
        for each in surplus(self.files.backups.all(), self._day_of, made.name):
            self.files.backups.drop(each.name)
        return made

    def _day_of(self, at: datetime) -> date:
        return business_date_at(self.clock.local(at), self.day_change_hour)
