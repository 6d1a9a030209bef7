"""Selling while the line is down: on or off, how much is held for it, and what is held now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QWidget

from pos_app.domain.money import Money
from pos_app.ui.settings.presenter import SettingsPage
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.choice_row import ChoiceRow
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

DAYS = ("1", "2", "3", "5", "7")
CAPS = (
    "offline_most",
    "offline_most_minor",
    "offline_face_minor",
    "offline_sale_codes",
    "offline_sale_minor",
)


class OfflinePanel(QFrame):
    """`switched` says on or off, `changed` a name and what was typed; `given_back` that all of it goes back now."""

    switched = Signal(str)
    changed = Signal(str, str)
    given_back = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._title, self._words = Text("strong"), Text("body", "second").wrapped()
        self.switch = ChoiceRow(("on", "off"))
        self._days_title, self.days = Text("strong"), ChoiceRow(DAYS, across=5)
        self._names = {key: Text("body", "second") for key in CAPS}
        self.fields = {key: self._field(key) for key in CAPS}
        self._caps = QWidget()
        grid = QGridLayout(self._caps)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(scaled(24))
        grid.setVerticalSpacing(scaled(8))
        grid.setColumnStretch(2, 1)
        for number, key in enumerate(CAPS):
            grid.addWidget(self._names[key], number, 0)
            grid.addWidget(self.fields[key], number, 1)
        self._held_title, self.held = Text("strong"), Text("body").wrapped()
        self.back = KeyButton("plain", "F6")
        self._guard = Text("body", "warn").wrapped()
        self.switch.picked.connect(self.switched)
        self.days.picked.connect(partial(self.changed.emit, "offline_days"))
        self.back.clicked.connect(self.given_back)
        held = row(self.held, self.back, gap=12)
        held.setStretch(0, 1)
        self.setLayout(
            column(
                self._guard, self._title, self._words, self.switch, self._days_title, self.days, self._caps,
                frame("line"), self._held_title, held, gap=12, margin=24,
            )
        )  # fmt: skip

    def draw(self, page: SettingsPage) -> None:
        self._put_words()
        values, is_on = page.values, page.values.offline == "on"
        self.switch.put({"on": self.tr("On"), "off": self.tr("Off")}, values.offline)
        self.days.put({each: each for each in DAYS}, values.offline_days)
        for key, field in self.fields.items():
            if not field.hasFocus():
                field.setText(self._shown(key, getattr(values, key)))
            field.setEnabled(page.may_change_till and is_on)
        self._guard.setVisible(not page.may_change_till)
        self.switch.setEnabled(page.may_change_till)
        self.days.setEnabled(page.may_change_till and is_on)
        self.held.setText(self._told(page))
        has_some = page.held is not None and page.held.count > 0
        self.back.setVisible(has_some and not is_on and page.may_change_till)
        self.back.setEnabled(not page.is_giving_back)

    def _put_words(self) -> None:
        self._title.setText(self.tr("Sell while the line is down"))
        self._words.setText(
            self.tr(
                "Codes of what sells most are held here, sealed, and paid for only when they are sold."
                " Switched off, all of them go back."
            )
        )
        self._guard.setText(self.tr("Only a supervisor or the owner changes this."))
        self._days_title.setText(self.tr("For how many days of sales"))
        words = {
            "offline_most": self.tr("Codes at most"),
            "offline_most_minor": self.tr("Their face value at most"),
            "offline_face_minor": self.tr("The dearest card"),
            "offline_sale_codes": self.tr("Codes in one sale, while the line is down"),
            "offline_sale_minor": self.tr("Price of one sale, while the line is down"),
        }
        for key, text in words.items():
            self._names[key].setText(text)
            self.fields[key].setAccessibleName(text)
        self._held_title.setText(self.tr("Held now"))
        self.back.setText(self.tr("Give all back"))

    def _told(self, page: SettingsPage) -> str:
        held = page.held
        if page.is_giving_back:
            return self.tr("It is being given back.")
        if page.given_back:
            return self.tr("{n} codes were given back.").format(n=page.given_back)
        if held is None or not held.count:
            return self.tr("Nothing. What sells is fetched by itself while the line is up.")
        until = self._wording.until(held.until) if held.until is not None else ""
        text = self.tr(
            "{n} codes, face value {money}. The first of them ends {until}; new ones follow in time."
        )
        return text.format(n=held.count, money=self._wording.money(held.value), until=until)

    def _field(self, key: str) -> QLineEdit:
        made = QLineEdit()
        made.setMaxLength(12)
        made.setFixedWidth(scaled(140))
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.editingFinished.connect(lambda: self._typed(key))
        return made

    def _typed(self, key: str) -> None:
        if self.fields[key].isModified():
            self.fields[key].setModified(False)
            self.changed.emit(key, self.fields[key].text().strip())

    def _shown(self, key: str, value: str) -> str:
        return Money(int(value)).plain() if key.endswith("_minor") else value
