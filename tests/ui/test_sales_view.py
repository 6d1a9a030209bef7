"""Past sales by keys alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.catalogue import Payload
from pos_app.domain.receipt import CodeSlip, SaleReceipt
from pos_app.domain.staff import Cashier
from pos_app.ui.sales import make_page
from pos_app.ui.sales.page import Ask
from pos_app.ui.sales.side import CODE_PICTURE_WIDTH
from pos_app.ui.sales.view import SalesPageView
from pos_app.ui.theme import scaled
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.till_day import failed_top_up, full_day, sold

Key = Qt.Key
Open = Callable[..., PageByKeys[SalesPageView]]


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def open_page(qapp: QApplication, fake: FakeShop) -> Iterator[Open]:
    opened: list[PageByKeys[SalesPageView]] = []

    def open_as(who: Cashier) -> PageByKeys[SalesPageView]:
        around = Around(fake, who)
        page = make_page(fake.shop, around.run, around.wording, around.session)
        assert isinstance(page, SalesPageView)
        opened.append(PageByKeys(page))
        return opened[-1]

    yield open_as
    for each in opened:
        each.close()


def test_the_last_sale_stands_at_the_side_and_arrows_walk(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0, received=20_000)
    fake.clock.advance(timedelta(minutes=3))
    sold(fake, 1)
    keys = open_page(fake.cashier)
    table = keys.page.table
    assert [row[0] for row in table.texts()] == ["T1-000002", "T1-000001"]
    assert [row[-1] for row in table.texts()] == ["delivered", "delivered"]
    keys.press(Key.Key_Down)
    words = keys.page.side.details.words()
    assert "Steam 100 no 1" in words
    assert "Change" in words


def test_typing_finds_and_escape_empties(open_page: Open, fake: FakeShop) -> None:
    full_day(fake)
    keys = open_page(fake.cashier)
    keys.type("6000")
    assert [row[0] for row in keys.page.table.texts()] == ["T1-000006"]
    keys.press(ESC)
    assert keys.page.entry.text() == ""
    assert len(keys.page.table.texts()) == 8
    keys.press(Key.Key_Left)
    assert keys.page.table.texts() == []
    keys.press(Key.Key_Right)
    assert len(keys.page.table.texts()) == 8


def test_a_receipt_is_printed_again_with_a_ready_reason(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.cashier)
    keys.press(Key.Key_F5, Key.Key_2, Key.Key_1)
    assert [slip.header.copy for slip in fake.printer.of_kind(SaleReceipt)] == [1, 2]
    assert keys.page.side.bar.sentence == "Printed."
    assert QApplication.focusWidget() is keys.page.entry


def test_a_reason_in_ones_own_words_is_kept(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.cashier)
    keys.press(Key.Key_F5, Key.Key_2)
    keys.type("wet from 2 coffees")
    keys.press(ENTER)
    last = list(fake.till.pages.ledger.values())[-1]
    assert (last.kind, last.body["reason"]) == ("reprinted", "wet from 2 coffees")


def test_the_third_copy_of_a_code_asks_for_a_second_person(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.cashier)
    again = (Key.Key_F5, Key.Key_1, Key.Key_1)
    keys.press(*again)
    keys.press(*again)
    assert keys.page.presenter.page.ask is Ask.SECOND
    assert len(fake.printer.of_kind(CodeSlip)) == 2
    keys.type("111111")
    keys.press(ENTER)
    assert "PIN is not right" in keys.page.side.bar.sentence
    keys.press(Key.Key_Down)
    keys.type(PINS["supervisor"])
    keys.press(ENTER)
    assert [slip.header.copy for slip in fake.printer.of_kind(CodeSlip)] == [1, 2, 3]
    assert "copy 3" in " ".join(keys.page.side.details.words())


def test_a_slip_in_question_is_answered_by_one_key(open_page: Open, fake: FakeShop) -> None:
    fake.printer.fail_next("timeout", sent=True)
    sold(fake, 0)
    keys = open_page(fake.cashier)
    assert "did the slip come out" in keys.page.side.bar.sentence
    keys.press(Key.Key_F10)
    assert [slip.header.copy for slip in fake.printer.of_kind(CodeSlip)] == [1, 2]


def test_money_goes_back_by_two_keys(open_page: Open, fake: FakeShop) -> None:
    failed_top_up(fake)
    keys = open_page(fake.cashier)
    keys.press(Key.Key_F9)
    assert keys.page.presenter.page.ask is Ask.GIVE
    keys.press(ENTER)
    assert keys.page.presenter.page.ask is Ask.GIVEN
    assert fake.printer.drawers_opened == 1
    keys.press(ENTER)
    assert keys.page.presenter.page.ask is Ask.NOTHING


def test_a_code_in_sight_hides_itself_and_with_the_page(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.supervisor)
    show = (Key.Key_F6, Key.Key_1)
    keys.press(*show)
    side = keys.page.side
    assert keys.page.presenter.page.secret is not None
    for _ in range(20):
        side._tick()
    assert keys.page.presenter.page.secret is None
    assert side._code.text() == ""
    keys.press(*show)
    keys.window.hide()
    assert keys.page.presenter.page.secret is None


@pytest.mark.parametrize("fake", [make_fake_shop([code_product(1, payload=Payload.IMAGE)])], indirect=False)
def test_a_code_that_is_a_picture_is_shown_as_one(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.supervisor)
    keys.press(Key.Key_F6, Key.Key_1)
    label = keys.page.side._code
    assert label.pixmap().width() == scaled(CODE_PICTURE_WIDTH)
    for _ in range(20):
        keys.page.side._tick()
    assert label.pixmap().isNull()


def test_another_page_hands_over_a_sale(open_page: Open, fake: FakeShop) -> None:
    first = sold(fake, 0)
    fake.clock.advance(timedelta(days=2))
    sold(fake, 1)
    keys = open_page(fake.cashier)
    keys.page.shown_with(first.id)
    assert keys.page.presenter.page.selected == first.id
    assert keys.page.presenter.page.day == first.business_date
    assert keys.page.presenter.page.detail is not None


def test_the_page_speaks_the_other_language_at_once(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.cashier)
    keys.page.retranslate()
    assert keys.page.entry.placeholderText()
