"""The line is down: said once and calmly, sold from what is held, and other codes for a sale that is stuck."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.money import Money
from pos_app.flows.held_ahead import STUCK_AFTER
from pos_app.ui.todo import make_page
from pos_app.ui.todo.view import TodoPageView
from tests.fakes.till_shop import make_fake_shop
from tests.flows.leasing import held, pull
from tests.ui.page_by_keys import Around, PageByKeys
from tests.ui.screens_offline import once
from tests.ui.window import ENTER, F9, OpenWindow


@pytest.fixture
def window(qapp: QApplication) -> Iterator[OpenWindow]:
    fake = make_fake_shop()
    pull(fake)
    opened = OpenWindow(fake)
    opened.settle()
    opened.sign_in()
    once(opened)
    yield opened
    opened.close()


def ring_up(window: OpenWindow) -> None:
    window.till.pick(window.fake.products[0])
    window.settle()


def test_it_is_said_once_and_taken_back_when_the_line_is_up(window: OpenWindow) -> None:
    assert window.notice == ""
    window.fake.platform.is_down = True
    once(window)
    assert window.notice.startswith("The line is down. What shows a number")
    assert window.page.strip.word("line") == "line down, 3 codes held here"
    assert window.till.state.away.pieces == ((window.fake.products[0].id, 3),)
    window.fake.platform.is_down = False
    once(window)
    assert (window.notice, window.till.state.away) == ("", None)


def test_with_nothing_held_it_says_that(qapp: QApplication) -> None:
    opened = OpenWindow(make_fake_shop())
    opened.settle()
    opened.sign_in()
    once(opened)
    opened.fake.platform.is_down = True
    once(opened)
    assert "nothing is held here" in opened.notice
    opened.close()


def test_a_sale_from_what_is_held_looks_the_same_but_for_its_mark(window: OpenWindow) -> None:
    window.fake.platform.is_down = True
    once(window)
    ring_up(window)
    asked = len(window.fake.platform.calls)
    window.press(F9, ENTER)
    assert window.pay.state.sale.is_offline
    assert "reserve" not in [
        name for name, _ in window.fake.platform.calls[asked:]
    ]  # nobody waits for a silence
    assert "from what is held here" in window.page.done._sums.text()
    assert len(held(window.fake)) == 2


def test_a_stuck_sale_is_given_other_codes_by_one_key(window: OpenWindow) -> None:
    ring_up(window)
    window.press(F9)
    window.fake.platform.is_down = True
    window.press(ENTER)
    assert window.pay.state.is_waiting
    assert not window.page.done.instead.isVisible()
    window.fake.clock.advance(STUCK_AFTER)
    window.pay.refresh()
    window.settle()
    assert window.page.done.instead.isVisible()
    window.press(Qt.Key.Key_F6)
    assert window.pay.state.sale.is_offline
    assert not window.pay.state.is_waiting
    assert not window.page.done.instead.isVisible()
    assert len(held(window.fake)) == 2


def test_the_attention_list_offers_them_too(qapp: QApplication) -> None:
    fake = make_fake_shop()
    pull(fake)
    sale = fake.shop.reserve(
        fake.cashier, fake.shop.ring_up.product(fake.shop.new_sale(), fake.products[0], 1).sale
    )
    fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    fake.platform.is_down = True
    fake.clock.advance(STUCK_AFTER)
    around = Around(fake, fake.cashier)
    page = make_page(fake.shop, around.run, around.wording, around.session)
    assert isinstance(page, TodoPageView)
    keys = PageByKeys(page)
    keys.press(Qt.Key.Key_2)
    assert fake.shop.look_up.sale(sale.id).sale.is_offline
    assert any("is being withdrawn" in card.words() for card in page.cards)
    keys.close()
