"""Looks after the till's files by itself: room on the disk, the books looked over, backups of closed shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from pos_app.domain.disk import FilesState
from pos_app.domain.errors import PosError
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pos_app.domain.backup import Backup
    from pos_app.shop import Shop
    from pos_app.ui.run import Run

BEAT_MS = 5_000
QUICK_MS = 50
FIRST_WHOLE_MS = 3_000  # the sign-in page is painted by then, and nobody sells yet
WHOLE_EVERY_MS = 24 * 60 * 60_000
AFTER_A_FAILURE_MS = 5 * 60_000


class FilesBeat(QObject):
    """One look at a time. Selling begins when the books of since the last whole look have been looked over."""

    changed = Signal()

    def __init__(self, shop: Shop, run: Run) -> None:
        super().__init__()
        self._shop, self._run = shop, run
        self.state = FilesState()
        self.is_checked = False
        self.no_backup: PosError | None = None  # why a closed shift still has none
        self._is_copying = False
        self._failed_at: QElapsedTimer | None = None
        self._timer = self._single(self._look)
        self._whole = self._single(self._look_whole)

    def start(self) -> None:
        """Look over what is new at once, everything soon, the disk at every beat."""
        self.changed.emit()
        self._run(Lane.STORE, self._shop.check_books, self._checked, self._check_failed)
        self._whole.start(FIRST_WHOLE_MS)

    def stop(self) -> None:
        """Also breaks off what takes long."""
        self._timer.stop()
        self._whole.stop()
        self._shop.mind_files.hurry()

    def soon(self) -> None:
        """Something went wrong with the file, or a shift was closed: do not wait for the next beat."""
        if self._timer.isActive():
            self._timer.start(QUICK_MS)

    @property
    def may_sell(self) -> bool:
        return self.is_checked and self.state.trouble is None

    def _checked(self, found: Sequence[str]) -> None:
        self.is_checked = True
        self._look()

    def _check_failed(self, trouble: PosError) -> None:
        """It could not even be begun; the look at the files says why."""
        self._checked(())

    def _look(self) -> None:
        self._run(Lane.STORE, self._shop.mind_files, self._looked, self._not_looked)

    def _looked(self, state: FilesState) -> None:
        self._put(state)
        self._timer.start(BEAT_MS)
        if not state.unsaved:
            self.no_backup = None
        elif not self._is_copying and (
            self._failed_at is None or self._failed_at.elapsed() > AFTER_A_FAILURE_MS
        ):
            self._is_copying = True
            self._run(Lane.FILES, self._shop.back_up.if_due, self._copied, self._not_copied)

    def _not_looked(self, trouble: PosError) -> None:
        self._timer.start(BEAT_MS)

    def _copied(self, made: Backup | None) -> None:
        self._is_copying, self._failed_at, self.no_backup = False, None, None
        self.soon()
        self.changed.emit()

    def _not_copied(self, trouble: PosError) -> None:
        """The shift is closed all the same; it is said, and tried again."""
        self._is_copying, self.no_backup = False, trouble
        self._failed_at = QElapsedTimer()
        self._failed_at.start()
        self.changed.emit()

    def _look_whole(self) -> None:
        self._whole.start(WHOLE_EVERY_MS)
        self._run(Lane.FILES, self._shop.check_books.whole, lambda found: self.soon(), lambda trouble: None)

    def _put(self, state: FilesState) -> None:
        self.state = state
        self.changed.emit()

    def _single(self, act: object) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.timeout.connect(act)
        return made
