"""Draws one open thing as a card; the one that is selected carries the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame

from pos_app.domain.attention import AttentionItem, Waits
from pos_app.ui.todo.words import goods, next_try, tell
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, restyle, row
from pos_app.ui.wording import Wording


class TodoCard(QFrame):
    """`done` is the one right button, `other` the other answer where there is one: the slip is not here, or leave it."""

    touched = Signal()
    done = Signal()
    other = Signal()

    def __init__(self, item: AttentionItem, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        told = tell(item, wording)
        self._is_question = item.waits is Waits.SLIP_ASKED
        self._has_button, self._has_other = bool(told.button), bool(told.other)
        self._needs_person = item.waits.needs_person
        icon = IconLabel(told.icon, told.tone, 28)
        self._title = Text("head", text=told.title).wrapped()
        self._words = Text("body", "second", told.words).wrapped()
        money = MoneyLabel(24)
        if item.money is not None:
            money.put(wording.sign(item.money), wording.figure(item.money))
        since = wording.when(item.since) if item.since else ""
        parts = (item.number, goods(item, wording), since, next_try(item, wording))
        about = Text("small", text=" \u00b7 ".join(part for part in parts if part)).wrapped()
        self._yes = KeyButton("plain", "Enter", binds=False)
        self._yes.setText(told.button)
        self._no = KeyButton("plain", "2", binds=False)
        self._no.setText(told.other)
        self._yes.clicked.connect(self._pressed)
        self._no.clicked.connect(self._pressed_no)
        texts = column(self._title, self._words, about, gap=4)
        buttons = row(1, self._no, self._yes, gap=8)
        right = column(money, 1, buttons, gap=8)
        layout = row(icon, texts, right, gap=16, margin=16)
        layout.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._yes.setVisible(self._has_button)
        self._no.setVisible(self._has_other)
        money.setVisible(item.money is not None)

    def mark(self, *, is_selected: bool, is_busy: bool) -> None:
        """The selected one shows its keys and, where a person must act, is the next step."""
        self._yes.put_key(("1" if self._is_question else "Enter") if is_selected else "")
        self._no.put_key("2" if is_selected else "")
        self._yes.put_kind("primary" if is_selected and self._needs_person else "plain")
        self._yes.setEnabled(not is_busy)
        self._no.setEnabled(not is_busy)
        if self.property("chosen") != is_selected:
            self.setProperty("chosen", is_selected)
            restyle(self)

    def words(self) -> str:
        """Title and sentence, for whoever reads it aloud."""
        return f"{self._title.text()} {self._words.text()}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        super().mousePressEvent(event)

    def _pressed(self) -> None:
        self.touched.emit()
        self.done.emit()

    def _pressed_no(self) -> None:
        self.touched.emit()
        self.other.emit()
