"""The selling page's presenter without Qt: what an entry means and what is shown for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos_app.domain.errors import (
    AmountInvalid,
    EmptySale,
    FieldInvalid,
    NothingFound,
    PaymentCodeTooSoon,
    PaymentCodeUnsupported,
    ProductOff,
    ShiftNotOpen,
    UnknownBarcode,
)
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale
from pos_app.ui.session import Session
from pos_app.ui.till.presenter import TillHands, TillPresenter
from pos_app.ui.till.state import Left, Saying, TillState
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.screen_goods import many_products
from tests.ui.till_day import RunNow


class SeenTill:
    """Keeps what it was told to draw."""

    def __init__(self) -> None:
        self.states: list[TillState] = []
        self.cleared = 0

    def draw(self, state: TillState) -> None:
        self.states.append(state)

    def clear_entry(self) -> None:
        self.cleared += 1


class Desk:
    def __init__(self, fake: FakeShop) -> None:
        self.fake, self.view = fake, SeenTill()
        self.paying: list[Sale] = []
        self.codes: list[PaymentCode] = []
        self.asked = 0
        hands = TillHands(pay=self._pay, ask_catalogue=self._ask)
        session = Session(cashier=fake.cashier)
        self.till = TillPresenter(self.view, fake.shop, RunNow(), session, hands)
        self.till.shown()

    def _pay(self, sale: Sale, code: PaymentCode | None) -> None:
        self.paying.append(sale)
        self.codes += [code] if code is not None else []

    @property
    def state(self) -> TillState:
        return self.till.state

    @property
    def error(self) -> object:
        return self.state.notice.error if self.state.notice else None

    def _ask(self) -> None:
        self.asked += 1


@pytest.fixture
def desk() -> Desk:
    return Desk(make_fake_shop(many_products(), stock=50))


def test_tiles_and_categories_are_there_when_the_page_comes_up(desk: Desk) -> None:
    assert desk.state.left is Left.TILES
    assert len(desk.state.categories) == 6
    assert desk.state.tiles


def test_chips_go_round(desk: Desk) -> None:
    desk.till.step_category(1)
    assert desk.state.category_id == desk.state.categories[0].id
    assert {product.category.id for product in desk.state.tiles} == {desk.state.category_id}
    desk.till.step_category(-1)
    desk.till.step_category(-1)
    assert desk.state.category_id == desk.state.categories[-1].id


def test_tiles_keep_their_places_when_the_catalogue_changes(desk: Desk) -> None:
    before = [product.id for product in desk.state.tiles]
    desk.fake.till.pages.sold[before[5]] = 99
    desk.till.refresh_tiles(in_place=True)
    assert [product.id for product in desk.state.tiles] == before
    desk.till.refresh_tiles()
    assert desk.state.tiles[0].id == before[5]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("4006381333931", UnknownBarcode),
        ("no such thing", NothingFound),
        ("134567890123456789", PaymentCodeTooSoon),
    ],
)
def test_what_nobody_can_sell_is_refused_in_words(desk: Desk, text: str, error: type) -> None:
    desk.till.entered(text)
    assert isinstance(desk.error, error)
    assert not desk.state.sale.lines


def test_a_digit_picks_but_a_figure_can_be_typed(desk: Desk) -> None:
    for text, picks in (("top", True), ("top ", False), ("top 1", False), ("nothing like it", False)):
        desk.till.edited(text)
        before = desk.state.sale.quantity
        assert desk.till.picks_digit(1) is picks, text
        assert desk.state.sale.quantity == before  # a top-up asks for its account first
        desk.till.back()


def test_a_scan_never_takes_what_only_sounds_like_it(desk: Desk) -> None:
    desk.till.entered("Steam", is_scan=True)
    assert isinstance(desk.error, UnknownBarcode)


def test_a_payment_code_on_a_full_basket_pays(desk: Desk) -> None:
    desk.till.entered("6900000000001")
    desk.till.entered("134567890123456789")
    assert len(desk.paying) == 1
    assert [code.text for code in desk.codes] == ["134567890123456789"]


def test_a_payment_code_where_no_wallet_is_taken(desk: Desk) -> None:
    desk.fake.gateways.all.clear()
    desk.till.entered("6900000000001")
    desk.till.entered("134567890123456789")
    assert isinstance(desk.error, PaymentCodeUnsupported)
    assert not desk.paying


def test_a_slow_answer_for_an_older_text_is_thrown_away(desk: Desk) -> None:
    late: list[Callable[[], None]] = []

    class RunLate(RunNow):
        def __call__(self, lane, work, done, failed):  # type: ignore[no-untyped-def]
            late.append(lambda: RunNow.__call__(self, lane, work, done, failed))

    desk.till._run = RunLate()
    desk.till.edited("st")
    desk.till.edited("youku")
    for each in reversed(late):
        each()
    assert desk.state.hits_for == "youku"


def test_a_mobile_number_that_cannot_be_is_scolded_by_enter_only(desk: Desk) -> None:
    desk.till.edited("138")
    assert desk.state.notice is None
    desk.till.entered("13800138000")
    assert desk.state.left is Left.PHONE
    assert [product.face.minor for product in desk.state.hits] == [1_000, 2_000, 3_000, 5_000, 10_000, 20_000]
    desk.till.back()
    assert desk.state.left is Left.TILES


def test_a_form_is_asked_for_and_a_wrong_account_stays_in_it(desk: Desk) -> None:
    product = next(product for product in many_products() if len(product.fields) > 1)
    desk.till.pick(product)
    assert desk.state.left is Left.FIELDS
    desk.till.fields_filled((("account", "0123"), ("zone", "telecom-1")))
    assert isinstance(desk.error, FieldInvalid)
    assert desk.state.left is Left.FIELDS
    desk.till.fields_filled((("account", "123456"), ("zone", "telecom-1")))
    assert desk.state.left is Left.READ_BACK
    desk.till.back()
    assert desk.state.left is Left.FIELDS
    desk.till.fields_filled((("account", "123456"), ("zone", "telecom-1")))
    desk.till.entered("6900000000001", is_scan=True)
    assert desk.state.left is Left.READ_BACK
    desk.till.entered_nothing()
    assert [line.account for line in desk.state.sale.lines] == [None, "123456"]
    assert desk.state.left is Left.TILES


def test_every_change_of_the_basket_is_on_disk(desk: Desk) -> None:
    desk.till.entered("6900000000001")
    desk.till.step(None, 2)
    kept = desk.fake.till.pages.basket
    assert kept is not None
    assert kept.lines == desk.state.sale.lines
    desk.till.remove(None)
    assert desk.fake.till.pages.basket is None


def test_empty_and_take_back(desk: Desk) -> None:
    desk.till.entered("6900000000001")
    desk.till.empty()
    assert desk.state.notice is not None
    assert desk.state.notice.saying is Saying.EMPTIED
    desk.till.take_back()
    assert len(desk.state.sale.lines) == 1
    desk.till.take_back()
    assert len(desk.state.sale.lines) == 1


def test_paying_needs_something_to_pay_for(desk: Desk) -> None:
    desk.till.pay()
    assert isinstance(desk.error, EmptySale)
    desk.till.entered("6900000000001")
    desk.till.pay()
    desk.till.pay()
    assert len(desk.paying) == 1
    desk.till.entered("6900000000002", is_scan=True)
    desk.till.step(None, 1)
    desk.till.empty()
    assert desk.state.sale.quantity == 1


def test_what_is_no_longer_sold_leaves_the_basket(desk: Desk) -> None:
    desk.till.entered("6900000000001")
    desk.till.entered("6900000000003")
    desk.till.pay()
    desk.till.came_back(ProductOff("product-1"))
    assert [line.product.id for line in desk.state.sale.lines] == ["product-3"]
    assert desk.asked == 1
    assert not desk.state.is_paying


def test_without_a_shift_one_is_opened_on_the_page() -> None:
    desk = Desk(make_fake_shop(shift_open=False))
    assert desk.state.left is Left.SHIFT
    desk.till.pay()
    assert isinstance(desk.error, ShiftNotOpen)
    desk.till.open_shift("12,5")
    assert isinstance(desk.error, AmountInvalid)
    desk.till.open_shift("12.5")
    assert desk.state.left is Left.TILES


def test_up_and_down_go_through_hits_or_lines(desk: Desk) -> None:
    desk.till.entered("6900000000001")
    desk.till.entered("6900000000003")
    desk.till.move(-1)
    assert desk.state.selected == desk.state.sale.lines[0].line_id
    desk.till.edited("steam")
    desk.till.move(1)
    assert desk.state.hit == 1
    desk.till.entered("steam")
    assert desk.state.sale.lines[-1].product == desk.view.states[-3].hits[1] or desk.state.sale.quantity == 3
