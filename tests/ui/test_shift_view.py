"""The shift by keys alone: from opening cash to the closing slip."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.receipt import ClosingSlip
from pos_app.ui.shift import make_page
from pos_app.ui.shift.page import Step
from pos_app.ui.shift.view import ShiftPageView
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.till_day import failed_top_up, sold

Key = Qt.Key
Open = Callable[[FakeShop], PageByKeys[ShiftPageView]]


@pytest.fixture
def open_page(qapp: QApplication) -> Iterator[Open]:
    opened: list[PageByKeys[ShiftPageView]] = []

    def open_it(fake: FakeShop) -> PageByKeys[ShiftPageView]:
        around = Around(fake, fake.cashier)
        page = make_page(fake.shop, around.run, around.wording, around.session)
        assert isinstance(page, ShiftPageView)
        opened.append(PageByKeys(page))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


def test_a_shift_opens_with_its_cash(open_page: Open) -> None:
    fake = make_fake_shop(shift_open=False)
    keys = open_page(fake)
    keys.type("nothing")
    keys.press(ENTER)
    assert "no sum of money" in keys.page.bar.sentence
    keys.page.opening.amount.clear()
    keys.type("300")
    keys.press(ENTER)
    assert keys.page.presenter.page.step is Step.OPEN


def test_cash_moves_and_the_drawer_opens_by_digits(open_page: Open) -> None:
    fake = make_fake_shop()
    keys = open_page(fake)
    keys.press(Key.Key_F6)
    keys.type("20")
    keys.press(ENTER, Key.Key_1)
    assert "20.00 is booked" in keys.page.bar.sentence
    keys.press(Key.Key_F10, Key.Key_2)
    assert fake.printer.drawers_opened == 2
    keys.press(Key.Key_F5, ESC)
    assert keys.page.presenter.page.step is Step.OPEN


def test_closing_with_a_difference_by_denominations(open_page: Open) -> None:
    fake = make_fake_shop()
    sold(fake, 0)
    failed_top_up(fake)
    keys = open_page(fake)
    keys.press(Key.Key_F9)
    assert QApplication.focusWidget() is keys.page.count.fields[10_000]
    keys.type("2")
    keys.press(Key.Key_Tab)
    keys.type("0")
    keys.press(ENTER)
    keys.type("1")
    assert keys.page.count._total.text() == "\u00a5220.00"
    keys.press(Key.Key_F9)
    assert keys.page.comparison.words() == "\u00a530.00 short: the drawer holds less than the books say"
    keys.press(ESC)
    assert keys.page.presenter.page.step is Step.COUNT
    keys.press(Key.Key_F9, Key.Key_F9)
    assert keys.page.presenter.page.step is Step.DONE
    assert fake.shop.look_up.current_shift() is None
    slip = fake.printer.of_kind(ClosingSlip)[0]
    assert isinstance(slip, ClosingSlip)
    assert slip.closing.difference.minor == -3_000
    keys.press(Key.Key_F5)
    assert len(fake.printer.of_kind(ClosingSlip)) == 2
    keys.press(ENTER)
    assert keys.page.presenter.page.step is Step.CLOSED


def test_enter_walks_to_the_sum_and_compares(open_page: Open) -> None:
    fake = make_fake_shop()
    keys = open_page(fake)
    keys.press(Key.Key_F9)
    keys.press(*[ENTER] * 8)
    assert QApplication.focusWidget() is keys.page.count.loose_field
    keys.press(Key.Key_Up, Key.Key_Down)
    keys.type("100")
    keys.press(ENTER)
    assert keys.page.comparison.words() == "The drawer is right to the last coin"


def test_a_printer_without_paper_does_not_hold_the_closing_up(open_page: Open) -> None:
    fake = make_fake_shop()
    keys = open_page(fake)
    keys.press(Key.Key_F9, *[ENTER] * 8)
    keys.type("130")
    keys.press(ENTER)
    assert "over" in keys.page.comparison.words()
    fake.printer.fail_next("paper_out")
    keys.press(Key.Key_F9)
    assert keys.page.presenter.page.step is Step.DONE
    assert "paper is used up" in keys.page.bar.sentence
    keys.press(Key.Key_F5)
    assert "printed" in keys.page.bar.sentence
