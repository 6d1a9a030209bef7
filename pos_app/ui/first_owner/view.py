"""Draws the very first start: who is the owner?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from pos_app.ui.first_owner.presenter import FirstOwnerState, Missing
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import button
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.pin_entry import PinEntry
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.ui.first_owner.presenter import FirstOwnerPresenter


class FirstOwnerPage(Page):
    """Enter goes from field to field, from the last one on to the till."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = FirstOwnerState()
        self._title, self._words = Text("title"), Text("body", "second").wrapped()
        self._labels = [Text("strong") for _ in range(3)]
        self.name, self.pin, self.again = QLineEdit(), PinEntry(), PinEntry()
        self._said = MessageBar()
        self._save = button("primary", "")
        self._save.setMinimumHeight(scaled(56))
        fields = (self.name, self.pin, self.again)
        parts = [part for pair in zip(self._labels, fields, strict=True) for part in pair]
        card = frame("card")
        card.setLayout(column(self._title, self._words, *parts, self._said, self._save, gap=10, margin=32))
        card.setFixedWidth(scaled(520))
        self.setLayout(column(1, row(1, card, 1), 2, margin=16))
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self.again.setFocus)
        self.retranslate()

    def bind(self, presenter: FirstOwnerPresenter) -> None:
        def save() -> None:
            presenter.save(self.name.text(), self.pin.text(), self.again.text())

        self.again.returnPressed.connect(save)
        self._save.clicked.connect(save)

    def draw(self, state: FirstOwnerState) -> None:
        self._state = state
        self._save.setEnabled(not state.is_busy)
        self._put_words()

    def shown(self) -> None:
        self.name.setFocus()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Welcome. Who owns this shop?"))
        self._words.setText(
            self.tr("The owner sees the day's figures and adds the others. Take a PIN of six digits or more.")
        )
        for label, text in zip(
            self._labels, (self.tr("Name"), self.tr("PIN"), self.tr("The same PIN again")), strict=True
        ):
            label.setText(text)
        self._save.setText(self.tr("Start"))
        self._put_words()

    @property
    def sentence(self) -> str:
        return self._said.sentence

    def _put_words(self) -> None:
        state = self._state
        if state.missing is Missing.NAME:
            self._said.say(self.tr("Please type the owner's name."), "danger")
        elif state.missing is Missing.SAME_PIN:
            self._said.say(self.tr("The two PINs differ. Please type both once more."), "danger")
        elif state.trouble is not None:
            self._said.say(self._wording.sentence(state.trouble), "danger")
        else:
            self._said.clear()
