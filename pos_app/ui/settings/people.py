"""Who works at this till, and, for the owner, one more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from pos_app.domain.staff import LEAST_PIN_DIGITS, Role
from pos_app.ui.settings.presenter import SettingsPage
from pos_app.ui.widgets.choice_row import ChoiceRow
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.rows_table import Cell, Column, RowsTable
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

MOST_SHOWN = 8


class PeoplePanel(QFrame):
    """`added` says name, role and both PINs; they are wiped from the lines at once."""

    added = Signal(str, object, str, str)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._role = Role.CASHIER
        self.table = RowsTable(has_header=False)
        self._title = Text("strong")
        self._note = Text("body", "second").wrapped()
        self._tell = Text("strong").wrapped()
        self.name = QLineEdit()
        self.name.setMaxLength(40)
        self.roles = ChoiceRow(tuple(role.value for role in Role))
        self.pin, self.again = self._pin(), self._pin()
        self.add = KeyButton("primary", "Enter", binds=False, takes_focus=True)
        self._form = QWidget()
        pins = row(self.pin, self.again, gap=12)
        form = column(self._title, self.name, self.roles, pins, row(self.add, 1), gap=12)
        self._form.setLayout(form)
        self.setLayout(column(self.table, self._note, self._form, self._tell, gap=16, margin=24))
        self.roles.picked.connect(self._choose)
        self.name.returnPressed.connect(self.pin.setFocus)
        self.pin.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self._go)
        self.add.clicked.connect(self._go)

    def draw(self, page: SettingsPage) -> None:
        columns = (Column("", share=True), Column(""))
        rows = [
            (Cell(person.name, is_bold=True, icon="person"), Cell(self._wording.role(person.role), "second"))
            for person in page.people
        ]
        self.table.put(columns, rows)
        self.table.setFixedHeight(self.table.height_of(max(1, min(len(rows), MOST_SHOWN))))
        self._note.setText(self.tr("Only the owner adds people."))
        self._note.setVisible(not page.may_add_people)
        self._form.setVisible(page.may_add_people)
        self._title.setText(self.tr("Add someone"))
        self.name.setPlaceholderText(self.tr("The person's name"))
        self.pin.setPlaceholderText(self.tr("PIN, at least {n} digits").format(n=LEAST_PIN_DIGITS))
        self.again.setPlaceholderText(self.tr("The same PIN again"))
        for field in (self.name, self.pin, self.again):
            field.setAccessibleName(field.placeholderText())
        self.roles.put({role.value: self._wording.role(role) for role in Role}, self._role.value)
        self.add.setText(self.tr("Add"))
        self._draw_outcome(page)

    def _draw_outcome(self, page: SettingsPage) -> None:
        self._tell.setVisible(page.are_pins_different or page.added is not None)
        if page.are_pins_different:
            self._tell.put_tone("danger")
            self._tell.setText(self.tr("The two PINs are not the same. Nobody was added. Type both again."))
        elif page.added is not None:
            self._tell.put_tone("ok")
            self._tell.setText(self.tr("{name} may sign in from now on.").format(name=page.added.name))
            if self.name.text().strip() == page.added.name:
                self.name.clear()

    def _choose(self, key: str) -> None:
        self._role = Role(key)

    def _go(self) -> None:
        pin, again = self.pin.text(), self.again.text()
        self.pin.clear()
        self.again.clear()
        if not self.name.text().strip():
            self.name.setFocus()
            return
        self.pin.setFocus()
        self.added.emit(self.name.text().strip(), self._role, pin, again)

    def _pin(self) -> QLineEdit:
        made = QLineEdit()
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setMaxLength(12)
        return made
