"""A few things of which one is chosen: all in sight, by finger, by arrow keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from pos_app.ui.theme import font, scaled


class ChoiceRow(QWidget):
    """`picked` says the key that a person chose. `across` buttons stand beside each other."""

    picked = Signal(str)

    def __init__(self, keys: Sequence[str], across: int = 4, kind: str = "choice") -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(scaled(8))
        for number, key in enumerate(keys):
            made = QPushButton()
            made.setProperty("kind", kind)
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(partial(self._pick, key))
            self._group.addButton(made)
            self._buttons[key] = made
            grid.addWidget(made, number // across, number % across)
        grid.setColumnStretch(across, 1)

    def put(self, words: Mapping[str, str], selected: str) -> None:
        """The words of each, and which one is chosen."""
        for key, made in self._buttons.items():
            made.setText(words[key])
            made.setAccessibleName(words[key])
            made.setChecked(key == selected)
            # A chosen one is written bold: room for that from the start, so that nothing moves.
            width = QFontMetrics(font(15, is_bold=True)).horizontalAdvance(words[key])
            made.setMinimumWidth(width + scaled(36))

    def button(self, key: str) -> QPushButton:
        return self._buttons[key]

    def _pick(self, key: str, _checked: bool = False) -> None:
        self.picked.emit(key)
