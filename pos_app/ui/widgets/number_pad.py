"""A pad of digits for fingers; it takes no focus, so that keys and scanner go on where they went."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from pos_app.ui.theme import scaled

ERASE = "erase"


class NumberPad(QWidget):
    """`pressed` says "0" to "9", ".", "00" or ERASE. `corner` is what stands left of the 0."""

    pressed = Signal(str)

    def __init__(self, corner: str = ".") -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scaled(8))
        keys = ("7", "8", "9", "4", "5", "6", "1", "2", "3", corner, "0", ERASE)
        for place, key in enumerate(keys):
            if not key:
                continue
            made = QPushButton("\u232b" if key == ERASE else key)
            made.setProperty("kind", "pad")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAutoRepeat(key == ERASE)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            made.setMaximumHeight(scaled(64))
            made.clicked.connect(partial(self._say, key))
            grid.addWidget(made, place // 3, place % 3)

    def _say(self, key: str, _checked: bool = False) -> None:
        self.pressed.emit(key)
