"""The rail on the left: where one can go, who stands here, and the lock; every place shows its key."""

from __future__ import annotations

from collections.abc import Container
from functools import partial

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout

from pos_app.domain.staff import Cashier
from pos_app.ui.theme import RADIUS, colour, font, scaled
from pos_app.ui.widgets.icons import pixmap
from pos_app.ui.widgets.text import Text
from pos_app.ui.wording import Wording

WIDTH = 92
# name of the page, its key
PLACES = (("sell", "F1"), ("sales", "F2"), ("todo", "F3"), ("shift", "F4"), ("day", "F7"), ("settings", "F8"))
LOCK_KEY = "F12"


class RailButton(QAbstractButton):
    """Icon, word and key below each other; a number in the corner when something waits there."""

    def __init__(self, icon: str, key: str) -> None:
        super().__init__()
        self._icon, self._key, self._count = icon, key, 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Not the button's own shortcut: that one presses it a tenth of a second later.
        QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    def put_count(self, count: int) -> None:
        self._count = count
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(WIDTH - 12), scaled(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = "accent" if self.isChecked() else "second"
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_ground" if self.isChecked() else "sunken"))
            painter.drawRoundedRect(self.rect(), scaled(RADIUS), scaled(RADIUS))
        is_low = self.height() < scaled(60)
        size, top = (scaled(20), scaled(4)) if is_low else (scaled(24), scaled(7))
        picture = pixmap(self._icon, size, colour(tone), self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, top, picture)
        painter.setPen(colour(tone))
        painter.setFont(font(13, is_bold=self.isChecked()))
        words = QRect(0, top + size + scaled(1), self.width(), scaled(18))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if not is_low:
            painter.setPen(colour("second"))
            painter.setFont(font(11))
            key = QRect(0, scaled(47), self.width(), scaled(15))
            painter.drawText(key, Qt.AlignmentFlag.AlignCenter, self._key)
        if self._count:
            self._paint_count(painter)
        painter.end()

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]  # Qt hands a QEnterEvent
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def _paint_count(self, painter: QPainter) -> None:
        text = str(min(self._count, 99))
        height = scaled(18)
        width = max(height, scaled(9) * len(text) + scaled(8))
        box = QRect(self.width() // 2 + scaled(6), scaled(3), width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("danger"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(colour("card"))
        painter.setFont(font(12, is_bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QFrame):
    """Says `chosen(name)` for a page and `locked()`."""

    chosen = Signal(str)
    locked = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._cashier: Cashier | None = None
        self.setProperty("role", "rail")
        self._group = QButtonGroup(self)
        self._buttons = {name: RailButton(name, key) for name, key in PLACES}
        self._who = Text("strong")
        self._role = Text("tiny")
        self._lock = RailButton("lock", LOCK_KEY)
        self._lock.setCheckable(False)
        self._layout = QVBoxLayout(self)
        for name, made in self._buttons.items():
            self._group.addButton(made)
            self._layout.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
            made.clicked.connect(partial(self._choose, name))
        self._layout.addStretch(1)
        for label in (self._who, self._role):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._layout.addWidget(label)
        self._layout.addWidget(self._lock, 0, Qt.AlignmentFlag.AlignHCenter)
        self._lock.clicked.connect(self.locked)
        self._measure()
        self.retranslate()

    def put(self, cashier: Cashier) -> None:
        """Who stands here."""
        self._cashier = cashier
        self.retranslate()

    def keep_only(self, names: Container[str]) -> None:
        """Places that nobody can go to are away for good."""
        for name, made in self._buttons.items():
            made.setVisible(name in names)
            made.setEnabled(name in names)

    def mark(self, name: str) -> None:
        """The place that shows now."""
        self._buttons[name].setChecked(True)

    def put_open_items(self, count: int) -> None:
        self._buttons["todo"].put_count(count)

    def retranslate(self) -> None:
        words = {
            "sell": self.tr("Sell"),
            "sales": self.tr("Sales"),
            "todo": self.tr("To do"),
            "shift": self.tr("Shift"),
            "day": self.tr("Day"),
            "settings": self.tr("Settings"),
        }
        for name, text in words.items():
            self._buttons[name].setText(text)
        self._lock.setText(self.tr("Lock"))
        if self._cashier is not None:
            width = scaled(WIDTH - 12)
            name = self._who.fontMetrics().elidedText(self._cashier.name, Qt.TextElideMode.ElideRight, width)
            self._who.setText(name)
            self._role.setText(self._wording.role(self._cashier.role))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        self.setFixedWidth(scaled(WIDTH))
        self._layout.setContentsMargins(0, scaled(12), 0, scaled(8))
        self._layout.setSpacing(scaled(4))
        for made in (*self._buttons.values(), self._lock):
            made.setFixedWidth(made.sizeHint().width())
            made.setMinimumHeight(scaled(44))  # a low screen takes the key's line before it takes a place
            made.setMaximumHeight(made.sizeHint().height())

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.chosen.emit(name)
