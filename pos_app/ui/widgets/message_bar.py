"""One sentence where the eyes are, with the one thing that can be done about it; it never covers anything."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, restyle

_ICONS = {"info": "info", "ok": "ok", "warn": "wait", "danger": "danger"}


class MessageBar(QFrame):
    """`tone`: info, ok (it is done), warn (not known yet, with what is being done), danger (a person must act)."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "state")
        self._icon = IconLabel(size=24)
        self._words = Text("body").wrapped()
        self._button = KeyButton("plain")
        self._act: Callable[[], None] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(scaled(16), scaled(8), scaled(8), scaled(8))
        layout.setSpacing(scaled(12))
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._button)
        self._button.clicked.connect(self._pressed)
        self.setMinimumHeight(scaled(60))
        self.hide()

    def say(
        self, sentence: str, tone: str = "info", action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Show it until the next one, or until `clear`."""
        self._words.setText(sentence)
        self.setAccessibleDescription(sentence)
        self._icon.put(_ICONS[tone], "accent" if tone == "info" else tone)
        self.setProperty("tone", tone)
        restyle(self)
        self._act = act
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.show()

    def clear(self) -> None:
        self._words.setText("")
        self._act = None
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says; empty when it is away."""
        return self._words.text()

    def _pressed(self) -> None:
        if self._act is not None:
            self._act()
