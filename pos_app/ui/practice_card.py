"""The demo's customers: a strip with practice payment codes, held before the scanner by a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QWidget

from pos_app.domain.payment_code import Wallet
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, row
from pos_app.ui.wording.payments import wallet_name

# Last digits of a practice code (docs/practice-gateways.md), in the order in which they are offered.
ENDINGS = ("500", "002", "003", "004", "001", "005", "012", "033")


class PracticeCard(QFrame):
    """`make(wallet, ending)` gives a code that was never used; it goes where the focus is, as a scanner's would."""

    def __init__(self, make: Callable[[Wallet, str], str]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._make = make
        self._title, self._code = Text("small"), Text("small")
        self.endings = QComboBox()
        self.endings.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.endings.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.endings.addItems(list(ENDINGS))
        self.wallets: dict[Wallet, KeyButton] = {}
        for wallet in Wallet:
            made = self.wallets[wallet] = KeyButton("plain")
            made.clicked.connect(partial(self._hold_up, wallet))
        line = row(IconLabel("phone", "second", 20), self._title, self.endings, *self.wallets.values(), gap=8)
        line.addWidget(self._code)
        line.addStretch(1)
        line.setContentsMargins(scaled(12), scaled(4), scaled(12), scaled(4))
        self.setLayout(line)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Practice customer:"))
        for place, words in enumerate(self._endings()):
            self.endings.setItemText(place, words)
        self.endings.setAccessibleName(self.tr("What the customer does"))
        for wallet, made in self.wallets.items():
            made.setText(wallet_name(wallet))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _endings(self) -> tuple[str, ...]:
        return (
            self.tr("pays at once"),
            self.tr("002 types the password after 8 s"),
            self.tr("003 never types the password"),
            self.tr("004 changes his mind after 8 s"),
            self.tr("001 has too little money"),
            self.tr("005 shows a code that has run out"),
            self.tr("012 pays, but the answer gets lost"),
            self.tr("033 pays, and nobody ever answers"),
        )

    def _hold_up(self, wallet: Wallet, _checked: bool = False) -> None:
        code = self._make(wallet, ENDINGS[self.endings.currentIndex()])
        self._code.setText(code)
        target = QApplication.focusWidget()
        if target is not None:
            scan(target, code)


def scan(target: QWidget, code: str) -> None:
    """What a scanner does: the digits and Enter, as keys."""
    for key, text in (*((Qt.Key(ord(digit)), digit) for digit in code), (Qt.Key.Key_Return, "\r")):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
