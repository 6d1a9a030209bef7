"""The attention list by keys alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.receipt import CodeSlip
from pos_app.ui.todo import make_page
from pos_app.ui.todo.items import Waits
from pos_app.ui.todo.view import TodoPageView
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import paid
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.till_day import full_day

Key = Qt.Key
Open = Callable[[], PageByKeys[TodoPageView]]


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def open_page(qapp: QApplication, fake: FakeShop) -> Iterator[Open]:
    opened: list[PageByKeys[TodoPageView]] = []

    def open_it() -> PageByKeys[TodoPageView]:
        around = Around(fake, fake.cashier)
        page = make_page(fake.shop, around.run, around.wording, around.session)
        assert isinstance(page, TodoPageView)
        opened.append(PageByKeys(page))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


def test_nothing_waits(open_page: Open) -> None:
    keys = open_page()
    assert keys.page.cards == []
    assert keys.page._calm.isVisible()
    keys.press(ENTER, Key.Key_1, Key.Key_Down)


def test_codes_that_come_later_say_when(open_page: Open, fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.shop.go_on(sale.id)
    assert "The codes come at 12:30" in open_page().page.cards[0].words()
    fake.platform.is_frozen = True
    fake.shop.go_on(sale.id)
    assert "Hand nothing over" in open_page().page.cards[0].words()


def test_a_full_list_is_cleared_by_keys(open_page: Open, fake: FakeShop) -> None:
    full_day(fake)
    keys = open_page()
    assert "Give the money back" in keys.page.cards[0].words()
    keys.press(ENTER, ESC, ENTER, ENTER)
    assert fake.printer.drawers_opened == 1
    keys.press(ENTER)
    before = len(fake.printer.of_kind(CodeSlip))
    assert keys.page.presenter.page.items[0].waits is Waits.SLIP_ASKED
    keys.press(Key.Key_2)
    assert len(fake.printer.of_kind(CodeSlip)) == before + 1
    assert keys.page.presenter.page.items[0].waits is Waits.SLIP_FAILED
    keys.press(ENTER)
    assert not any(item.waits.needs_person for item in keys.page.presenter.page.items)
    keys.press(Key.Key_Down, ENTER)
    assert len(keys.page.cards) == 1


def test_a_platform_that_is_away_is_told_in_words(open_page: Open, fake: FakeShop) -> None:
    full_day(fake)
    fake.platform.is_down = True
    keys = open_page()
    keys.press(Key.Key_Down, Key.Key_Down, Key.Key_Down, ENTER)
    assert "cannot be reached" in keys.page.bar.sentence


def test_what_the_till_does_by_itself_leaves_the_list(open_page: Open, fake: FakeShop) -> None:
    sale = full_day(fake)["waiting"]
    keys = open_page()
    assert sale.id in [item.sale_id for item in keys.page.presenter.page.items]
    fake.shop.recover()
    fake.shop.print_next(sale.id)
    fake.shop.print_next(sale.id)
    keys.page._look_again()
    assert sale.id not in [item.sale_id for item in keys.page.presenter.page.items]


def test_buttons_do_the_same_as_keys(open_page: Open, fake: FakeShop) -> None:
    full_day(fake)
    keys = open_page()
    asked = keys.page.cards[1]
    asked._no.click()
    assert Waits.SLIP_ASKED not in [item.waits for item in keys.page.presenter.page.items]
    keys.page.cards[0]._yes.click()
    assert keys.page.presenter.page.asking is not None
