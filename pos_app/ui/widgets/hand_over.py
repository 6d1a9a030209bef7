"""Money to hand over to a customer: the amount as large as it fits, then one key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QWidget

from pos_app.domain.money import Money
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording


class HandOver(QWidget):
    """First the question (`agreed` or `left`), then what was handed over, until `left`."""

    agreed = Signal()
    left = Signal()

    def __init__(self, wording: Wording, size: int = 72) -> None:
        super().__init__()
        self._wording = wording
        self._amount: Money | None = None
        self._wallet: Money | None = None
        self._about, self._is_given, self._is_electronic = "", False, False
        self._title = Text("head").wrapped()
        self._figure = MoneyLabel(size, is_left=True)
        self._words = Text("body", "second").wrapped()
        self._yes = KeyButton("primary", "Return")
        self._no = KeyButton("plain", "Esc")
        self._yes.clicked.connect(self._agree)
        QShortcut(QKeySequence(Qt.Key.Key_Enter), self).activated.connect(
            self._yes.click
        )  # of the number pad
        self._no.clicked.connect(self.left)
        self._buttons = row(self._yes, self._no, 1, gap=12)
        self.setLayout(column(self._title, self._figure, self._words, self._buttons, 1, gap=16))

    def ask(self, amount: Money, about: str, *, is_electronic: bool = False) -> None:
        """`about`: what could not be delivered; electronic money goes back to the wallet it came from."""
        self._amount, self._about, self._is_given = amount, about, False
        self._is_electronic = is_electronic
        self._draw()

    def tell(self, cash: Money, wallet: Money) -> None:
        """It is written down: hand the cash over now; what goes to a `wallet` goes by itself."""
        self._amount, self._wallet, self._is_given = cash, wallet, True
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self._yes.sizeHint().width() + self._no.sizeHint().width() + scaled(12)
        is_wide = self.width() >= wide
        down = QBoxLayout.Direction.TopToBottom
        self._buttons.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else down)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._draw()

    def _draw(self) -> None:
        if self._amount is None:
            return
        is_all_electronic = self._is_given and self._amount.is_zero and self._wallet is not None
        shown = self._wallet if is_all_electronic and self._wallet is not None else self._amount
        self._figure.put(self._wording.sign(shown), self._wording.figure(shown))
        self._no.setVisible(not self._is_given)
        self._yes.put_key("Enter")
        self._no.setText(self.tr("Not yet"))
        if is_all_electronic:
            self._title.setText(self.tr("On its way back to the wallet"))
            self._words.setText(
                self.tr("Nothing is handed over: it returns to where it came from, by itself.")
            )
            self._yes.setText(self.tr("Good"))
        elif self._is_given:
            self._title.setText(self.tr("Hand this to the customer"))
            words = self.tr("It is booked as given back, and the drawer opens.")
            if self._wallet is not None and self._wallet.minor:
                more = self.tr("{money} more goes back to the wallet by itself.")
                words += "\n" + more.format(money=self._wording.money(self._wallet))
            self._words.setText(words)
            self._yes.setText(self.tr("The customer has it"))
        else:
            self._title.setText(
                self.tr("Give this back to the wallet?")
                if self._is_electronic
                else self.tr("Give this back in cash?")
            )
            self._words.setText(self._about)
            self._yes.setText(self.tr("Give it back"))
        self._fit()

    def _agree(self) -> None:
        (self.left if self._is_given else self.agreed).emit()
