"""One of the four figures across the top: its name, itself, and how it compares in words."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column


class FigureCard(QFrame):
    """A card with a large figure."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._name = Text("body", "second")
        self._figure = MoneyLabel(32, is_left=True)
        self._words = Text("small").wrapped()
        self.setLayout(column(self._name, self._figure, self._words, gap=4, margin=16))

    def put(self, name: str, sign: str, figure: str, words: str, tone: str = "ink") -> None:
        self._name.setText(name)
        self._figure.put(sign, figure)
        self._figure.put_tone(tone)
        self._words.setText(words)
        self.setAccessibleName(f"{name} {sign}{figure} {words}")

    def text(self) -> str:
        """All of it, for whoever reads it aloud."""
        return self.accessibleName()
