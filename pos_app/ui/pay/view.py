"""Draws paying: one panel while cash is counted or a code awaited, one while a wallet is asked, another when it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from pos_app.ui.pay.done import DonePanel
from pos_app.ui.pay.panel import PayPanel
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.pay.wallet import WalletPanel
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.ui.pay.presenter import PayPresenter

TICK_MS = 200


class PaySide(QStackedWidget):
    """Covers the left of the selling page while money is taken; its focus is where the scanner writes."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.panel, self.wallet = PayPanel(wording), WalletPanel(wording)
        self.addWidget(self.panel)
        self.addWidget(self.wallet)
        self.setFocusProxy(self.panel.amount)

    def show_panel(self, is_wallet: bool) -> None:
        if is_wallet is (self.currentIndex() == 1):
            return
        self.setCurrentIndex(1 if is_wallet else 0)
        entry = self.wallet.catcher if is_wallet else self.panel.amount
        self.setFocusProxy(entry)
        if self.isVisible():
            entry.setFocus()


class PayView:
    """The panels lie in the selling page; the window says where."""

    def __init__(self, wording: Wording) -> None:
        self.side, self.done = PaySide(wording), DonePanel(wording)
        self.panel, self.wallet = self.side.panel, self.side.wallet
        self._timer = QTimer(self.side)
        self._timer.setInterval(TICK_MS)

    def bind(self, presenter: PayPresenter) -> None:
        self.panel.booked.connect(presenter.book)
        self.panel.sum_touched.connect(presenter.book_sum)
        self.panel.typed.connect(presenter.typed)
        self.panel.back_asked.connect(presenter.back)
        self.panel.part_asked.connect(presenter.take_part)
        self.panel.show_asked.connect(presenter.show)
        self.wallet.scanned.connect(presenter.book)
        self.wallet.again_asked.connect(presenter.ask_again)
        self.wallet.stop_asked.connect(presenter.stop)
        self.wallet.park_asked.connect(presenter.park)
        self.done.print_again_asked.connect(presenter.print_again)
        self.done.stand_in_asked.connect(presenter.stand_in)
        self.done.answered.connect(presenter.answer)
        self._timer.timeout.connect(presenter.tick)

    def draw(self, state: PayState) -> None:
        is_wallet = state.step is Step.WALLET
        if is_wallet is not self._timer.isActive():
            self._timer.start() if is_wallet else self._timer.stop()
        if state.step is Step.DONE:
            self.done.put(state)
        elif is_wallet:
            self.wallet.put(state)
        else:
            self.panel.put(state)
        self.side.show_panel(is_wallet)

    def clear_amount(self) -> None:
        self.panel.amount.empty()
