"""Electronic money under way: the amount, how it stands with its seconds, the code to scan, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from pos_app.domain.attempt import AttemptState
from pos_app.ui.pay.state import PayState
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.money_label import MoneyLabel
from pos_app.ui.widgets.qr_code import QrCode
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording
from pos_app.ui.wording import payments as words


class WalletPanel(QWidget):
    """The scanner stays armed in `catcher`; nothing here is decided."""

    scanned = Signal(str)
    again_asked = Signal()
    stop_asked = Signal()
    park_asked = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._state = PayState()
        self._title, self._amount = Text("title"), MoneyLabel(72, is_left=True)
        self._icon, self._head = IconLabel("wait", "accent", 32), Text("title").wrapped()
        self._seconds = Text("total", "second")
        self._advice = Text("lead", "second").wrapped()
        self._qr = QrCode()
        self._said = MessageBar()
        self._again = KeyButton("plain", "F5")
        self._stop = KeyButton("plain", "Esc", binds=False)
        self._park = KeyButton("plain", "F6")
        self.catcher = Entry("catcher", groups_numbers=False)
        self._lay_out()
        self.catcher.entered.connect(self._entered)
        self.catcher.keys[Qt.Key.Key_Escape] = (self.stop_asked.emit, True)
        self._again.clicked.connect(self.again_asked)
        self._stop.clicked.connect(self.stop_asked)
        self._park.clicked.connect(self.park_asked)

    def put(self, state: PayState) -> None:
        self._state = state
        attempt = state.taking.attempt if state.taking else None
        amount = attempt.amount if attempt else state.part or state.due
        if amount is not None:
            self._amount.put(self._wording.sign(amount), self._wording.figure(amount))
        icon, tone, text = words.head(attempt)
        self._icon.put(icon, tone)
        self._head.setText(text)
        self._head.put_tone(tone if tone == "warn" else "ink")
        is_asking = attempt is not None and attempt.state is AttemptState.SENT
        self._seconds.setVisible(is_asking)
        self._seconds.setText(self.tr("{n} s").format(n=state.seconds_left))
        self._qr.put(attempt.qr if attempt is not None and is_asking else "")
        self._qr.setVisible(bool(self._qr.shown))
        self._stop.setVisible(is_asking)
        self._again.setVisible(attempt is not None)
        self._park.setVisible(attempt is not None)
        self._put_words(attempt is not None and attempt.state is AttemptState.REVERSING)
        self._measure()

    @property
    def sentence(self) -> str:
        """What is said beside how it stands; empty when there is nothing."""
        return self._said.sentence

    @property
    def stands(self) -> str:
        return self._head.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.put(self._state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        is_low = self.height() < scaled(560)
        self._amount.put_size(48 if is_low else 72)
        is_tight = self.height() < scaled(640)
        self._advice.setVisible(not (is_tight and self._qr.shown))  # the code needs the room
        self._qr.put_side(200 if is_tight else 256 if self.height() < scaled(720) else 336)

    def _put_words(self, is_undone: bool) -> None:
        state = self._state
        self._title.setText(words.wallet_name(state.wallet) if state.wallet else "")
        self._advice.setText(words.advice(state.taking.attempt if state.taking else None))
        self._again.setText(self.tr("Ask again"))
        self._stop.setText(self.tr("Cancel"))
        self._park.setText(self.tr("Park"))
        self._park.put_kind("primary" if is_undone else "plain")
        self.catcher.setAccessibleName(self.tr("Scanner"))
        if state.trouble is not None:
            self._said.say(self._wording.sentence(state.trouble), "warn")
        else:
            self._said.clear()

    def _lay_out(self) -> None:
        stands = row(self._icon, self._head, self._seconds, gap=12)
        stands.setStretch(1, 1)
        code = row(1, self._qr, 1)
        # In sight for nobody, but there for the scanner: a field that is hidden gets no keys.
        self.catcher.setStyleSheet("border: 0; padding: 0; min-height: 0; background: transparent;")
        self.catcher.setFixedSize(1, 1)
        whole = column(
            row(self._title, 1, self.catcher), self._amount, stands, self._advice, code, self._said, 1,
            row(self._stop, self._again, 1, self._park, gap=12), gap=12, margin=24,
        )  # fmt: skip
        card = frame("card")
        card.setLayout(whole)
        self.setLayout(row(card, margin=16))

    def _entered(self, text: str, is_scan: bool) -> None:
        self.catcher.empty()
        self.scanned.emit(text)
