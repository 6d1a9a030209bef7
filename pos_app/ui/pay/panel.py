"""Taking the money: what is to be paid, what was received, what goes back, and the notes a customer is likely to hand over."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from pos_app.domain.money import Money
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.number_pad import NumberPad
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording, payments

MOST_SUMS = 6
SHOW_KEYS = ("F5", "F6", "Shift+F5", "Shift+F6")


class PayPanel(QWidget):
    """Says `booked(text)`, `sum_touched(money)`, `typed(text)`, `back_asked()`, `part_asked()` and `show_asked(wallet)`."""

    booked = Signal(str)
    sum_touched = Signal(object)
    typed = Signal(str)
    back_asked = Signal()
    part_asked = Signal()
    show_asked = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = PayState()
        self._title = Text("title")
        self._waiting, self._clock = Text("lead", "second").wrapped(), IconLabel("wait", "second", 24)
        self._total_word, self._total = Text("lead", "second"), MoneyLabel(48, is_left=True)
        self._received_word = Text("lead", "second")
        self.amount = Entry("amount", groups_numbers=False)
        self._change_word, self._change = Text("lead", "second"), MoneyLabel(72, is_left=True)
        self._said = MessageBar()
        self._book = KeyButton("primary", "Enter", binds=False)
        self._book.setMinimumHeight(scaled(64))
        self._sums_word = Text("small")
        self._sums = [self._sum_button(number) for number in range(MOST_SUMS)]
        self._pad = NumberPad()
        self._scan_word = Text("lead", "accent").wrapped()
        self._part = KeyButton("plain", "F10")
        self._shows = [KeyButton("plain", key) for key in SHOW_KEYS]
        for number, made in enumerate(self._shows):
            made.clicked.connect(partial(self._show, number))
        self._part.clicked.connect(self.part_asked)
        self._lay_out()
        self.amount.entered.connect(lambda text, is_scan: self.booked.emit(text))
        self.amount.entered_nothing.connect(lambda: self.booked.emit(""))
        self.amount.edited.connect(self.typed)
        self.amount.keys[Qt.Key.Key_Escape] = (self.back_asked.emit, True)
        self._pad.pressed.connect(self.amount.press)
        self._book.clicked.connect(lambda: self.booked.emit(self.amount.plain()))
        self.retranslate()

    def put(self, state: PayState) -> None:
        self._state = state
        is_open = state.step is Step.MONEY
        self._waiting.setVisible(state.step is Step.ASKING)
        self._clock.setVisible(state.step is Step.ASKING)
        is_cash = state.part is None  # a part is only taken by wallet
        self._book.setEnabled(is_open)
        self._book.setVisible(is_cash)
        self._pad.setVisible(is_cash)
        self._sums_word.setVisible(is_cash)
        self._received_word.setVisible(is_cash)
        self._pad.setEnabled(state.step in (Step.ASKING, Step.MONEY))
        self.amount.setReadOnly(state.step is Step.BOOKING)
        self._put_money()
        self._put_sums()
        self._put_wallets()
        self._put_words()
        self._measure()

    def retranslate(self) -> None:
        self._total_word.setText(self.tr("To pay"))
        self._received_word.setText(self.tr("Received"))
        self._change_word.setText(self.tr("Change"))
        self._sums_word.setText(self.tr("The customer gives"))
        self._put_sums()
        self._put_words()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen the total stands in the cart only, and the change is drawn smaller."""
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        is_low, is_lowest = self.height() < scaled(600), self.height() < scaled(460)
        # Where there is room for one of them only, what is wrong goes before a change that is not due.
        state = self._state
        is_said = state.trouble is not None or (state.ended is not None and state.received is None)
        has_change = state.part is None and not (
            (is_lowest or state.ended is not None) and is_low and is_said
        )
        self._scan_word.setVisible(
            bool(state.accepted.scans) and state.step is Step.MONEY and not (is_low and is_said)
        )
        self._change_word.setVisible(has_change)
        self._change.setVisible(has_change)
        has_total = not is_low or state.part is not None  # a part stands nowhere else
        self._total_word.setVisible(has_total)
        self._total.setVisible(has_total)
        self._change.put_size(48 if is_low else 72)

    @property
    def sentence(self) -> str:
        """What is said about the sum; empty when there is nothing to say."""
        return self._said.sentence

    def _lay_out(self) -> None:
        waiting = row(self._clock, self._waiting, 1, gap=8)
        left = column(
            row(self._title, 1, waiting), self._total_word, self._total, self._received_word, self.amount,
            self._change_word, self._change, self._said, 1, self._scan_word, self._book, gap=8, margin=20,
        )  # fmt: skip
        card = frame("card")
        card.setLayout(left)
        grid = QGridLayout()
        grid.setSpacing(scaled(8))
        for number, made in enumerate(self._sums):
            grid.addWidget(made, number // 2, number % 2)
        wallets = column(self._part, *self._shows, gap=8)
        right = column(self._sums_word, grid, wallets, 1, self._pad, gap=8)
        beside = row(card, right, gap=16, margin=16)
        beside.setStretch(0, 3)
        beside.setStretch(1, 2)
        self.setLayout(beside)

    def _sum_button(self, number: int) -> QPushButton:
        made = QPushButton()
        made.setProperty("kind", "pad")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(partial(self._touch, number))
        return made

    def _touch(self, number: int, _checked: bool = False) -> None:
        if number < len(self._state.likely):
            self.sum_touched.emit(self._state.likely[number])

    def _put_money(self) -> None:
        state = self._state
        if state.sale is None:
            return
        total, change = state.part or state.due or state.sale.total, state.change
        sign = self._wording.sign(total)
        self._total.put(sign, self._wording.figure(total))
        self._change.put(sign, self._wording.figure(change or Money(0, total.currency)))
        self._change.put_tone("ink" if change is not None else "second")
        is_part = state.part is not None
        self.amount.setPlaceholderText(self.tr("Payment code") if is_part else self._wording.figure(total))

    def _put_sums(self) -> None:
        state = self._state
        for number, made in enumerate(self._sums):
            is_there = number < len(state.likely) and state.part is None
            made.setVisible(is_there)
            made.setEnabled(state.step is Step.MONEY)
            if is_there:
                text = self._wording.face(state.likely[number])
                made.setText(self.tr("Exact") if number == 0 else text)
                made.setAccessibleName(text)

    def _show(self, number: int, _checked: bool = False) -> None:
        if number < len(self._state.accepted.shows):
            self.show_asked.emit(self._state.accepted.shows[number])

    def _put_wallets(self) -> None:
        """What electronic money this till takes; nothing of it where it takes none."""
        state = self._state
        is_open, left, received = state.step is Step.MONEY, state.left, state.received
        can_part = left is not None and received is not None and 0 < received.minor < left.minor
        self._part.setVisible(bool(state.accepted.scans) and state.part is None)
        self._part.setEnabled(is_open and can_part)
        self._part.setText(self.tr("This much by wallet"))
        if state.part is not None:
            text = self.tr("Scan the customer's payment code for this part.")
        else:
            text = self.tr("Or scan the customer's payment code.")
        self._scan_word.setText(text)
        for number, made in enumerate(self._shows):
            is_there = number < len(state.accepted.shows)
            made.setVisible(is_there)
            made.setEnabled(is_open)
            if is_there:
                name = payments.wallet_name(state.accepted.shows[number])
                made.setText(self.tr("Show {wallet} code").format(wallet=name))

    def _put_words(self) -> None:
        state = self._state
        self._title.setText(
            self.tr("Part by wallet") if state.part is not None
            else self.tr("Payment") if state.accepted.scans
            else self.tr("Cash")
        )  # fmt: skip
        self._waiting.setText(
            self.tr("Letting the goods go") if state.is_leaving else self.tr("Asking the platform")
        )
        self._book.setText(
            self.tr("Booking") if state.step is Step.BOOKING
            else self.tr("Book it") if state.received is not None
            else self.tr("Exact, book it")
        )  # fmt: skip
        if state.trouble is not None:
            self._said.say(self._wording.sentence(state.trouble), "danger")
        elif state.ended is not None and state.received is None:
            tone, sentence = payments.ending(state.ended)
            self._said.say(sentence, tone)
        else:
            self._said.clear()
