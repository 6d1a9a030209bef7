"""Asks for a second person: a tile, then the PIN, which stands nowhere but in the line that hides it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QSizePolicy, QWidget

from pos_app.domain.staff import Person
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column
from pos_app.ui.wording import Wording

_MOST_DIGITS = 12


class SecondPerson(QWidget):
    """`entered` says who and which PIN. With one person who may, only the PIN is asked; Up and Down change the person."""

    entered = Signal(str, str)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._people: tuple[Person, ...] = ()
        self._chosen = 0
        self._group = QButtonGroup(self)
        self._tiles = column(gap=8)
        self._nobody = Text("body", "danger").wrapped()
        self._asks = Text("body", "second").wrapped()
        self.pin = QLineEdit()
        self.pin.setProperty("role", "pin")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(_MOST_DIGITS)
        self.pin.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        self.pin.installEventFilter(self)
        self.pin.returnPressed.connect(self._enter)
        self._ok = KeyButton("primary", "Enter", binds=False)
        self._ok.clicked.connect(self._enter)
        self.setLayout(column(self._tiles, self._nobody, self._asks, self.pin, self._ok, gap=12))
        self.retranslate()

    def put(self, people: Sequence[Person]) -> None:
        """Those who may; the first one is chosen."""
        if tuple(people) == self._people:
            return
        self._people, self._chosen = tuple(people), 0
        for tile in self._group.buttons():
            self._group.removeButton(tile)
            self._tiles.removeWidget(tile)
            tile.deleteLater()
        for number, person in enumerate(self._people):
            tile = QPushButton(f"{person.name}   {self._wording.role(person.role)}")
            tile.setProperty("kind", "choice")
            tile.setCheckable(True)
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            tile.setMinimumHeight(scaled(52))
            tile.clicked.connect(partial(self._choose, number))
            self._group.addButton(tile, number)
            self._tiles.addWidget(tile)
        self._choose(0)

    def start(self) -> None:
        """Empty again, with the focus."""
        self.pin.clear()
        self.pin.setFocus()

    def retranslate(self) -> None:
        self._nobody.setText(self.tr("Nobody here may do this. Ask the owner."))
        self.pin.setPlaceholderText(self.tr("PIN"))
        self.pin.setAccessibleName(self.tr("PIN"))
        self._ok.setText(self.tr("Agree"))
        for number, person in enumerate(self._people):
            self._group.button(number).setText(f"{person.name}   {self._wording.role(person.role)}")
        self._choose(self._chosen)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_mine = watched is self.pin and event.type() == QEvent.Type.KeyPress and len(self._people) > 1
        if is_mine and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self._choose((self._chosen + step) % len(self._people))
                return True
        return super().eventFilter(watched, event)

    def _choose(self, number: int, _checked: bool = False) -> None:
        has_people = bool(self._people)
        self._nobody.setVisible(not has_people)
        for part in (self._asks, self.pin, self._ok):
            part.setVisible(has_people)
        if has_people:
            self._chosen = number
            self._group.button(number).setChecked(True)
            self._asks.setText(
                self.tr("{name}, please type your PIN.").format(name=self._people[number].name)
            )
            if self.pin.isVisible():
                self.start()

    def _enter(self) -> None:
        pin, self_people = self.pin.text(), self._people
        self.pin.clear()
        if pin and self_people:
            self.entered.emit(self_people[self._chosen].id, pin)
