"""Draws the page of a till that is locked: the reason, what is safe, and one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from pos_app.ui.locked.presenter import LockedState
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import button
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.ui.locked.presenter import LockedPresenter


class LockedPage(Page):
    """Enter in the field begins anew."""

    presenter: LockedPresenter

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = LockedState()
        self._title, self._why = Text("title").wrapped(), Text("lead", "second").wrapped()
        self._safe = Text("body", "second").wrapped()
        self._label, self.code = Text("strong").wrapped(), QLineEdit()
        self.code.setMaxLength(400)
        self.begin = button("primary", "")
        self.begin.setMinimumHeight(scaled(56))
        self.said = MessageBar()
        head = row(IconLabel("danger", "danger", 40), self._title, gap=16)
        head.setStretch(1, 1)
        card = frame("card")
        card.setLayout(
            column(
                head, self._why, self._safe, self._label, self.code, self.said, self.begin,
                gap=16, margin=32,
            )
        )  # fmt: skip
        card.setFixedWidth(scaled(680))
        self.setLayout(column(1, row(1, card, 1), 2, margin=16))
        self.retranslate()

    def bind(self, presenter: LockedPresenter) -> None:
        self.presenter = presenter
        self.code.returnPressed.connect(self._begin)
        self.begin.clicked.connect(self._begin)

    def shown(self) -> None:
        self.code.setFocus()

    def draw(self, state: LockedState) -> None:
        self._state = state
        self.begin.setEnabled(not state.is_busy)
        self.code.setReadOnly(state.is_busy)  # and keeps the focus
        self._put_words()

    def retranslate(self) -> None:
        self._title.setText(self.tr("This till is locked"))
        self._why.setText(
            self.tr(
                "Its data is an older copy: codes went out after it was made. Selling from it could sell a code twice."
            )
        )
        self._safe.setText(
            self.tr(
                "Call the owner. What was sold since is with the platform and is read back; no number is given twice."
            )
        )
        self._label.setText(
            self.tr("Enrolment code for this till. Leave it empty when the platform runs on this PC.")
        )
        self.code.setAccessibleName(self._label.text())
        self._put_words()

    def _put_words(self) -> None:
        self.begin.setText(self.tr("Beginning anew") if self._state.is_busy else self.tr("Begin anew"))
        if self._state.trouble is not None:
            self.said.say(self._wording.sentence(self._state.trouble), "danger")
        else:
            self.said.clear()

    def _begin(self) -> None:
        self.presenter.begin(self.code.text())
