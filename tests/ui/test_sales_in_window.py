"""The pages after the sale in the real window, with real lanes: every one comes up by its key and does its work."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.money import Money
from pos_app.domain.receipt import ClosingSlip, SaleReceipt
from pos_app.shop import GivenBack
from pos_app.ui.day.view import DayPageView
from pos_app.ui.sales.view import SalesPageView
from pos_app.ui.settings.view import SettingsPageView
from pos_app.ui.shift.page import Step
from pos_app.ui.shift.view import ShiftPageView
from pos_app.ui.theme import Look
from pos_app.ui.todo.view import TodoPageView
from pos_app.ui.widgets.page import Page
from tests.fakes.till_shop import PINS, make_fake_shop
from tests.ui.test_settings_presenter import FakeDoor
from tests.ui.till_day import full_day
from tests.ui.window import ENTER, F9, OpenWindow

Key = Qt.Key


@pytest.fixture
def window(qapp: QApplication) -> Iterator[OpenWindow]:
    fake = make_fake_shop()
    full_day(fake)
    made = OpenWindow(fake, door=FakeDoor())
    made.sign_in("owner")
    yield made
    # Translators and looks belong to the application, which lives on for the next test.
    made.window.choose_language("en")
    made.window.choose_look(Look.LIGHT)
    made.settle()
    made.close()


def test_every_page_comes_up_by_its_key(window: OpenWindow) -> None:
    kinds: dict[Qt.Key, type[Page]] = {
        Key.Key_F2: SalesPageView,
        Key.Key_F3: TodoPageView,
        Key.Key_F4: ShiftPageView,
        Key.Key_F7: DayPageView,
        Key.Key_F8: SettingsPageView,
    }
    for key, kind in kinds.items():
        window.press(key)
        assert any(page.isVisible() for page in window.window.findChildren(kind)), kind


def test_a_receipt_is_printed_again_on_the_paper_lane(window: OpenWindow) -> None:
    # The first beat prints what the day left over; only then is it quiet.
    window.until(lambda: window.window.heartbeat is not None and window.window.heartbeat.beats > 0)
    window.settle()
    window.press(Key.Key_F2)
    before = len(window.fake.printer.of_kind(SaleReceipt))
    window.press(Key.Key_F5, Key.Key_2, Key.Key_1)
    assert len(window.fake.printer.of_kind(SaleReceipt)) == before + 1


def test_money_goes_back_by_keys_that_no_other_page_has(window: OpenWindow) -> None:
    window.until(lambda: window.window.heartbeat is not None and window.window.heartbeat.beats > 0)
    window.settle()
    window.press(Key.Key_F2)
    page = window.window.findChildren(SalesPageView)[0]
    drawers = window.fake.printer.drawers_opened
    window.press(Key.Key_F11)
    window.type("12.5")
    window.press(ENTER, Key.Key_1)
    window.type(PINS["owner"])
    window.press(ENTER)
    window.settle()
    assert page.isVisible()
    assert page.presenter.page.given == GivenBack(Money(1_250), Money(0))
    assert window.fake.printer.drawers_opened == drawers + 1


def test_the_shift_is_closed_from_the_window(window: OpenWindow) -> None:
    window.press(Key.Key_F4, F9)
    page = window.window.findChildren(ShiftPageView)[0]
    page.count.loose_field.setFocus()
    window.type("500")
    window.press(ENTER, F9)
    assert page.presenter.page.step is Step.DONE
    assert len(window.fake.printer.of_kind(ClosingSlip)) == 1


def test_language_and_look_change_while_a_page_is_up(window: OpenWindow) -> None:
    for key in (Key.Key_F2, Key.Key_F3, Key.Key_F4, Key.Key_F7, Key.Key_F8):
        window.press(key)
    page = window.window.findChildren(SettingsPageView)[0]
    page.look.languages.button("zh").click()
    page.look.looks.button("large").click()
    window.settle()
    assert window.window.session.look is Look.LARGE
    assert page.look.looks.button("large").isChecked()
    assert page._title.text() == "设置"
    assert window.window.findChildren(DayPageView)[0]._export.text() == "导出文件"
