"""The one sentence of the selling page, floating at the foot of its left side so that nothing moves for it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget

from pos_app.domain.catalogue import Product
from pos_app.domain.errors import PosError, Unreachable
from pos_app.ui.theme import scaled
from pos_app.ui.till.state import Notice, Saying
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.wording import Wording


class Notices(QObject):
    """Makes the sentence of a notice, and keeps its place."""

    taken_back = Signal()

    def __init__(self, wording: Wording, over: QWidget) -> None:
        super().__init__(over)
        self._wording, self._over = wording, over
        self._notice: Notice | None = None
        self._known: tuple[Product, ...] = ()
        self.bar = MessageBar()
        self.bar.setParent(over)
        shadow = QGraphicsDropShadowEffect(self.bar)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(20, 24, 31, 50))
        self.bar.setGraphicsEffect(shadow)
        self.bar.installEventFilter(self)

    def put(self, notice: Notice | None, known: Iterable[Product]) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        self._known = (*known, *(notice.products if notice else ()))
        self._draw()

    def place(self) -> None:
        """At the foot of the left side, as wide as it is."""
        gap = scaled(16)
        width = self._over.width() - 2 * gap
        height = max(scaled(60), self.bar.heightForWidth(width), self.bar.sizeHint().height())
        self.bar.setGeometry(gap, self._over.height() - height - gap // 2, width, height)
        self.bar.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._draw()
        return False

    def _draw(self) -> None:
        notice = self._notice
        if notice is None:
            self.bar.clear()
            return
        if notice.error is not None:
            self.bar.say(self._of_error(notice.error, notice), "danger")
        elif notice.saying is Saying.EMPTIED:
            self.bar.say(
                self.tr("The basket was emptied."), "info", self.tr("Take it back"), self.taken_back.emit
            )
        else:
            words, tone = self._of_saying(notice.saying)
            self.bar.say(words, tone)
        self.place()

    def _of_error(self, error: PosError, notice: Notice) -> str:
        if notice.is_before_payment and isinstance(error, Unreachable):
            return self.tr(
                "The platform does not answer, so nothing was sold. Take no money yet; try again in a moment."
            )
        return self._wording.sentence(error, self._known)

    def _of_saying(self, saying: Saying) -> tuple[str, str]:
        return {
            Saying.TAKEN_UP: (self.tr("The basket from before is back. No money was taken for it."), "info"),
            Saying.EARLIER_PAPER: (
                self.tr(
                    "A slip of the sale before did not come out. It waits under To do; the sale is safe."
                ),
                "danger",
            ),
            Saying.PARKED: (
                self.tr(
                    "The payment before is being checked by itself: it stands under To do. Serve the next customer."
                ),
                "warn",
            ),
            Saying.LINE_DOWN: (
                self.tr("The line is down. What shows a number can be sold all the same; the rest waits."),
                "warn",
            ),
            Saying.LINE_DOWN_EMPTY: (
                self.tr(
                    "The line is down, and nothing is held here to sell without it. Sales go on by themselves"
                    " when it is back."
                ),
                "warn",
            ),
            Saying.EARLIER_WAITS: (
                self.tr(
                    "The sale before still waits for the platform. The money is safe; the code follows by itself."
                ),
                "warn",
            ),
        }.get(saying, ("", "info"))
