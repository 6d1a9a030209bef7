"""The attention list by keys alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.attention import Waits
from pos_app.domain.errors import NotAllowed, Rejected
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.staff import Cashier
from pos_app.ui.todo import make_page
from pos_app.ui.todo.view import TodoPageView
from pos_app.ui.widgets.text import Text
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import paid
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.till_day import full_day, sold

Key = Qt.Key
Open = Callable[..., PageByKeys[TodoPageView]]


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def open_page(qapp: QApplication, fake: FakeShop) -> Iterator[Open]:
    opened: list[PageByKeys[TodoPageView]] = []

    def open_it(who: Cashier | None = None) -> PageByKeys[TodoPageView]:
        around = Around(fake, who or fake.cashier)
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
    fake.shop.push_outbox()
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


def refused(fake: FakeShop, code: str = "NOT_FOUND") -> None:
    """One sale whose report the platform refused for good."""
    sold(fake, 0)
    fake.platform.fail_next("acknowledge", "before_effect", Rejected(code, "none", {}))
    fake.shop.push_outbox()


def headings(keys: PageByKeys[TodoPageView]) -> list[str]:
    items = [keys.page._list.itemAt(number) for number in range(keys.page._list.count())]
    widgets = [item.widget() for item in items if item is not None]
    return [widget.text() for widget in widgets if isinstance(widget, Text)]


def test_a_refused_report_is_sent_again_by_one_key(open_page: Open, fake: FakeShop) -> None:
    refused(fake)
    keys = open_page()
    assert "A report was refused" in keys.page.cards[0].words()
    assert headings(keys) == ["Needs you"]
    keys.press(ENTER)
    assert keys.page.cards == []
    assert len(fake.platform.acks) == 1


def test_a_refused_report_is_left_with_a_reason_and_a_name(open_page: Open, fake: FakeShop) -> None:
    refused(fake)
    keys = open_page()
    keys.press(Key.Key_2, ESC)
    assert len(keys.page.cards) == 1
    keys.press(Key.Key_2)
    assert keys.page._stack.currentWidget() is keys.page.leave_panel
    keys.press(Key.Key_1)  # a cashier may not answer for it
    assert len(keys.page.cards) == 1
    assert isinstance(keys.page.presenter.page.trouble, NotAllowed)
    keys = open_page(fake.supervisor)
    keys.press(Key.Key_2, Key.Key_1)
    assert keys.page.cards == []
    (entry,) = [each for each in fake.till.pages.ledger.values() if each.kind == "message_left"]
    assert entry.body["cashier_id"] == fake.supervisor.id


def test_what_waits_for_the_line_is_one_card_and_goes_up_at_once_by_one_key(
    open_page: Open, fake: FakeShop
) -> None:
    sold(fake, 0)
    fake.clock.advance(timedelta(minutes=2))
    fake.platform.is_down = True
    keys = open_page()
    assert "reports wait for the platform" in keys.page.cards[0].words()
    assert headings(keys) == ["Goes on by itself"]
    keys.press(ENTER)
    assert len(keys.page.cards) == 1
    fake.platform.is_down = False
    keys.press(ENTER)
    assert keys.page.cards == []


def test_a_refused_ledger_calls_for_the_owner(open_page: Open, fake: FakeShop) -> None:
    refused(fake)
    fake.shop.open_drawer(fake.cashier, "change")
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("KEY_REUSED", "none", {"seq": 0}))
    fake.shop.push_outbox()
    keys = open_page()
    assert "Sell nothing more and call the owner" in keys.page.cards[0].words()
    assert "refused" in keys.page.cards[1].words()
    keys.press(ENTER)
    assert len(keys.page.cards) == 1
