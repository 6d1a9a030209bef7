"""Past sales: found by what people remember, and nothing is done without a trace."""

from datetime import date, timedelta

import pytest

from pos_app.domain.errors import NotAllowed, PaperTrouble, ReasonNeeded, ShiftNotOpen, WrongPin
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.receipt import CodeSlip, SaleReceipt
from pos_app.domain.sale import SaleSearch, SaleState
from pos_app.domain.shift import CashCount
from pos_app.domain.staff import Cashier, Permission
from pos_app.shop import GivenBack
from pos_app.ui.run import Lane
from pos_app.ui.sales.page import Ask, DeedKind, Said, SalesPage
from pos_app.ui.sales.presenter import SalesPresenter
from pos_app.ui.sales.search import on_any_day, read_search
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop
from tests.ui.till_day import RunNow, failed_top_up, sell, sold

DAY = date(2026, 11, 22)


class Seen:
    """A view that remembers what it was shown."""

    def __init__(self) -> None:
        self.pages: list[SalesPage] = []

    def draw(self, page: SalesPage) -> None:
        self.pages.append(page)


class Desk:
    """The presenter over a fake shop; `who` stands at the till."""

    def __init__(self) -> None:
        self.fake: FakeShop = make_fake_shop()
        self.who: Cashier = self.fake.cashier
        self.run = RunNow()
        self.seen = Seen()
        self.changes = 0
        self.presenter = SalesPresenter(self.fake.shop, self.run, self.seen, lambda: self.who, self._changed)

    @property
    def page(self) -> SalesPage:
        return self.presenter.page

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("text", "searches"),
    [
        ("", (SaleSearch(day=DAY),)),
        ("T1-000012", (SaleSearch(text="T1-000012", day=DAY),)),
        ("8000", (SaleSearch(text="8000", day=DAY), SaleSearch(amount=Money(800_000), day=DAY))),
        ("13800138000", (SaleSearch(text="13800138000", day=DAY),)),
        ("109.90", (SaleSearch(amount=Money(10_990), day=DAY),)),
        ("\u00a550", (SaleSearch(amount=Money(5_000), day=DAY),)),
        ("14:30", (SaleSearch(day=DAY, hours=(14, 14)),)),
        ("9\uff1a", (SaleSearch(day=DAY, hours=(9, 9)),)),
    ],
)
def test_the_entry_understands_what_people_remember(text: str, searches: tuple[SaleSearch, ...]) -> None:
    assert read_search(text, DAY, "CNY") == searches


def test_a_time_of_day_is_not_looked_for_on_every_day() -> None:
    assert on_any_day(read_search("14:30", DAY, "CNY")) == ()
    assert on_any_day(read_search("", DAY, "CNY")) == ()
    assert on_any_day(read_search("8000", DAY, "CNY"))[0] == SaleSearch(text="8000")


