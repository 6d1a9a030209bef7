"""The shift: opened, moved, counted blind, closed, whatever paper does."""

import pytest

from pos_app.domain.errors import AmountInvalid, PaperTrouble, ReasonNeeded
from pos_app.domain.money import Money
from pos_app.domain.receipt import ClosingSlip
from pos_app.ui.shift.page import Said, ShiftPage, Step
from pos_app.ui.shift.presenter import MOST_PIECES, ShiftPresenter
from tests.fakes.till_shop import make_fake_shop
from tests.ui.till_day import RunNow, failed_top_up, sold


class Desk:
    def __init__(self, *, shift_open: bool = True) -> None:
        self.fake = make_fake_shop(shift_open=shift_open)
        self.pages: list[ShiftPage] = []
        self.presenter = ShiftPresenter(self.fake.shop, RunNow(), self, lambda: self.fake.cashier)
        self.presenter.come_up()

    def draw(self, page: ShiftPage) -> None:
        self.pages.append(page)

    @property
    def page(self) -> ShiftPage:
        return self.presenter.page


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_without_a_shift_the_page_asks_for_the_opening_cash() -> None:
    desk = Desk(shift_open=False)
    assert desk.page.step is Step.CLOSED
    desk.presenter.open("two hundred")
    assert isinstance(desk.page.trouble, AmountInvalid)
    desk.presenter.begin(Step.DRAWER)
    desk.presenter.begin_count()
    assert desk.page.step is Step.CLOSED
    desk.presenter.open("200")
    assert desk.page.step is Step.OPEN
    assert desk.page.shift is not None
    assert desk.page.shift.opening_cash == Money(20_000)
    assert desk.page.said is Said.OPENED


@pytest.mark.parametrize(("step", "cash"), [(Step.CASH_IN, 15_050), (Step.CASH_OUT, 4_950)])
def test_cash_moves_with_a_reason_and_the_drawer_opens(desk: Desk, step: Step, cash: int) -> None:
    desk.presenter.begin(step)
    desk.presenter.move_cash("50.50", "")
    assert isinstance(desk.page.trouble, ReasonNeeded)
    desk.presenter.move_cash("0", "change")
    assert isinstance(desk.page.trouble, AmountInvalid)
    desk.presenter.move_cash("50.50", "change")
    assert (desk.page.step, desk.page.said, desk.page.moved) == (Step.OPEN, Said.MOVED, Money(5_050))
    assert desk.fake.printer.drawers_opened == 1
    shift, totals = desk.fake.shop.count_shift()
    assert totals.expected_cash(shift.opening_cash) == Money(cash)


def test_the_drawer_opens_with_a_reason(desk: Desk) -> None:
    desk.presenter.open_drawer("change a note")
    assert desk.fake.printer.drawers_opened == 0
    desk.presenter.begin(Step.DRAWER)
    desk.presenter.open_drawer(" ")
    assert isinstance(desk.page.trouble, ReasonNeeded)
    desk.presenter.open_drawer("change a note")
    assert desk.fake.printer.drawers_opened == 1
    assert desk.page.said is Said.DRAWER_OPENED


def test_the_count_is_blind_until_it_is_typed(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.begin_count()
    desk.presenter.set_pieces(10_000, "1")
    desk.presenter.set_pieces(1_000, "9")
    desk.presenter.set_pieces(50, "3")
    desk.presenter.set_loose("0.20")
    assert all(page.totals is None and page.expected is None for page in desk.pages)
    assert desk.page.count.total == Money(19_170)
    desk.presenter.counted()
    assert desk.page.step is Step.COMPARE
    assert desk.page.expected == Money(20_000)
    assert desk.page.difference == Money(-830)


def test_what_is_typed_wrong_counts_as_nothing_or_is_asked_again(desk: Desk) -> None:
    desk.presenter.begin_count()
    desk.presenter.set_pieces(10_000, "x")
    assert desk.page.pieces == ()
    desk.presenter.set_pieces(10_000, "999999999999")
    assert desk.page.number_of(10_000) == MOST_PIECES
    desk.presenter.set_pieces(10_000, "")
    desk.presenter.set_loose("1.234")
    assert desk.page.is_loose_bad
    desk.presenter.counted()
    assert isinstance(desk.page.trouble, AmountInvalid)
    assert desk.page.step is Step.COUNT
    desk.presenter.set_loose("")
    assert not desk.page.is_loose_bad


def test_a_count_that_was_begun_is_kept_when_the_page_is_left(desk: Desk) -> None:
    desk.presenter.begin_count()
    desk.presenter.set_pieces(10_000, "1")
    desk.presenter.come_up()
    assert desk.page.number_of(10_000) == 1
    desk.presenter.leave()
    assert (desk.page.step, desk.page.pieces) == (Step.OPEN, ())


def test_closing_with_a_difference_and_open_items_prints_the_slip(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.presenter.begin_count()
    desk.presenter.set_loose("140")
    desk.presenter.counted()
    assert [view.sale.open_money for view in desk.page.open_items] == [Money(5_000)]
    desk.presenter.close()
    assert desk.page.step is Step.DONE
    assert desk.page.closing is not None
    assert desk.page.closing.difference == Money(-1_000)
    assert desk.page.said is Said.PRINTED
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(ClosingSlip)] == [1]
    desk.presenter.print_closing()
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(ClosingSlip)] == [1, 2]
    desk.presenter.come_up()
    assert desk.page.step is Step.DONE
    desk.presenter.leave()
    assert desk.page.step is Step.CLOSED
    assert desk.page.last_closing is not None


def test_paper_trouble_leaves_the_shift_closed(desk: Desk) -> None:
    desk.presenter.begin_count()
    desk.presenter.set_loose("100")
    desk.presenter.counted()
    desk.fake.printer.fail_next("paper_out")
    desk.presenter.close()
    assert desk.page.step is Step.DONE
    assert isinstance(desk.page.trouble, PaperTrouble)
    assert desk.page.said is Said.NOTHING
    assert desk.fake.shop.look_up.current_shift() is None
    desk.presenter.print_closing()
    assert desk.page.said is Said.PRINTED
    assert desk.page.trouble is None


def test_the_last_slip_comes_again_while_no_shift_is_open(desk: Desk) -> None:
    desk.presenter.print_closing()
    assert desk.page.said is Said.NOTHING
    desk.presenter.begin_count()
    desk.presenter.set_loose("100")
    desk.presenter.counted()
    desk.presenter.close()
    again = ShiftPresenter(desk.fake.shop, RunNow(), desk, lambda: desk.fake.cashier)
    again.come_up()
    again.print_closing()
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(ClosingSlip)] == [1, 2]
