"""The attention list: what waits for a person stands on top, each with the one thing to do."""

from datetime import timedelta

import pytest

from pos_app.domain.attention import Waits
from pos_app.domain.errors import NotAllowed, PaperTrouble, ShiftNotOpen, Unreachable
from pos_app.domain.money import Money
from pos_app.domain.payment_code import read_payment_code
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import TopUp, TopUpState
from pos_app.domain.shift import CashCount
from pos_app.shop import GivenBack
from pos_app.ui.run import Lane
from pos_app.ui.todo.presenter import TodoPage, TodoPresenter
from tests.fakes.till_shop import make_fake_shop
from tests.ui.till_day import RunNow, failed_top_up, full_day, sold


class Desk:
    def __init__(self) -> None:
        self.fake = make_fake_shop()
        self.run = RunNow()
        self.pages: list[TodoPage] = []
        self.changes = 0
        self.presenter = TodoPresenter(
            self.fake.shop, self.run, self, lambda: self.fake.cashier, self._changed
        )

    def draw(self, page: TodoPage) -> None:
        self.pages.append(page)

    @property
    def page(self) -> TodoPage:
        return self.presenter.page

    @property
    def waits(self) -> list[Waits]:
        return [item.waits for item in self.page.items]

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_nothing_to_do_is_told_after_the_books_were_read(desk: Desk) -> None:
    assert not desk.page.is_read
    desk.presenter.come_up()
    assert desk.page.is_read
    assert desk.page.items == ()
    desk.presenter.do()
    desk.presenter.answer(came_out=True)
    desk.presenter.give_back()
    assert desk.changes == 0


def test_every_fate_has_its_line_and_people_come_first(desk: Desk) -> None:
    full_day(desk.fake)
    desk.fake.shop.push_outbox()
    desk.presenter.come_up()
    assert desk.waits[:3] == [Waits.GIVE_BACK, Waits.SLIP_ASKED, Waits.SLIP_FAILED]
    assert set(desk.waits[3:]) == {Waits.TOP_UP, Waits.CODE}
    assert desk.page.for_people == 3
    assert all(item.since is not None for item in desk.page.items)