def test_comes_up_with_today_and_the_last_sale_at_the_side(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.fake.clock.advance(timedelta(minutes=1))
    last = sold(desk.fake, 1)
    desk.presenter.come_up()
    assert [row.receipt_number for row in desk.page.rows] == ["T1-000002", "T1-000001"]
    assert desk.page.detail is not None
    assert desk.page.detail.sale.id == desk.page.selected == last.id


def test_a_day_without_sales_shows_none(desk: Desk) -> None:
    desk.presenter.come_up()
    assert desk.page.rows == ()
    assert desk.page.detail is None
    desk.presenter.print_again()
    desk.presenter.show_code()
    desk.presenter.owe()
    assert desk.page.ask is Ask.NOTHING


def test_days_move_and_never_past_today(desk: Desk) -> None:
    sale = sold(desk.fake, 0)
    desk.fake.clock.advance(timedelta(days=1))
    desk.presenter.come_up()
    assert not desk.page.rows
    desk.presenter.move_day(-1)
    assert [row.sale_id for row in desk.page.rows] == [sale.id]
    desk.presenter.move_day(5)
    assert desk.page.day == desk.page.today
    desk.presenter.move_day(-3)
    desk.presenter.go_to_today()
    assert desk.page.day == desk.page.today


def test_what_is_not_found_on_the_day_is_looked_for_everywhere(desk: Desk) -> None:
    sale = sold(desk.fake, 2, phone="13800138000")
    desk.fake.clock.advance(timedelta(days=3))
    desk.presenter.come_up()
    desk.presenter.search("8000")
    assert [row.sale_id for row in desk.page.rows] == [sale.id]
    assert desk.page.is_everywhere
    desk.presenter.search("9999")
    assert desk.page.rows == ()
    assert not desk.page.is_everywhere


def test_selecting_loads_the_other_sale(desk: Desk) -> None:
    first, _ = sold(desk.fake, 0), sold(desk.fake, 1)
    desk.presenter.come_up()
    desk.presenter.select(first.id)
    assert desk.page.detail is not None
    assert desk.page.detail.sale.id == first.id
    loads = len(desk.run.lanes)
    desk.presenter.select(first.id)
    assert len(desk.run.lanes) == loads


def test_a_reprint_asks_which_and_why_and_comes_out_as_copy_two(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.print_again()
    assert desk.page.ask is Ask.WHICH
    assert [deed.kind for deed in desk.page.choices] == [DeedKind.REPRINT] * 2
    desk.presenter.choose(7)
    assert desk.page.ask is Ask.WHICH
    desk.presenter.choose(1)
    assert desk.page.ask is Ask.REASON
    desk.presenter.give_reason("the paper was torn")
    assert (desk.page.said, desk.page.ask) == (Said.PRINTED, Ask.NOTHING)
    assert desk.run.lanes.count(Lane.PAPER) == 1
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(SaleReceipt)] == [1, 2]
    assert desk.changes == 1
    assert desk.page.detail is not None
    assert desk.page.detail.papers[-1].copy == 2


def test_a_reprint_without_a_reason_stays_and_asks(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.print_again()
    desk.presenter.choose(0)
    desk.presenter.give_reason("  ")
    assert isinstance(desk.page.trouble, ReasonNeeded)
    assert desk.page.ask is Ask.REASON


def test_the_third_copy_of_a_code_needs_a_second_person(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    for _ in range(2):
        desk.presenter.print_again()
        desk.presenter.choose(0)
        desk.presenter.give_reason("unreadable")
    assert desk.page.ask is Ask.SECOND
    assert {person.id for person in desk.page.people} == {"person-supervisor", "person-owner"}
    desk.presenter.authorise("person-supervisor", "000000")
    assert isinstance(desk.page.trouble, WrongPin)
    assert len(desk.fake.printer.of_kind(CodeSlip)) == 2
    desk.presenter.authorise("person-supervisor", PINS["supervisor"])
    assert desk.page.said is Said.PRINTED
    assert [slip.header.copy for slip in desk.fake.printer.of_kind(CodeSlip)] == [1, 2, 3]


def test_paper_trouble_says_so_and_the_paper_is_offered_again(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.fake.printer.fail_next("cover_open")
    desk.presenter.print_again()
    desk.presenter.choose(1)
    desk.presenter.give_reason("torn")
    assert isinstance(desk.page.trouble, PaperTrouble)
    assert desk.page.said is Said.NOTHING
    assert not desk.page.is_busy
    desk.presenter.try_paper_again()
    assert desk.page.said is Said.PRINTED
    desk.presenter.try_paper_again()
    assert len(desk.fake.printer.of_kind(SaleReceipt)) == 2


@pytest.mark.parametrize("came_out", [True, False])
def test_a_slip_in_question_is_answered(desk: Desk, came_out: bool) -> None:
    desk.fake.printer.fail_next("timeout", sent=True)
    sale = sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.answer(came_out)
    assert desk.page.detail is not None
    codes = [paper for paper in desk.page.detail.papers if paper.kind is PaperKind.CODE]
    assert [paper.copy for paper in codes] == ([1] if came_out else [1, 2])
    assert all(paper.state is PaperState.PRINTED for paper in codes)
    assert desk.fake.shop.look_up.sale(sale.id).sale.state is SaleState.DONE
    assert desk.page.said is (Said.NOTED if came_out else Said.PRINTED)


def test_money_goes_back_once_with_the_drawer_open(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.presenter.come_up()
    desk.presenter.owe()
    assert desk.page.ask is Ask.GIVE
    assert desk.page.owed is not None
    assert desk.page.owed.total == Money(5_000)
    desk.presenter.give_back()
    assert (desk.page.ask, desk.page.given) == (Ask.GIVEN, GivenBack(Money(5_000), Money(0)))
    assert desk.fake.printer.drawers_opened == 1
    desk.presenter.leave()
    desk.presenter.owe()
    assert desk.page.ask is Ask.NOTHING


def test_money_does_not_go_back_without_a_shift(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.fake.shop.close_shift(desk.fake.cashier, CashCount((), Money(0)))
    desk.presenter.come_up()
    desk.presenter.owe()
    desk.presenter.give_back()
    assert isinstance(desk.page.trouble, ShiftNotOpen)
    assert desk.page.ask is Ask.GIVE


def test_a_drawer_that_does_not_open_does_not_hide_the_amount(desk: Desk) -> None:
    failed_top_up(desk.fake)
    desk.presenter.come_up()
    desk.fake.printer.drawer_trouble = PaperTrouble("offline", "fake", sent=False)
    desk.presenter.owe()
    desk.presenter.give_back()
    assert isinstance(desk.page.trouble, PaperTrouble)
    assert (desk.page.ask, desk.page.given) == (Ask.GIVEN, GivenBack(Money(5_000), Money(0)))


def test_a_cashier_is_shown_a_code_only_in_two_names(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.show_code()
    assert desk.page.ask is Ask.REASON
    desk.presenter.give_reason("the printer fails")
    assert desk.page.ask is Ask.SECOND
    assert desk.page.deed is not None
    assert desk.page.deed.needs is Permission.SHOW_CODE
    desk.presenter.authorise("person-cashier", PINS["cashier"])
    assert isinstance(desk.page.trouble, NotAllowed)
    assert desk.page.secret is None
    desk.presenter.authorise("person-owner", PINS["owner"])
    assert desk.page.ask is Ask.CODE
    assert desk.page.secret is not None
    assert "CardSecret" not in repr(desk.page)
    desk.presenter.leave()
    assert desk.page.secret is None


def test_a_supervisor_is_shown_a_code_and_it_is_written_down(desk: Desk) -> None:
    desk.who = desk.fake.supervisor
    sell(desk.fake, 0, 1)
    desk.presenter.come_up()
    desk.presenter.show_code()
    assert desk.page.ask is Ask.WHICH
    desk.presenter.choose(0)
    desk.presenter.give_reason("the printer fails")
    assert desk.page.secret is not None
    kinds = [entry.kind for entry in desk.fake.till.pages.ledger.values()]
    assert "code_shown" in kinds


def test_the_code_is_gone_when_another_sale_is_looked_at(desk: Desk) -> None:
    desk.who = desk.fake.owner
    other = sold(desk.fake, 1)
    desk.fake.clock.advance(timedelta(minutes=1))
    sold(desk.fake, 0)
    desk.presenter.come_up()
    desk.presenter.show_code()
    desk.presenter.give_reason("the printer fails")
    assert desk.page.secret is not None
    desk.presenter.select(other.id)
    assert desk.page.secret is None
