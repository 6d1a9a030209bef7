"""The demo's card of practice codes: a click is a scan, wherever the focus is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.demo import practice_code
from pos_app.domain.attempt import AttemptState
from pos_app.domain.gateway import Standing
from pos_app.domain.payment_code import Wallet, read_payment_code
from pos_app.ui.practice_card import PracticeCard
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.screen_goods import many_products
from tests.ui.window import ENTER, F9, OpenWindow


@pytest.fixture
def window(qapp: QApplication) -> Iterator[OpenWindow]:
    fake: FakeShop = make_fake_shop([replace(each, stock=None) for each in many_products()], stock=100)
    made = OpenWindow(fake, practice_code=practice_code)
    yield made
    made.close()


def card_of(window: OpenWindow) -> PracticeCard:
    card = window.window._practice
    assert card is not None
    return card


def test_it_shows_when_somebody_has_signed_in(window: OpenWindow) -> None:
    assert not card_of(window).isVisible()
    window.sign_in()
    assert card_of(window).isVisible()


@pytest.mark.parametrize("wallet", Wallet)
def test_a_click_pays(window: OpenWindow, wallet: Wallet) -> None:
    window.sign_in()
    window.scan("6900000000001")
    window.settle()
    window.press(F9)
    card_of(window).wallets[wallet].click()
    window.settle()
    (attempt,) = window.fake.till.pages.attempts.values()
    assert (attempt.state, attempt.wallet) == (AttemptState.PAID, wallet)
    assert len(window.fake.gateways.one.codes) == 1


def test_what_the_customer_does_is_in_the_last_digits(window: OpenWindow) -> None:
    window.sign_in()
    window.fake.gateways.one.next_course = Standing.WAITING
    window.scan("6900000000001")
    window.settle()
    window.press(F9)
    card = card_of(window)
    card.endings.setCurrentIndex(1)
    card.wallets[Wallet.WECHAT].click()
    window.settle()
    assert window.fake.gateways.one.codes[0].endswith("002")


def test_codes_are_new_each_time_and_of_the_right_wallet() -> None:
    for wallet in Wallet:
        codes = {practice_code(wallet, "002") for _ in range(50)}
        assert len(codes) == 50
        for text in codes:
            found = read_payment_code(text)
            assert found is not None
            assert found.wallet is wallet
            assert text.endswith("002")


def test_a_shop_has_no_such_card(qapp: QApplication) -> None:
    window = OpenWindow(make_fake_shop())
    window.sign_in()
    window.press(ENTER)
    assert window.window._practice is None
    window.close()