def test_money_goes_back_after_a_yes(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.presenter.come_up()
    desk.presenter.do()
    assert desk.page.asking is not None
    assert desk.page.given is None
    desk.presenter.give_back()
    assert desk.page.given == GivenBack(Money(5_000), Money(0))
    assert desk.page.items == ()
    assert desk.fake.printer.drawers_opened == 1
    assert desk.changes == 1


def test_money_stays_where_it_is_after_a_no(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.presenter.come_up()
    desk.presenter.do()
    desk.presenter.leave()
    assert desk.page.asking is None
    assert desk.waits == [Waits.GIVE_BACK]


def test_without_a_shift_no_money_goes_back(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.fake.shop.close_shift(desk.fake.cashier, CashCount((), Money(0)))
    desk.presenter.come_up()
    desk.presenter.do()
    desk.presenter.give_back()
    assert isinstance(desk.page.trouble, ShiftNotOpen)
    assert desk.page.busy is None


@pytest.mark.parametrize("came_out", [True, False])
def test_a_slip_in_question_is_answered(desk: Desk, came_out: bool) -> None:
    desk.fake.printer.fail_next("timeout", sent=True)
    sold(desk.fake, 0)
    desk.presenter.come_up()
    assert desk.waits[0] is Waits.SLIP_ASKED
    desk.presenter.answer(came_out)
    assert Waits.SLIP_ASKED not in desk.waits
    assert len(desk.fake.printer.of_kind(CodeSlip)) == (1 if came_out else 2)


def test_a_slip_that_failed_is_printed_again(desk: Desk) -> None:
    desk.fake.printer.fail_next("paper_out")
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.do()
    assert desk.page.items == ()
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(CodeSlip)] == [1]


def test_a_printer_that_fails_again_leaves_the_line(desk: Desk) -> None:
    desk.fake.printer.fail_next("paper_out")
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.fake.printer.fail_next("paper_out")
    desk.presenter.do()
    assert isinstance(desk.page.trouble, PaperTrouble)
    assert Waits.SLIP_FAILED in desk.waits
    assert desk.page.busy is None


def test_asking_now_brings_the_code_and_prints_it(desk: Desk) -> None:
    full = full_day(desk.fake)
    desk.presenter.come_up()
    desk.presenter.select(desk.waits.index(Waits.CODE))
    before = len(desk.fake.printer.of_kind(CodeSlip))
    desk.presenter.do()
    assert Lane.WIRE in desk.run.lanes
    assert Waits.CODE not in desk.waits
    assert len(desk.fake.printer.of_kind(CodeSlip)) == before + 1
    assert full["waiting"].id not in [item.sale_id for item in desk.page.items]


def test_a_platform_that_is_away_is_told_and_nothing_is_lost(desk: Desk) -> None:
    full_day(desk.fake)
    desk.presenter.come_up()
    desk.presenter.select(desk.waits.index(Waits.CODE))
    desk.fake.platform.is_down = True
    desk.presenter.do()
    assert isinstance(desk.page.trouble, Unreachable)
    assert Waits.CODE in desk.waits


def test_a_top_up_that_is_asked_ends_with_its_slip(desk: Desk) -> None:
    desk.fake.platform.script_top_up("13600136000", [TopUp(TopUpState.SUBMITTING), TopUp(TopUpState.OK)])
    sold(desk.fake, 2, phone="13600136000")
    desk.presenter.come_up()
    assert desk.waits == [Waits.TOP_UP]
    desk.presenter.do()
    assert desk.waits == [Waits.TOP_UP]
    desk.presenter.do()
    assert desk.waits == []


def test_what_was_selected_stays_selected(desk: Desk) -> None:
    full_day(desk.fake)
    desk.presenter.come_up()
    chosen = desk.page.items[3]
    desk.presenter.select(3)
    desk.presenter.select(99)
    desk.fake.clock.advance(timedelta(minutes=1))
    failed_top_up(desk.fake, "13700137000")
    desk.presenter.refresh()
    assert desk.page.items[desk.page.selected].key == chosen.key


def test_an_unpaid_sale_is_shown_and_left_alone(desk: Desk) -> None:
    shop = desk.fake.shop
    basket = shop.new_sale().with_product(desk.fake.products[0], 1, desk.fake.clock.new_id())
    sale = shop.reserve(desk.fake.cashier, basket)
    desk.presenter.come_up()
    assert desk.waits == [Waits.UNPAID]
    desk.presenter.do()
    assert desk.waits == [Waits.UNPAID]
    shop.cancel_sale(desk.fake.cashier, sale.id, "left")
    desk.presenter.refresh()
    assert desk.waits == [Waits.LETTING_GO]
    desk.presenter.do()
    assert desk.waits == []


def test_looking_again_fetches_the_bills_that_are_ready(desk: Desk) -> None:
    """By hand, on the lane where nobody at the counter waits; what differs joins the list, a supervisor settles it."""
    fake = desk.fake
    basket = fake.shop.new_sale().with_product(fake.products[0], 1, fake.clock.new_id())
    sale = fake.shop.reserve(fake.cashier, basket)
    code = read_payment_code("134567890123456789")
    assert code is not None
    fake.shop.charge_code(fake.cashier, sale.id, code)
    fake.gateways.one.arrives_late("STRANGER", 700)
    fake.clock.advance(timedelta(days=1))
    desk.presenter.look_again()
    assert Lane.BEHIND in desk.run.lanes
    assert desk.waits[0] is Waits.BILL
    desk.presenter.select(0)
    desk.presenter.do()
    assert isinstance(desk.page.trouble, NotAllowed)
    assert Waits.BILL in desk.waits
