"""Asks why a message is never sent; the answer is kept with the name of whoever gave it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.todo.messages import left_reasons
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.reasons import Reasons
from pos_app.ui.widgets.text import Text, column, row


class LeaveMessagePanel(QWidget):
    """`chosen` says the reason, `left` that nothing is changed."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("head").wrapped()
        self._words = Text("body", "second").wrapped()
        self.reasons = Reasons()
        self._back = KeyButton("plain", "Esc")
        self.reasons.chosen.connect(self.chosen)
        self._back.clicked.connect(self.left)
        buttons = row(self._back, 1)
        self.setLayout(column(self._title, self._words, self.reasons, buttons, 1, gap=16))

    def ask(self) -> None:
        """In the language of the screen, with the focus in the line for one's own words."""
        self.retranslate()
        self.reasons.start()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Why is it never sent?"))
        self._words.setText(self.tr("Your name and the reason are kept. The platform will not hear of it."))
        self._back.setText(self.tr("Back"))
        self.reasons.put(left_reasons(), self.tr("or in your own words"))
