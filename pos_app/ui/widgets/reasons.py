"""Asks why: a few ready reasons under the digit keys, or one's own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import column

_MOST = 5


class Reasons(QWidget):
    """`chosen` says the reason as text. A digit picks while the line is empty; after that it is one's own words."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._buttons = [KeyButton("plain", str(number + 1), binds=False) for number in range(_MOST)]
        for number, made in enumerate(self._buttons):
            made.clicked.connect(partial(self._pick, number))
        self.own = QLineEdit()
        self.own.setMaxLength(120)
        self.own.installEventFilter(self)
        self.own.returnPressed.connect(self._say_own)
        self.setLayout(column(*self._buttons, self.own, gap=8))
        self._reasons: tuple[str, ...] = ()

    def put(self, reasons: Sequence[str], own_words: str) -> None:
        """The ready ones, in the language of the screen, and what stands in the empty line."""
        self._reasons = tuple(reasons)[:_MOST]
        for number, made in enumerate(self._buttons):
            made.setVisible(number < len(self._reasons))
            made.setText(self._reasons[number] if number < len(self._reasons) else "")
        self.own.setPlaceholderText(own_words)
        self.own.setAccessibleName(own_words)

    def start(self) -> None:
        """Empty again, with the focus."""
        self.own.clear()
        self.own.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_mine = watched is self.own and event.type() == QEvent.Type.KeyPress and not self.own.text()
        if is_mine and isinstance(event, QKeyEvent):
            number = event.key() - Qt.Key.Key_1
            if 0 <= number < len(self._reasons):
                self._pick(number)
                return True
        return super().eventFilter(watched, event)

    def _pick(self, number: int, _checked: bool = False) -> None:
        self.chosen.emit(self._reasons[number])

    def _say_own(self) -> None:
        if self.own.text().strip():
            self.chosen.emit(self.own.text().strip())
