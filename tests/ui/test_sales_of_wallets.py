"""Past sales that wallets paid: found by the bill's barcode, told in full, and given back in parts in two names."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import AmountInvalid, ReasonNeeded, RefundTooHigh
from pos_app.domain.gateway import RefundStanding, Standing
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.sale import Sale
from pos_app.domain.staff import Cashier
from pos_app.shop import GivenBack
from pos_app.ui.sales import make_page
from pos_app.ui.sales.page import Ask
from pos_app.ui.sales.presenter import SalesPresenter
from pos_app.ui.sales.view import SalesPageView
from pos_app.ui.shift.page import Step
from pos_app.ui.shift.view import ShiftPageView
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop
from tests.payments.paying import ECNY, charged, reserved, sold_by_wallet, sold_in_parts, through
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.test_sales_presenter import Seen
from tests.ui.till_day import RunNow, failed_top_up, sold

F11 = Qt.Key.Key_F11
Open = Callable[[Cashier], PageByKeys[SalesPageView]]


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop()


@pytest.fixture
def presenter(fake: FakeShop) -> SalesPresenter:
    return SalesPresenter(fake.shop, RunNow(), Seen(), lambda: fake.cashier, lambda: None)


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


def back(fake: FakeShop, sale: Sale) -> list[tuple[Tender, int]]:
    return [(each.tender, each.amount.minor) for each in fake.shop.look_up.sale(sale.id).refunds]


@pytest.mark.parametrize("is_ours", [True, False])
def test_the_barcode_of_the_wallets_bill_finds_the_sale(
    presenter: SalesPresenter, fake: FakeShop, is_ours: bool
) -> None:
    sale = sold_by_wallet(fake)
    (attempt,) = fake.shop.look_up.sale(sale.id).attempts
    fake.clock.advance(timedelta(days=3))
    sold(fake, 0)
    presenter.come_up()
    presenter.search(attempt.number if is_ours else attempt.gateway_number or "")
    assert [row.sale_id for row in presenter.page.rows] == [sale.id]
    assert presenter.page.is_everywhere
    assert presenter.page.detail is not None
    assert presenter.page.detail.attempts == (attempt,)


def test_a_part_goes_back_to_the_wallet_first_and_then_in_cash(
    presenter: SalesPresenter, fake: FakeShop
) -> None:
    sale = sold_in_parts(fake, 3_000)
    presenter.come_up()
    presenter.return_line()
    assert (presenter.page.ask, presenter.page.ways) == (
        Ask.AMOUNT,
        ((Tender.ALIPAY, Money(3_000)), (Tender.CASH, Money(7_000))),
    )
    presenter.set_amount("35")
    assert presenter.page.ways == ((Tender.ALIPAY, Money(3_000)), (Tender.CASH, Money(500)))
    presenter.amount_given()
    presenter.give_reason("the code does not work")
    assert presenter.page.ask is Ask.SECOND
    assert back(fake, sale) == []
    presenter.authorise("person-supervisor", PINS["supervisor"])
    assert presenter.page.given == GivenBack(Money(500), Money(3_000))
    assert back(fake, sale) == [(Tender.ALIPAY, 3_000), (Tender.CASH, 500)]
    assert fake.printer.drawers_opened == 1
    presenter.leave()
    presenter.return_line()
    assert presenter.page.ways == ((Tender.CASH, Money(6_500)),)
    told = [entry.body for entry in fake.till.pages.ledger.values() if entry.kind == "money_given_back"]
    assert [(each["authoriser_id"], each["reason"]) for each in told] == [
        ("person-supervisor", "the code does not work")
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [("100.01", RefundTooHigh), ("9999", RefundTooHigh), ("0", AmountInvalid), ("much", AmountInvalid)],
)
def test_never_more_than_is_left_nor_nothing(
    presenter: SalesPresenter, fake: FakeShop, text: str, error: type[Exception]
) -> None:
    sale = sold_by_wallet(fake)
    presenter.come_up()
    presenter.return_line()
    presenter.set_amount(text)
    assert presenter.page.ways == ()
    presenter.amount_given()
    assert isinstance(presenter.page.trouble, error)
    assert presenter.page.ask is Ask.AMOUNT
    presenter.give_reason("why not")
    presenter.authorise("person-owner", PINS["owner"])
    assert back(fake, sale) == []


def test_of_several_lines_one_is_chosen_and_another_stays(presenter: SalesPresenter, fake: FakeShop) -> None:
    sale = sold_by_wallet(fake, 0, 1)
    presenter.come_up()
    presenter.return_line()
    assert presenter.page.ask is Ask.WHICH
    presenter.choose(1)
    assert presenter.page.ask is Ask.AMOUNT
    presenter.amount_given()
    presenter.give_reason("")
    presenter.authorise("person-owner", PINS["owner"])
    assert isinstance(presenter.page.trouble, ReasonNeeded)
    presenter.leave()
    presenter.return_line()
    presenter.choose(1)
    presenter.amount_given()
    presenter.give_reason("wrong goods")
    presenter.authorise("person-owner", PINS["owner"])
    assert back(fake, sale) == [(Tender.WECHAT, sale.lines[1].total.minor)]
    assert fake.printer.drawers_opened == 0  # nothing is handed over
    presenter.leave()
    presenter.return_line()
    assert presenter.page.deed is not None
    assert presenter.page.deed.subject == sale.lines[0].line_id


def test_only_what_was_delivered_and_is_not_owed_goes_back_like_this(
    presenter: SalesPresenter, fake: FakeShop
) -> None:
    failed_top_up(fake)
    presenter.come_up()
    presenter.return_line()
    assert presenter.page.ask is Ask.NOTHING  # that one needs nobody's word
    charged(fake, reserved(fake))
    presenter.come_up()
    presenter.return_line()
    assert presenter.page.ask is Ask.NOTHING


def test_the_details_tell_every_try_and_every_refund(open_page: Open, fake: FakeShop) -> None:
    sale = reserved(fake)
    charged(fake, sale, course=Standing.FAILED)
    charged(fake, sale, wallet=ECNY, part=3_000)
    fake.shop.take_cash(fake.cashier, sale.id, Money(10_000))
    done = through(fake, sale)
    first, second = fake.shop.look_up.sale(sale.id).attempts
    keys = open_page(fake.cashier)
    words = " | ".join(keys.page.side.details.words())
    assert "e-CNY | Cash received | Change" in words
    assert f"WeChat Pay \u00a5100.00 | not paid | {first.number}" in words
    assert f"e-CNY \u00a530.00 | paid | {second.number}" in words
    keys.press(F11)
    assert QApplication.focusWidget() is keys.page.side.amount.field
    keys.type("10")
    assert keys.page.side.amount.ways() == "\u00a510.00 back to e-CNY, by itself"
    keys.press(ENTER, Qt.Key.Key_2)
    keys.press(Qt.Key.Key_Down)
    keys.type(PINS["supervisor"])
    keys.press(ENTER)
    assert keys.page.presenter.page.ask is Ask.GIVEN
    keys.press(ENTER)
    assert back(fake, done) == [(Tender.ECNY, 1_000)]
    words = " | ".join(keys.page.side.details.words())
    assert "\u00a510.00 back to e-CNY | on its way back" in words
    assert "The wrong goods were sold" in words
    (refund,) = fake.shop.look_up.sale(sale.id).refunds
    fake.gateways.one.refund_says = RefundStanding.FAILED
    fake.shop.follow_refund(refund.number)
    keys.page.presenter.refresh()
    assert "refused for now (NOTENOUGH)" in keys.page.side.details.words()
    fake.gateways.one.refund_says = RefundStanding.DONE
    fake.shop.follow_refund(refund.number)
    keys.page.presenter.refresh()
    assert "given back" in keys.page.side.details.words()


def test_escape_leaves_the_amount(open_page: Open, fake: FakeShop) -> None:
    sale = sold_by_wallet(fake)
    keys = open_page(fake.owner)
    keys.press(F11)
    keys.type("10")
    keys.press(ESC)
    assert keys.page.presenter.page.ask is Ask.NOTHING
    assert QApplication.focusWidget() is keys.page.entry
    assert back(fake, sale) == []


def test_the_shift_tells_the_wallets_after_the_count_and_not_before(
    qapp: QApplication, fake: FakeShop
) -> None:
    from pos_app.ui.shift import make_page as make_shift

    sold_by_wallet(fake)
    sold_in_parts(fake, 3_000)
    charged(fake, reserved(fake), course=Standing.PROCESSING)
    around = Around(fake, fake.cashier)
    page = make_shift(fake.shop, around.run, around.wording, around.session)
    assert isinstance(page, ShiftPageView)
    keys: PageByKeys[ShiftPageView] = PageByKeys(page)
    page.presenter.begin_count()
    assert page.presenter.page.totals is None
    assert page.comparison.wallets() == []
    page.presenter.counted()
    assert page.presenter.page.step is Step.COMPARE
    told = ["WeChat Pay (1)", "Alipay (1)", "Still being checked: 1"]
    assert page.comparison.wallets() == told
    page.presenter.close()
    assert page.result.wallets() == told
    keys.close()
