"""The main job through the real window, by keys alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.errors import DatabaseDamaged, Unreachable
from pos_app.domain.receipt import CodeSlip, SaleReceipt
from pos_app.domain.sale import SaleState, TopUp, TopUpState
from pos_app.ui.run import Lane
from pos_app.ui.theme import Look
from pos_app.ui.till.state import Left
from tests.fakes.till_books import FakeTill
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.window import BACKSPACE, ENTER, ESC, F9, OpenWindow

CARD, OTHER = "6900000000001", "6900000000002"
DELETE, UP, DOWN = Qt.Key.Key_Delete, Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def fake(qapp: QApplication) -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def opened(fake: FakeShop) -> Iterator[OpenWindow]:
    """At the selling page, the cashier signed in."""
    window = OpenWindow(fake)
    window.sign_in()
    yield window
    window.close()


def sold(fake: FakeShop) -> list[Any]:
    return [sale for sale in fake.till.pages.sales.values() if sale.paid_at is not None]


def test_a_day_begins_and_a_card_is_sold_by_keys(qapp: QApplication) -> None:
    fake = make_fake_shop(shift_open=False)
    window = OpenWindow(fake)
    window.sign_in()
    assert window.till.state.left is Left.SHIFT
    window.type("200")
    window.press(ENTER)
    assert fake.till.pages.shift is not None
    assert fake.till.pages.shift.opening_cash.minor == 20_000
    window.scan(CARD)
    window.settle()
    QTest.qWait(80)  # a person's next Enter; the scanner's own echo comes sooner
    window.press(ENTER)
    assert window.till.state.is_paying
    window.type("150")
    window.press(ENTER)
    window.settle()
    sale = sold(fake)[0]
    assert sale.state is SaleState.DONE
    assert window.page.done.change == "\u00a550.00"
    assert [type(each) for each in fake.printer.printed] == [CodeSlip, SaleReceipt]
    assert not window.till.state.sale.lines
    window.scan(OTHER)
    window.settle()
    assert window.till.state.left is Left.TILES
    assert len(window.till.state.sale.lines) == 1
    window.close()


def test_enter_on_the_empty_field_is_the_exact_sum(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9, ENTER)
    assert sold(fake)[0].change.minor == 0


def test_a_wrong_pin_is_counted_and_then_locks_with_a_countdown(fake: FakeShop) -> None:
    window = OpenWindow(fake)
    page: Any = window.window.page("sign_in")
    for _ in range(4):
        window.type("999999")
        window.press(ENTER)
    assert "One try is left" in page.sentence
    window.type("999999")
    window.press(ENTER)
    assert "1:0" in page.sentence
    assert not page.pin.isEnabled()
    fake.clock.at = fake.clock.at.replace(minute=2)
    window.until(lambda: page.pin.isEnabled())
    window.close()


def test_an_unknown_barcode_adds_nothing_and_says_so(opened: OpenWindow) -> None:
    opened.scan("4006381333931")
    opened.settle()
    assert "4006381333931" in opened.notice
    assert not opened.till.state.sale.lines
    opened.scan(CARD)
    opened.settle()
    assert opened.notice == ""


@pytest.mark.parametrize("typed", ["*0", "*999", "*6900000000001", "6900000000001*", "0*"])
def test_a_wild_quantity_changes_nothing(opened: OpenWindow, typed: str) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.type(typed)
    opened.press(ENTER)
    assert opened.notice
    assert [line.quantity for line in opened.till.state.sale.lines] == [1]


def test_quantities_by_every_road(opened: OpenWindow) -> None:
    opened.type("3*")
    opened.press(ENTER)
    opened.scan(CARD)
    opened.settle()
    assert [line.quantity for line in opened.till.state.sale.lines] == [3]
    opened.press(Qt.Key.Key_Plus, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
    assert [line.quantity for line in opened.till.state.sale.lines] == [4]
    opened.type("*2")
    opened.press(ENTER)
    assert [line.quantity for line in opened.till.state.sale.lines] == [2]
    opened.type(f"2*{OTHER}")
    opened.press(ENTER)
    assert [line.quantity for line in opened.till.state.sale.lines] == [2, 2]
    opened.press(UP, DELETE)
    assert [line.product.id for line in opened.till.state.sale.lines] == ["product-2"]


def test_less_cash_than_the_total_is_refused_and_more_is_taken(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    opened.type("99.99")
    opened.press(ENTER)
    assert "0.01" in opened.page.paying.panel.sentence
    assert not sold(fake)
    opened.press(*[BACKSPACE] * 5)
    opened.type("100000000")
    opened.press(ENTER)
    assert not sold(fake)
    opened.press(*[BACKSPACE] * 9)
    opened.type("100.5")
    opened.press(ENTER)
    assert sold(fake)[0].change.minor == 50


def test_pressing_enter_twice_books_once(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    for _ in range(3):
        QTest.keyClick(opened.focus, ENTER)
    opened.settle()
    assert len(sold(fake)) == 1
    assert fake.till.pages.receipts == 1


def test_what_is_typed_right_after_f9_is_the_cash(opened: OpenWindow, fake: FakeShop) -> None:
    """Nothing waits: the amount may be typed before the platform has answered."""
    opened.scan(CARD)
    opened.settle()
    QTest.keyClick(opened.focus, F9)
    QTest.keyClicks(opened.focus, "200")
    QTest.keyClick(opened.focus, ENTER)
    opened.settle()
    assert sold(fake)[0].change.minor == 10_000


def test_sold_out_is_said_before_money_is_taken(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    fake.platform.put_product(fake.products[0], stock=0)
    opened.press(F9)
    assert "sold out" in opened.notice
    assert "No money was taken" in opened.notice
    assert len(opened.till.state.sale.lines) == 1
    assert not opened.till.state.is_paying


def test_a_new_price_is_marked_and_paid_with_the_next_try(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    old = fake.products[0]
    fake.platform.change_price(old.id, old.wholesale, replace(old.price, minor=10_500))
    opened.press(F9)
    assert "new price" in opened.notice
    assert opened.till.state.marked == {"product-1"}
    assert opened.till.state.sale.total.minor == 10_500
    opened.press(F9, ENTER)
    assert sold(fake)[0].total.minor == 10_500


def test_the_platform_away_before_the_money(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    fake.platform.is_down = True
    opened.press(F9)
    assert "Take no money yet" in opened.notice
    assert opened.page.strip.word("line") == "line down"
    assert len(opened.till.state.sale.lines) == 1
    fake.platform.is_down = False
    opened.press(F9, ENTER)
    assert len(sold(fake)) == 1


def test_the_platform_away_after_the_money(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    fake.platform.is_down = True
    opened.press(ENTER)
    assert "The money is safe; the code will follow by itself" in opened.page.done.sentence
    opened.scan(OTHER)
    opened.settle()
    assert len(opened.till.state.sale.lines) == 1
    fake.platform.is_down = False
    assert opened.window.heartbeat is not None
    opened.window.heartbeat.soon()
    opened.until(lambda: sold(fake)[0].state is SaleState.DONE)


def test_codes_that_come_later_are_told_when(opened: OpenWindow, fake: FakeShop) -> None:
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    opened.scan(CARD)
    opened.settle()
    opened.press(F9, ENTER)
    assert "the codes come at 12:30" in opened.page.done.sentence


def test_paper_out_is_said_with_its_cause_and_printed_again(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    fake.printer.fail_next("paper_out")
    fake.printer.fail_next("paper_out")
    opened.press(ENTER)
    assert "the paper is used up" in opened.page.done.sentence
    fake.printer.troubles.clear()
    opened.press(Qt.Key.Key_F6)
    assert sold(fake)[0].state is SaleState.DONE
    assert opened.page.done.sentence == ""


@pytest.mark.parametrize(("key", "slips"), [(Qt.Key.Key_F5, 1), (Qt.Key.Key_F6, 2)])
def test_a_slip_of_which_nobody_knows_is_a_question(
    opened: OpenWindow, fake: FakeShop, key: Qt.Key, slips: int
) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    fake.printer.fail_next("broken", sent=True)
    opened.press(ENTER)
    assert "Did the slip come out" in opened.page.done.sentence
    opened.press(key)
    opened.settle()
    assert len(fake.printer.of_kind(CodeSlip)) == slips
    assert sold(fake)[0].state is SaleState.DONE


def test_escape_brings_the_basket_back_and_lets_the_goods_go(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.scan(OTHER)
    opened.settle()
    opened.press(F9, ESC)
    opened.settle()
    assert [line.product.id for line in opened.till.state.sale.lines] == ["product-1", "product-2"]
    assert fake.platform.held.minor == 0
    assert not sold(fake)


def test_no_scan_is_dropped_while_the_till_works(opened: OpenWindow) -> None:
    for _ in range(5):
        opened.scan(CARD)
        opened.scan(OTHER)
    opened.settle()
    assert [line.quantity for line in opened.till.state.sale.lines] == [5, 5]


def test_a_scan_while_paying_waits_and_is_no_cash(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    opened.scan(OTHER)
    opened.settle()
    assert opened.till.state.waiting_scans == 1
    QTest.qWait(80)
    opened.press(ENTER)
    opened.settle()
    assert sold(fake)[0].total.minor == 10_000
    assert [line.product.id for line in opened.till.state.sale.lines] == ["product-2"]
    assert opened.till.state.left is Left.DONE


def test_a_scanners_second_enter_presses_nothing(opened: OpenWindow) -> None:
    opened.scan(CARD)
    QTest.keyClick(opened.focus, ENTER)
    opened.settle()
    assert not opened.till.state.is_paying


def test_a_phone_top_up_is_read_back_before_it_is_added(opened: OpenWindow, fake: FakeShop) -> None:
    fake.platform.script_top_up("13800138000", [TopUp(TopUpState.SUBMITTING), TopUp(TopUpState.OK)])
    opened.type("13800138000")
    assert opened.page.entry.text() == "138 0013 8000"
    assert opened.till.state.left is Left.PHONE
    opened.press(ENTER)
    opened.type("1")
    assert opened.till.state.left is Left.READ_BACK
    assert opened.page.read_back.account == "138 0013 8000"
    assert not opened.till.state.sale.lines
    opened.press(ENTER)
    assert opened.till.state.sale.lines[0].account == "13800138000"
    opened.press(F9, ENTER)
    opened.settle()
    assert sold(fake)[0].open_top_ups


def test_words_find_and_enter_takes_the_best(opened: OpenWindow) -> None:
    opened.type("steam")
    assert opened.till.state.left is Left.HITS
    QTest.qWait(40)  # a person's next key; a scanner's digits never pick
    opened.type("2")
    assert [line.product.id for line in opened.till.state.sale.lines] == ["product-2"]
    opened.type("zq")
    opened.press(ENTER)
    opened.type("nothing of the kind")
    opened.press(ENTER)
    assert "nothing of the kind" in opened.notice


def test_a_tiles_number_takes_it(opened: OpenWindow) -> None:
    opened.type("1")
    opened.press(ENTER)
    assert [line.product for line in opened.till.state.sale.lines] == [opened.till.state.tiles[0]]


def test_an_emptied_basket_can_be_had_back(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    QTest.keyClick(opened.focus, DELETE, Qt.KeyboardModifier.ControlModifier)
    opened.settle()
    assert not opened.till.state.sale.lines
    assert fake.till.pages.basket is None
    opened.till.take_back()
    opened.settle()
    assert fake.till.pages.basket is not None


def test_language_and_look_change_while_a_sale_is_open(opened: OpenWindow) -> None:
    opened.scan("4006381333931")
    opened.settle()
    opened.scan(CARD)
    opened.settle()
    opened.press(F9)
    opened.window.choose_language("zh")
    opened.settle()
    texts = {label.text() for label in opened.window.findChildren(QWidget) if hasattr(label, "text")}  # type: ignore[attr-defined]
    assert "\u5e94\u6536" in texts
    assert "To pay" not in texts
    opened.window.choose_look(Look.LARGE)
    opened.settle()
    assert opened.till.state.is_paying
    opened.window.choose_language("en")
    opened.window.choose_look(Look.LIGHT)
    opened.press(ESC)
    assert len(opened.till.state.sale.lines) == 1


def test_the_window_lives_while_a_lane_works(opened: OpenWindow, fake: FakeShop) -> None:
    """The platform takes its time: the event loop turns, keys are heard, nothing blocks."""
    gate, ticks = threading.Event(), []
    reserve = fake.platform.reserve

    def slow(*arguments: Any) -> Any:
        assert gate.wait(60)
        return reserve(*arguments)

    fake.platform.reserve = slow  # type: ignore[method-assign, assignment]
    opened.scan(CARD)
    opened.settle()
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(5)
    QTest.keyClick(opened.focus, F9)
    QTest.keyClicks(opened.focus, "150")
    opened.until(lambda: len(ticks) > 10)
    assert opened.page.paying.panel.amount.text() == "150"
    gate.set()
    opened.settle()
    timer.stop()
    opened.press(ENTER)
    assert sold(fake)[0].change.minor == 5_000


def test_lock_and_another_cashier_find_the_basket(opened: OpenWindow) -> None:
    opened.scan(CARD)
    opened.settle()
    opened.press(Qt.Key.Key_F12)
    assert opened.window.session.cashier is None
    opened.press(Qt.Key.Key_F1)
    assert opened.window.present is opened.window.page("sign_in")
    opened.sign_in("owner")
    assert opened.window.session.who.name == "Owner"
    assert len(opened.till.state.sale.lines) == 1


def test_the_basket_of_a_crashed_run_is_back(opened: OpenWindow, fake: FakeShop) -> None:
    opened.scan(CARD)
    opened.settle()
    fake.restarted()
    again = OpenWindow(fake)
    again.sign_in()
    assert len(again.till.state.sale.lines) == 1
    assert "basket from before" in again.notice
    again.close()


def test_the_first_start_makes_an_owner(qapp: QApplication) -> None:
    fake = make_fake_shop(till=FakeTill())
    with fake.till.open_books():
        fake.till.pages.people.clear()
    window = OpenWindow(fake)
    page: Any = window.window.present
    window.press(ENTER)
    page.name.setText("Wang")
    page.pin.setText("123456")
    page.again.setText("123456")
    page.again.setFocus()
    window.press(ENTER)
    assert "too easy" in page.sentence
    page.pin.setText("135790")
    window.press(ENTER)
    assert "differ" in page.sentence
    page.again.setText("135790")
    window.press(ENTER)
    window.settle()
    assert window.window.session.who.name == "Wang"
    window.close()


def test_a_shop_that_cannot_open_says_why_and_tries_again(fake: FakeShop) -> None:
    troubles = [DatabaseDamaged("/shop/till.db", "page 7")]

    def open_shop() -> Any:
        if troubles:
            raise troubles.pop()
        return fake.shop

    window = OpenWindow(fake, open_shop=open_shop)
    first: Any = window.window.present
    assert "/shop/till.db" in first.sentence
    window.press(Qt.Key.Key_F5)
    assert window.window.present is window.window.page("sign_in")
    window.close()


def test_a_bug_gets_a_calm_page_and_a_way_back(opened: OpenWindow, fake: FakeShop) -> None:
    def bug(*_: object) -> Any:
        raise ZeroDivisionError

    opened.window.jobs(Lane.STORE, bug, bug, bug)
    opened.settle()
    page: Any = opened.window.present
    assert "ZeroDivisionError" in page.sentence
    opened.press(Qt.Key.Key_F5)
    assert opened.window.present is opened.page


def test_no_part_ever_shows_as_a_window_of_its_own(qapp: QApplication, fake: FakeShop) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    window = OpenWindow(fake)
    window.sign_in("owner")
    for name in ("sales", "todo", "shift", "sell"):
        window.window.go_to(name)
        window.settle()
    qapp.removeEventFilter(watch)
    window.close()
    assert set(shown) == {"MainWindow"}


def test_unreachable_shows_as_line_down_and_up_again(opened: OpenWindow, fake: FakeShop) -> None:
    heartbeat = opened.window.heartbeat
    assert heartbeat is not None
    fake.platform.fail_next("account", "before_effect", Unreachable("down"))
    heartbeat.soon()
    opened.until(lambda: opened.page.strip.word("line") == "line down")
    heartbeat.soon()
    opened.until(lambda: opened.page.strip.word("line") == "line up")
