"""The small panels of the shift page: opening cash, the open shift, cash moved or the drawer opened by a reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit

from pos_app.domain.shift import Closing, Shift
from pos_app.ui.shift.page import Step
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.reasons import Reasons
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording


class OpeningPanel(QFrame):
    """Asks how much cash lies in the drawer at the start."""

    opened = Signal(str)
    print_last = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._title, self._words = Text("title"), Text("body", "second").wrapped()
        self._last = Text("body", "second").wrapped()
        self.amount = amount_field()
        self._open, self._print = KeyButton("primary", "Enter", binds=False), KeyButton("quiet", "F6")
        self.amount.returnPressed.connect(self._go)
        self._open.clicked.connect(self._go)
        self._print.clicked.connect(self.print_last)
        buttons = row(self._open, self._print, 1, gap=12)
        self.setLayout(column(self._title, self._words, self.amount, self._last, buttons, gap=16, margin=32))

    def draw(self, last: Closing | None) -> None:
        self._title.setText(self.tr("No shift is open"))
        self._words.setText(
            self.tr("How much cash lies in the drawer now? Money is only taken in an open shift.")
        )
        self.amount.setPlaceholderText("0.00")
        self.amount.setAccessibleName(self.tr("Opening cash"))
        self._open.setText(self.tr("Open the shift"))
        self._print.setText(self.tr("Last closing slip"))
        self._print.setVisible(last is not None)
        self._last.setVisible(last is not None)
        if last is not None:
            text = self.tr("{name} counted {money} at the last close, {time}.")
            at, money = self._wording.when(last.closed_at), self._wording.money(last.counted)
            self._last.setText(text.format(name=last.closed_by_name, money=money, time=at))

    def _go(self) -> None:
        self.opened.emit(self.amount.text())


class OpenPanel(QFrame):
    """The open shift: since when, by whom, and what may be done beside selling."""

    begun = Signal(object)
    count = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._icon, self._title = IconLabel("ok", "ok", 28), Text("title").wrapped()
        self._words = Text("lead", "second").wrapped()
        self._in, self._out = KeyButton("plain", "F5"), KeyButton("plain", "F6")
        self._drawer, self.close_button = KeyButton("plain", "F10"), KeyButton("primary", "F9")
        self._in.clicked.connect(lambda: self.begun.emit(Step.CASH_IN))
        self._out.clicked.connect(lambda: self.begun.emit(Step.CASH_OUT))
        self._drawer.clicked.connect(lambda: self.begun.emit(Step.DRAWER))
        self.close_button.clicked.connect(self.count)
        head = row(self._icon, self._title, gap=12)
        head.setStretch(1, 1)
        moves = row(self._in, self._out, self._drawer, 1, gap=12)
        close = row(self.close_button, 1)
        self.setLayout(column(head, self._words, moves, close, gap=20, margin=32))

    def draw(self, shift: Shift) -> None:
        wording = self._wording
        self._title.setText(self.tr("The shift is open"))
        text = self.tr("{name} opened it {time}, with {money} in the drawer.")
        opening = wording.money(shift.opening_cash)
        self._words.setText(
            text.format(name=shift.opened_by_name, time=wording.when(shift.opened_at), money=opening)
        )
        self._in.setText(self.tr("Cash in"))
        self._out.setText(self.tr("Cash out"))
        self._drawer.setText(self.tr("Open the drawer"))
        self.close_button.setText(self.tr("Count and close the shift"))


class MovePanel(QFrame):
    """An amount and a reason, or only a reason: `moved` says both, the amount empty for the drawer."""

    moved = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._step = Step.CASH_IN
        self._title, self._why = Text("title"), Text("body", "second")
        self.amount = amount_field()
        self.reasons = Reasons()
        self._leave = KeyButton("plain", "Esc", binds=False)
        self._leave.clicked.connect(self.left)
        self.amount.returnPressed.connect(self.reasons.start)
        self.reasons.chosen.connect(lambda reason: self.moved.emit(self.amount.text(), reason))
        buttons = row(self._leave, 1)
        self.setLayout(column(self._title, self.amount, self._why, self.reasons, buttons, gap=12, margin=32))

    def start(self, step: Step) -> None:
        """Empty, with the focus where typing begins."""
        self.amount.clear()
        self.reasons.own.clear()
        self.draw(step)
        self.amount.setFocus() if step is not Step.DRAWER else self.reasons.start()

    def draw(self, step: Step) -> None:
        self._step = step
        self.amount.setVisible(step is not Step.DRAWER)
        self.amount.setPlaceholderText("0.00")
        self.amount.setAccessibleName(self.tr("Amount"))
        self._why.setText(self.tr("Why? A digit picks, or type it."))
        self._leave.setText(self.tr("Not now"))
        title, reasons = {
            Step.CASH_IN: (
                self.tr("Cash into the drawer"),
                (self.tr("Change brought in"), self.tr("Left over from yesterday")),
            ),
            Step.CASH_OUT: (
                self.tr("Cash out of the drawer"),
                (
                    self.tr("To the owner or the safe"),
                    self.tr("To the bank"),
                    self.tr("Bought something for the shop"),
                ),
            ),
        }.get(
            step,
            (self.tr("Open the drawer"), (self.tr("To change a note"), self.tr("To check the cash"))),
        )
        self._title.setText(title)
        self.reasons.put(reasons, self.tr("or in your own words"))


def amount_field() -> QLineEdit:
    """A large line for one sum of money."""
    made = QLineEdit()
    made.setProperty("role", "amount")
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    made.setMaxLength(12)
    return made
