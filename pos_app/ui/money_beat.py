"""Follows payments that nobody stands waiting for, and once in a while the day's business with the gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from pos_app.domain.errors import PosError
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Shop, Taking
    from pos_app.ui.run import Run

BEAT_MS = 3_000
FIRST_MS = 500
DAILY_EVERY_MS = 30 * 60_000


class MoneyBeat(QObject):
    """One beat at a time, on a lane of its own: a gateway that does not answer holds up nobody."""

    moved = Signal()  # a payment came to its end: there may be goods to fetch, or something to show
    setup_wrong = Signal()  # `wrong` has changed

    def __init__(self, shop: Shop, run: Run) -> None:
        super().__init__()
        self._shop, self._run = shop, run
        self.wrong: tuple[tuple[str, str], ...] = ()  # gateways that refuse us as we are set up, and why
        self._daily: QElapsedTimer | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Beat soon, then for ever."""
        self._timer.start(FIRST_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        self._run(Lane.BEHIND, self._shop.follow_all, self._followed, self._failed)

    def _followed(self, takings: tuple[Taking, ...]) -> None:
        if any(taking.attempt.ended_at is not None for taking in takings):
            self.moved.emit()
        if self._daily is not None and self._daily.elapsed() < DAILY_EVERY_MS:
            self._rest()
            return
        self._daily = QElapsedTimer()
        self._daily.start()
        self._run(Lane.BEHIND, self._shop.begin_day, self._began, self._failed)

    def _began(self, wrong: tuple[tuple[str, str], ...]) -> None:
        if wrong != self.wrong:
            self.wrong = wrong
            self.setup_wrong.emit()
        self._run(Lane.BEHIND, self._shop.match_bills, self._matched, self._failed)

    def _matched(self, fetched: int) -> None:
        if fetched:
            self.moved.emit()
        self._rest()

    def _failed(self, trouble: PosError) -> None:
        """A disk that refuses says so elsewhere; here it is tried again."""
        self._rest()

    def _rest(self) -> None:
        self._timer.start(BEAT_MS)
