"""Draws electronic money at the counter: every state of a payment, from the code to what must still be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.domain.gateway import Standing
from pos_app.domain.payment_code import Wallet
from pos_app.ui.theme import Look
from tests.fakes.till_gateway import FakeGateway
from tests.fakes.till_shop import FakeShop
from tests.ui.window import ENTER, ESC, F9, OpenWindow

F10 = Qt.Key.Key_F10
WECHAT, ALIPAY, UNIONPAY = "134567890123456789", "281234567890123456", "6212345678901234567"


class Evening:
    """A window at a counter where wallets are taken; `codes` are customers' codes, a new one each time."""

    def __init__(self, language: str, look: Look, size: tuple[int, int]) -> None:
        from tests.ui.draw_screens import NAMES, evening

        del NAMES
        self.fake: FakeShop = evening(language)
        self.window = OpenWindow(self.fake, language=language, look=look)
        self.screen = self.window.window
        self.screen.resize(*size)
        self.window.settle()
        self.window.sign_in()
        self.window.type("300")
        self.window.press(ENTER)
        self._codes = 0

    @property
    def gateway(self) -> FakeGateway:
        return self.fake.gateways.one

    def basket(self, *codes: str) -> None:
        for code in codes or ("6900000000001", "2*6900000000007"):
            self.window.scan(code)
            self.window.settle()

    def pay(self, code: str, course: Standing, *lost: str) -> None:
        """A customer's code is scanned; the last digits make it a new one."""
        self._codes += 1
        self.gateway.next_course = course
        self.gateway.lose.extend(lost)
        self.window.scan(code[:-3] + f"{self._codes:03d}")
        self.window.settle()

    def later(self, seconds: int) -> None:
        self.fake.clock.advance(timedelta(seconds=seconds))
        self.window.pay.tick()
        self.window.settle()


def screens(language: str, look: Look, size: tuple[int, int]) -> Iterator[tuple[str, QWidget]]:
    evening = Evening(language, look, size)
    window, screen = evening.window, evening.screen
    evening.basket()
    window.press(F9)
    yield "wallet_ask", screen
    evening.pay(ALIPAY, Standing.WAITING)
    evening.later(14)
    yield "wallet_password", screen
    window.scan("6900000000001")
    window.settle()
    yield "wallet_product_scanned", screen
    window.press(ESC)
    yield "wallet_undone_now", screen
    evening.later(1)
    yield "wallet_undone", screen
    evening.pay(WECHAT, Standing.FAILED)
    yield "wallet_failed", screen
    evening.pay(WECHAT, Standing.PROCESSING, "charge!", "ask")
    evening.later(7)
    yield "wallet_unknown", screen
    window.press(ESC)
    evening.later(1)
    window.type("50")
    window.press(F10)
    yield "wallet_part", screen
    evening.pay(UNIONPAY, Standing.PAID)
    yield "wallet_part_paid", screen
    window.press(ENTER)
    window.settle()
    yield "wallet_and_cash", screen
    evening.basket()
    window.press(F9)
    window.pay.show(Wallet.WECHAT)
    window.settle()
    evening.later(11)
    yield "wallet_code", screen
    evening.gateway.customer_pays(window.pay.state.taking.attempt.number)
    evening.later(3)
    yield "wallet_paid", screen
    evening.basket()
    window.press(F9)
    evening.pay(ALIPAY, Standing.PROCESSING)
    window.press(Qt.Key.Key_F6)
    yield "wallet_parked", screen
    screen.go_to("todo")
    window.settle()
    yield "todo_payment", screen
    window.close()
