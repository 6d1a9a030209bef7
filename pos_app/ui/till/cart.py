"""The right side of the selling page: the lines, what they come to, and the one next step."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from pos_app.ui.theme import scaled
from pos_app.ui.till.state import TillState
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.line_table import LineTable
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording


class Cart(QFrame):
    """Says what was pressed; the lines say more (`lines.stepped` and so on)."""

    pay_asked = Signal()
    empty_asked = Signal()
    back_asked = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._wording = wording
        self._state: TillState | None = None
        self._head, self._hint = Text("head"), Text("small")
        self._empty = KeyButton("quiet", "Ctrl+Del")
        self.lines = LineTable(wording)
        self._nothing = Text("lead", "second").wrapped()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._total_word = Text("lead", "second")
        self._total = MoneyLabel(48)
        self._pay = KeyButton("primary", "F9")
        self._back = KeyButton("plain", "Esc", binds=False)
        self._pay.setMinimumHeight(scaled(64))
        self._back.setMinimumHeight(scaled(64))
        self._pay.clicked.connect(self.pay_asked)
        self._back.clicked.connect(self.back_asked)
        self._empty.clicked.connect(self.empty_asked)
        self._middle = QWidget()
        self._stack = QStackedLayout(self._middle)
        self._stack.addWidget(self._empty_state())
        self._stack.addWidget(self.lines)
        head = row(self._head, 1, self._empty)
        head.setContentsMargins(scaled(16), scaled(10), scaled(8), scaled(4))
        total = row(self._total_word, self._total, gap=8)
        total.setStretch(1, 1)
        foot = column(frame("line"), total, self._hint, self._pay, self._back, gap=8)
        foot.setContentsMargins(scaled(16), 0, scaled(16), scaled(16))
        middle = row(self._middle)
        middle.setContentsMargins(scaled(6), 0, scaled(6), 0)
        whole = column(head, middle, foot, gap=4)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.retranslate()

    def show_state(self, state: TillState) -> None:
        self._state = state
        sale = state.sale
        self._stack.setCurrentIndex(1 if sale.lines else 0)
        self.lines.fix(state.is_paying)
        self.lines.put(sale.lines, state.selected, state.marked)
        self._total.put(self._wording.sign(sale.total), self._wording.figure(sale.total))
        self._total.put_tone("ink" if sale.lines else "second")
        self._pay.setEnabled(bool(sale.lines) and not state.is_paying)
        self._pay.setVisible(not state.is_paying)
        self._back.setVisible(state.is_paying)
        self._empty.setVisible(bool(sale.lines) and not state.is_paying)
        self._words()

    def put_back_enabled(self, is_enabled: bool) -> None:
        """Once the money is being booked there is no way back."""
        self._back.setEnabled(is_enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.setVisible(self.height() >= scaled(640))

    def retranslate(self) -> None:
        self._empty.setText(self.tr("Empty"))
        self._total_word.setText(self.tr("Total"))
        self._pay.setText(self.tr("Take payment"))
        self._back.setText(self.tr("Back to the basket"))
        self._nothing.setText(self.tr("Scan a card, or type a name or a phone number"))
        self._words()
        if self._state is not None:
            self.show_state(self._state)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _words(self) -> None:
        sale = self._state.sale if self._state else None
        quantity = sale.quantity if sale else 0
        if quantity == 1:
            self._head.setText(self.tr("1 item"))
        else:
            self._head.setText(self.tr("{n} items").format(n=quantity) if quantity else self.tr("Basket"))
        is_open = (
            sale is not None and bool(sale.lines) and self._state is not None and not self._state.is_paying
        )
        hint = self.tr("\u2191 \u2193 line   + \u2212 quantity   Del remove")
        self._hint.setText(hint if is_open else "")

    def _empty_state(self) -> QWidget:
        made = QWidget()
        picture = IconLabel("sell", "second", 48)
        lines = column(1, row(1, picture, 1), self._nothing, 2, gap=16, margin=24)
        made.setLayout(lines)
        return made
