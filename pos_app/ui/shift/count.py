"""The count of the drawer: pieces of every note and coin, the total as it is typed, nothing of the books."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.money import Money
from pos_app.ui.shift.page import ShiftPage
from pos_app.ui.shift.presenter import MOST_PIECES
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

ROWS = 4


class CountPanel(QWidget):
    """Tab and Enter walk the fields; the last Enter is `counted`."""

    pieces = Signal(int, str)
    loose = Signal(str)
    counted = Signal()
    left = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._title, self._words = Text("title"), Text("body", "second").wrapped()
        self.fields: dict[int, QLineEdit] = {}
        self._names: dict[int, Text] = {}
        self._sums: dict[int, MoneyLabel] = {}
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(12))
        self._grid.setVerticalSpacing(scaled(8))
        self.loose_field = self._field()
        self.loose_field.textEdited.connect(self.loose)
        self._loose_name = Text("body")
        self._total_name, self._total = Text("lead", "second"), MoneyLabel(48)
        self._done, self._leave = KeyButton("primary", "F9"), KeyButton("plain", "Esc", binds=False)
        self._done.clicked.connect(self.counted)
        self._leave.clicked.connect(self.left)
        self.setLayout(self._lay_out())

    def start(self, page: ShiftPage) -> None:
        """The fields of this currency, empty, the first one with the focus."""
        if not self.fields:
            self._make_fields(page)
        for denomination, field in self.fields.items():
            number = page.number_of(denomination)
            field.setText(str(number) if number else "")
        self.loose_field.setText(page.loose.plain() if page.loose else "")
        self._first.setFocus()

    def draw(self, page: ShiftPage) -> None:
        """The sums as they are now."""
        wording = self._wording
        for denomination, label in self._sums.items():
            money = Money(denomination * page.number_of(denomination), page.currency)
            label.put("", wording.figure(money) if money.minor else "")
        total = page.count.total
        self._total.put(wording.sign(total), wording.figure(total))
        for part in (self._done, self._leave):
            part.setEnabled(not page.is_busy)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Count the drawer"))
        words = self.tr(
            "Type how many of each, or the whole sum at the bottom. The books are compared afterwards."
        )
        self._words.setText(words)
        self._loose_name.setText(self.tr("Other money, or all in one sum"))
        self._loose_name.setWordWrap(True)
        self._total_name.setText(self.tr("Counted"))
        self._done.setText(self.tr("Counted, compare"))
        self._leave.setText(self.tr("Not now"))
        for denomination, name in self._names.items():
            face = self._wording.money(Money(denomination)).removesuffix(".00")
            name.setText(face)
            self.fields[denomination].setAccessibleName(self.tr("How many of {face}").format(face=face))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            order = [*self.fields.values(), self.loose_field]
            place = order.index(watched)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and place == len(order) - 1:
                self.counted.emit()
                return True
            steps = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                to = order[max(0, min(place + step, len(order) - 1))]
                to.setFocus()
                to.selectAll()
                return True
        return super().eventFilter(watched, event)

    @property
    def _first(self) -> QLineEdit:
        return next(iter(self.fields.values()), self.loose_field)

    def _make_fields(self, page: ShiftPage) -> None:
        before: QWidget | None = None
        for number, denomination in enumerate(page.denominations):
            name, field, total = Text("lead"), self._field(), MoneyLabel(15, tone="second", is_bold=False)
            field.setValidator(QIntValidator(0, MOST_PIECES, field))
            field.setMaxLength(5)
            field.setFixedWidth(scaled(84))
            field.textEdited.connect(partial(self.pieces.emit, denomination))
            total.setMinimumWidth(scaled(76))
            self._grid.setColumnStretch(number // ROWS * 4 + 3, 1)
            name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            at, side = number % ROWS, number // ROWS * 4
            for place, part in enumerate((name, Text("body", "second", "\u00d7"), field, total)):
                self._grid.addWidget(part, at, side + place)
            self._names[denomination], self._sums[denomination] = name, total
            self.fields[denomination] = field
            if before is not None:
                QWidget.setTabOrder(before, field)
            before = field
        if before is not None:
            QWidget.setTabOrder(before, self.loose_field)
        self.retranslate()

    def _field(self) -> QLineEdit:
        made = QLineEdit()
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.setMaxLength(12)
        made.installEventFilter(self)
        return made

    def _lay_out(self) -> QVBoxLayout:
        card: QFrame = frame("card")
        self.loose_field.setFixedWidth(scaled(160))
        loose = row(self._loose_name, self.loose_field, gap=12)
        loose.setStretch(0, 1)
        inside = column(self._table, frame("line"), loose, gap=12, margin=16)
        card.setLayout(inside)
        bottom = row(self._total_name, self._total, self._leave, self._done, gap=12)
        bottom.setStretch(1, 1)
        return column(self._title, self._words, card, bottom, 1, gap=12)
