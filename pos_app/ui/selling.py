"""Puts the selling page and the paying panels together: they do not know each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import GatewaySetupWrong, PosError, Unreachable
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale
from pos_app.ui.pay.electronic import PayHands
from pos_app.ui.pay.presenter import PayPresenter
from pos_app.ui.pay.view import PayView
from pos_app.ui.till.presenter import TillHands, TillPresenter
from pos_app.ui.till.state import Notice, Saying
from pos_app.ui.till.view import TillPage

if TYPE_CHECKING:
    from pos_app.domain.till import TillStatus
    from pos_app.shop import Shop
    from pos_app.ui.opening import Papers
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.wording import Wording


class Selling:
    """The page, both presenters, and the hand-overs between them."""

    def __init__(
        self, shop: Shop, run: Run, wording: Wording, session: Session, papers: Papers | None
    ) -> None:
        self.pay_view = PayView(wording)
        self.page = TillPage(wording, self.pay_view.side, self.pay_view.done)
        self.line_seen: Callable[[bool], None] = lambda is_up: None
        self.till = TillPresenter(
            self.page, shop, run, session, TillHands(pay=self._start, ask_catalogue=session.beat_now)
        )
        hands = PayHands(
            came_back=self._came_back,
            paid=self._paid,
            scanned=self._scanned,
            left_open=self._left_open,
            changed=session.status_changed,
            papers=papers,
            parked=self._parked,
            took=lambda wallet, amount: QApplication.beep(),  # heard before it is read
        )
        self.pay = PayPresenter(self.pay_view, shop, run, session, hands)
        self.page.bind(self.till)
        self.pay_view.bind(self.pay)
        self.page.cart.back_asked.connect(self.pay.back)

    def beaten(self) -> None:
        """A heartbeat may have moved the sale that shows."""
        self.pay.refresh()

    def stands(self, status: TillStatus) -> None:
        """What the last beat found: with the line down, goods come from what is held here."""
        self.pay.is_away = status.line_up is False
        self.till.stands(status)

    def gateway_refuses(self, name: str, reason: str) -> None:
        """It does so as this till is set up; said where the cashier looks."""
        self.till.say(Notice(GatewaySetupWrong(name, reason)))

    def _start(self, basket: Sale, code: PaymentCode | None) -> None:
        self.pay.start(basket, code)

    def _parked(self) -> None:
        self.till.parked()

    def _came_back(self, error: PosError | None, fresh: Sale | None) -> None:
        if isinstance(error, Unreachable):
            self.line_seen(False)
        self.till.came_back(error, fresh)

    def _paid(self, sale: Sale) -> None:
        self.till.paid()

    def _scanned(self, text: str) -> None:
        self.till.scanned_while_paying(text)

    def _left_open(self, trouble: PosError | None) -> None:
        self.till.say(Notice(saying=Saying.EARLIER_PAPER if trouble else Saying.EARLIER_WAITS))
