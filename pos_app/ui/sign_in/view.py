"""Draws sign-in: a tile per person, then the PIN by keys or pad."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from pos_app.domain.staff import Person
from pos_app.ui.sign_in.presenter import SignInState
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import icon
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.number_pad import ERASE, NumberPad
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.pin_entry import PinEntry
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording
from pos_app.ui.wording.figures import span

if TYPE_CHECKING:
    from pos_app.ui.sign_in.presenter import SignInPresenter

COLUMNS = 2


class SignInPage(Page):
    """`demo_pins` are shown to whoever tries the till; a real one hands in none."""

    def __init__(self, wording: Wording, demo_pins: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._wording, self._demo = wording, demo_pins
        self._presenter: SignInPresenter | None = None
        self._state = SignInState()
        self._title, self._name = Text("title"), Text("head")
        self._tiles: dict[str, QPushButton] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(scaled(12))
        self.pin = PinEntry()
        self._pad = NumberPad("")
        self._enter = KeyButton("primary", "Enter", binds=False)
        self._enter.setMinimumHeight(scaled(56))
        self._said = MessageBar()
        self._hint, self._demo_words = Text("small"), Text("small").wrapped()
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._lay_out()
        self._pad.pressed.connect(self._pressed)
        self.retranslate()

    def bind(self, presenter: SignInPresenter) -> None:
        self._presenter = presenter
        self.pin.returnPressed.connect(lambda: presenter.enter(self.pin.text()))
        self._enter.clicked.connect(lambda: presenter.enter(self.pin.text()))
        self.pin.stepped.connect(presenter.choose_next)
        self._timer.timeout.connect(presenter.tick)

    def draw(self, state: SignInState) -> None:
        if [person.id for person in state.people] != list(self._tiles):
            self._build(state.people)
        self._state = state
        is_locked = state.seconds_left is not None
        for person_id, tile in self._tiles.items():
            tile.setChecked(state.chosen is not None and state.chosen.id == person_id)
        self.pin.setEnabled(not is_locked)
        self._enter.setEnabled(not is_locked and not state.is_busy)
        self._pad.setEnabled(not is_locked)
        if is_locked != self._timer.isActive():
            self._timer.start() if is_locked else self._timer.stop()
        self._put_words()
        if not is_locked:
            self.pin.setFocus()

    def clear_pin(self) -> None:
        self.pin.clear()

    def shown(self) -> None:
        if self._presenter is not None:
            self._presenter.shown()
        self.pin.setFocus()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Who is at the till?"))
        self._enter.setText(self.tr("Sign in"))
        self._hint.setText(self.tr("\u2190 \u2192 choose a person, then type the PIN"))
        self.pin.setPlaceholderText(self.tr("PIN"))
        self.pin.setAccessibleName(self.tr("PIN"))
        pins = "   ".join(f"{name}\u00a0{pin}" for name, pin in self._demo)
        self._demo_words.setText(self.tr("This is a demo. PINs:  {pins}").format(pins=pins))
        self._demo_words.setVisible(bool(self._demo))
        for person in self._state.people:
            if person.id in self._tiles:
                self._tiles[person.id].setText(f"{person.name}\n{self._wording.role(person.role)}")
        self._put_words()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and not self.pin.hasFocus():
            self.pin.setFocus()
            self.pin.insert(event.text())

    @property
    def sentence(self) -> str:
        """What is said about the last try; empty when nothing is."""
        return self._said.sentence

    def tile(self, person_id: str) -> QPushButton:
        return self._tiles[person_id]

    def _lay_out(self) -> None:
        people = QWidget()
        people.setLayout(column(self._title, self._hint, self._grid, 1, self._said, self._demo_words, gap=16))
        inside = column(self._name, self.pin, self._pad, self._enter, gap=12, margin=20)
        card = frame("card")
        card.setLayout(inside)
        card.setFixedWidth(scaled(340))
        people.setMaximumWidth(scaled(420))
        people.setMinimumWidth(scaled(320))
        both = row(1, people, card, 1, gap=24)
        both.setSpacing(scaled(40))
        self.setLayout(column(1, both, 1, gap=16, margin=16))

    def _build(self, people: tuple[Person, ...]) -> None:
        for tile in self._tiles.values():
            tile.setParent(None)
            tile.deleteLater()
        self._tiles = {}
        for number, person in enumerate(people):
            tile = QPushButton(f"{person.name}\n{self._wording.role(person.role)}")
            tile.setProperty("kind", "person")
            tile.setCheckable(True)
            tile.setIcon(icon("person"))
            tile.setIconSize(QSize(scaled(28), scaled(28)))
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.clicked.connect(partial(self._choose, person.id))
            self._grid.addWidget(tile, number // COLUMNS, number % COLUMNS)
            self._tiles[person.id] = tile

    def _choose(self, person_id: str, _checked: bool = False) -> None:
        if self._presenter is not None:
            self._presenter.choose(person_id)

    def _pressed(self, key: str) -> None:
        if key == ERASE:
            self.pin.backspace()
        else:
            self.pin.insert(key)
        self.pin.setFocus()

    def _put_words(self) -> None:
        state = self._state
        self._name.setText(state.chosen.name if state.chosen else "")
        if state.seconds_left is not None:
            text = self.tr("Too many wrong PINs. {name} can try again in {time}.")
            name = state.chosen.name if state.chosen else ""
            self._said.say(text.format(name=name, time=span(state.seconds_left)), "warn")
        elif state.trouble is not None:
            self._said.say(self._wording.sentence(state.trouble), "danger")
        else:
            self._said.clear()
