"""Does by itself what nobody should have to think of: tells the platform first, asks it second, prints what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from pos_app.domain.catalogue import CatalogueState
from pos_app.domain.errors import PosError, Unreachable
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.till import Account, TillStatus
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Pushed, Recovered, Shop
    from pos_app.ui.run import Run

BEAT_MS = 5_000
QUICK_MS = 200
SYNC_EVERY_MS = 5 * 60_000
LEASES_EVERY_MS = 10 * 60_000


class Heartbeat(QObject):
    """One beat at a time; each is: recover, push, news, sync, leases, wallet - then paper, then shred, then the status strip.

    At the start, and when the line is back, comes a question before all of these: are these books the latest?
    """

    status = Signal(TillStatus)
    beaten = Signal()
    catalogue_changed = Signal()
    locked = Signal()  # the books are an old copy

    def __init__(self, shop: Shop, run: Run) -> None:
        super().__init__()
        self._shop, self._run = shop, run
        self.line_up: bool | None = None
        self._is_beating = False
        self._is_checked = False
        self.beats = 0  # how many have ended
        self._synced: QElapsedTimer | None = None
        self._kept_leases: QElapsedTimer | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Beat soon, then for ever."""
        self.read_status()
        self._timer.start(QUICK_MS)

    def stop(self) -> None:
        self._timer.stop()

    def soon(self) -> None:
        """Something was said that the platform should hear: do not wait for the next beat."""
        is_near = self._timer.isActive() and self._timer.remainingTime() <= QUICK_MS
        self._kept_leases = None  # something was sold: what is held for a line that is down may be short
        if not self._is_beating and not is_near:  # who asks again and again must not push it off for ever
            self._timer.start(QUICK_MS)

    def sync_now(self) -> None:
        """As `soon`, and the catalogue is asked for again."""
        self._synced = None
        self.soon()

    def heard(self, is_up: bool) -> None:
        """What a call outside the beat showed of the line."""
        if self.line_up is not is_up:
            self.line_up = is_up
            self.read_status()

    def read_status(self) -> None:
        """A fresh status strip."""
        line_up = self.line_up
        self._run(Lane.STORE, lambda: self._shop.look_up.status(line_up), self.status.emit, self._ignore)

    def _beat(self) -> None:
        self._is_beating = True
        if self._is_checked:
            self._recover()
        else:
            self._run(Lane.WIRE, self._shop.check_ledger, self._checked, self._not_checked)

    def _checked(self, beyond: AnchorMark | None) -> None:
        self._is_checked = True
        self._recover()

    def _not_checked(self, trouble: PosError) -> None:
        if isinstance(trouble, Unreachable):
            self._wire_failed(trouble)
        else:  # refused, or not enrolled yet: asked again at the next beat
            self._recover()

    def _recover(self) -> None:
        self._run(Lane.WIRE, self._shop.recover, self._recovered, self._wire_failed)

    def _recovered(self, recovered: Recovered) -> None:
        self._run(Lane.WIRE, self._shop.push_outbox, self._pushed, self._wire_failed)

    def _pushed(self, pushed: Pushed) -> None:
        if pushed.is_old_copy:
            self.locked.emit()
        self._run(Lane.WIRE, self._shop.read_events, self._heard_news, self._no_news)

    def _heard_news(self, has_changed: bool) -> None:
        if has_changed:
            self._synced = None
        self._sync()

    def _no_news(self, trouble: PosError) -> None:
        if isinstance(trouble, Unreachable):
            self._wire_failed(trouble)
        else:
            self._sync()

    def _sync(self) -> None:
        if self._synced is not None and self._synced.elapsed() < SYNC_EVERY_MS:
            self._keep_leases()
            return
        self._run(Lane.WIRE, self._shop.sync_catalogue, self._got_catalogue, self._wire_failed)

    def _got_catalogue(self, state: CatalogueState) -> None:
        self._synced = QElapsedTimer()
        self._synced.start()
        self.catalogue_changed.emit()
        self._keep_leases()

    def _keep_leases(self) -> None:
        if self._kept_leases is not None and self._kept_leases.elapsed() < LEASES_EVERY_MS:
            self._ask_account()
            return
        self._kept_leases = QElapsedTimer()
        self._kept_leases.start()
        self._run(Lane.WIRE, self._shop.keep_leases, lambda kept: self._ask_account(), self._leases_failed)

    def _leases_failed(self, trouble: PosError) -> None:
        if isinstance(trouble, Unreachable):
            self._wire_failed(trouble)
        else:  # the platform lends nothing: selling goes on without
            self._ask_account()

    def _ask_account(self) -> None:
        self._run(Lane.WIRE, self._shop.refresh_account, self._got_account, self._wire_failed)

    def _got_account(self, account: Account) -> None:
        self.line_up = True
        self._paper()

    def _wire_failed(self, trouble: PosError) -> None:
        if isinstance(trouble, Unreachable):
            self.line_up = self._is_checked = False
        self._paper()

    def _paper(self) -> None:
        self._run(
            Lane.PAPER, self._shop.print_due, lambda printed: self._shred(), lambda trouble: self._shred()
        )

    def _shred(self) -> None:
        self._run(Lane.STORE, self._shop.shred, lambda shredded: self._end(), lambda trouble: self._end())

    def _end(self) -> None:
        self._is_beating = False
        self.beats += 1
        self.read_status()
        self.beaten.emit()
        self._timer.start(BEAT_MS)

    def _ignore(self, trouble: PosError) -> None:
        """A status that cannot be read is read again at the next beat."""
