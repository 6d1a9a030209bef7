"""Electronic money through the real window, by the scanner and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import Standing
from pos_app.domain.payment import Tender
from pos_app.domain.sale import Sale, SaleSearch
from pos_app.ui.pay.state import Step
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.window import ENTER, ESC, F9, OpenWindow

CARD, WECHAT, ALIPAY = "6900000000001", "134567890123456789", "281234567890123456"
F6, F10 = Qt.Key.Key_F6, Qt.Key.Key_F10


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def opened(fake: FakeShop) -> Iterator[OpenWindow]:
    window = OpenWindow(fake)
    window.sign_in()
    window.scan(CARD)
    window.settle()
    yield window
    window.close()


def paid(fake: FakeShop) -> list[Sale]:
    found = fake.shop.look_up.sales(SaleSearch())
    sales = [fake.shop.look_up.sale(row.sale_id).sale for row in found]
    return [sale for sale in sales if sale.paid_at is not None]


def test_scan_the_card_scan_the_phone(opened: OpenWindow, fake: FakeShop) -> None:
    """Two scans and no key: the shortest sale there is."""
    opened.scan(WECHAT)
    opened.settle()
    (sale,) = paid(fake)
    assert sale.payments[0].tender is Tender.WECHAT
    assert "100.00" in opened.page.done.change


def test_a_payment_code_in_the_field_for_cash(opened: OpenWindow, fake: FakeShop) -> None:
    opened.press(F9)
    opened.scan(ALIPAY)
    opened.settle()
    assert paid(fake)[0].payments[0].tender is Tender.ALIPAY


def test_the_scanner_stays_armed_while_the_wallet_is_asked(opened: OpenWindow, fake: FakeShop) -> None:
    fake.gateways.one.next_course = Standing.WAITING
    opened.scan(WECHAT)
    opened.settle()
    panel = opened.page.paying.wallet
    assert opened.pay.state.step is Step.WALLET
    assert opened.focus is panel.catcher
    opened.scan(CARD)
    opened.settle()
    assert CARD in panel.sentence
    fake.gateways.one.customer_pays(opened.pay.state.taking.attempt.number)
    fake.clock.advance(timedelta(seconds=3))
    opened.until(lambda: opened.pay.state.step is Step.DONE)
    opened.settle()
    assert len(paid(fake)) == 1
    assert opened.till.state.sale.quantity == 1  # the card that was scanned meanwhile begins the next sale


def test_esc_undoes_and_then_cash_is_taken(opened: OpenWindow, fake: FakeShop) -> None:
    fake.gateways.one.next_course = Standing.WAITING
    opened.scan(WECHAT)
    opened.settle()
    opened.press(ESC)
    opened.until(lambda: opened.pay.state.step is Step.MONEY)
    assert opened.page.paying.panel.sentence
    opened.press(ENTER)
    assert paid(fake)[0].payments[0].tender is Tender.CASH
    assert fake.gateways.one.kept_money() == 0


def test_part_by_wallet_by_keys(opened: OpenWindow, fake: FakeShop) -> None:
    opened.press(F9)
    opened.type("30")
    opened.press(F10)
    opened.scan(WECHAT)
    opened.settle()
    opened.type("100")
    opened.press(ENTER)
    assert [payment.amount.minor for payment in paid(fake)[0].payments] == [3_000, 7_000]


def test_the_next_customer_is_served_while_a_payment_is_checked(opened: OpenWindow, fake: FakeShop) -> None:
    fake.gateways.one.next_course = Standing.PROCESSING
    opened.scan(WECHAT)
    opened.settle()
    number = opened.pay.state.taking.attempt.number
    opened.press(F6)
    assert "To do" in opened.notice
    opened.scan(CARD)
    opened.settle()
    opened.press(F9, ENTER)
    assert [sale.payments[0].tender for sale in paid(fake)] == [Tender.CASH]
    fake.gateways.one.customer_pays(number)
    fake.clock.advance(timedelta(seconds=10))
    opened.until(lambda: fake.shop.look_up.payment(number).state is AttemptState.PAID, 8_000)  # type: ignore[union-attr]
    opened.settle()
    assert len(paid(fake)) == 2


def test_a_gateway_that_refuses_the_till_is_said_before_a_customer_comes(fake: FakeShop) -> None:
    def refuses() -> None:
        raise GatewaySetupWrong("fake", "merchant_key")

    fake.gateways.one.begin_day = refuses  # type: ignore[method-assign]
    window = OpenWindow(fake)
    beat = window.window._money_beat
    assert beat is not None
    window.until(lambda: bool(beat.wrong))
    window.sign_in()
    assert "merchant_key" in window.notice
    window.close()
