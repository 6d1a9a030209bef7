"""Asks how much of a delivered line goes back, and says where the money will go before anything is done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.sale import SaleLine
from pos_app.ui.sales.page import SalesPage
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column
from pos_app.ui.wording import Wording
from pos_app.ui.wording.payments import tender_name

_MOST_CHARACTERS = 12


class AmountBack(QWidget):
    """An empty field means all that is left; `edited` says the text, `entered` that it stands."""

    edited = Signal(str)
    entered = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._about, self._ways = Text("body").wrapped(), Text("body", "second").wrapped()
        self.field = QLineEdit()
        self.field.setProperty("role", "amount")
        self.field.setMaxLength(_MOST_CHARACTERS)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.field.textEdited.connect(self.edited)
        self.field.returnPressed.connect(self.entered)
        self._next = KeyButton("primary", "Enter", binds=False)
        self._next.clicked.connect(self.entered)
        self.setLayout(column(self._about, self.field, self._ways, self._next, 1, gap=12))

    def start(self) -> None:
        """Empty, with the focus."""
        self.field.clear()
        self.field.setFocus()

    def draw(self, page: SalesPage, line: SaleLine) -> None:
        wording = self._wording
        about = self.tr("{what}: {money} can go back. Enter takes all of it.")
        self._about.setText(
            about.format(what=wording.name(line.product.names), money=wording.money(line.kept))
        )
        self.field.setPlaceholderText(line.kept.plain())
        self.field.setAccessibleName(self.tr("How much goes back"))
        self._ways.setText("\n".join(self._way(*each) for each in page.ways))
        self._next.setText(self.tr("Next"))

    def ways(self) -> str:
        """Where it goes, as it is written."""
        return self._ways.text()

    def _way(self, tender: Tender, money: Money) -> str:
        text = self._wording.money(money)
        if tender is Tender.CASH:
            return self.tr("{money} in cash out of the drawer").format(money=text)
        said = self.tr("{money} back to {wallet}, by itself")
        return said.format(money=text, wallet=tender_name(tender))
