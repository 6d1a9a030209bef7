"""The sale: a frozen value that moves along closed arrows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pos_app.domain.catalogue import Names
from pos_app.domain.errors import CashTooLow, EmptySale, QuantityInvalid, WrongState
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender, likely_cash, pay_cash
from pos_app.domain.sale import MOST_LINES, MOVES, Sale, SaleState, TopUp, TopUpState, is_electronic
from tests.fakes.till_goods import code_product, top_up_product

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
PHONE = (("phone", "13800138000"),)


def basket() -> Sale:
    return (
        Sale("sale-1", "CNY")
        .with_product(code_product(1), 2, "line-1")
        .with_product(top_up_product(), 1, "line-2", PHONE)
    )


def reserved() -> Sale:
    return basket().started(AT, "person", "shift", DAY).moved_to(SaleState.RESERVED)


def test_the_same_code_joins_its_line_a_top_up_stands_alone() -> None:
    sale = (
        basket().with_product(code_product(1), 3, "line-3").with_product(top_up_product(), 1, "line-4", PHONE)
    )
    assert [(line.line_id, line.quantity) for line in sale.lines] == [
        ("line-1", 5),
        ("line-2", 1),
        ("line-4", 1),
    ]
    assert sale.total == Money(5 * 10_000 + 2 * 5_000)
    assert sale.cost == Money(5 * 9_500 + 2 * 4_900)
    assert sale.quantity == 7
    assert sale.line("line-2").account == "13800138000"
    assert sale.line("line-1").account is None


def test_a_change_makes_a_new_value() -> None:
    before = basket()
    after = before.with_quantity("line-1", 4)
    assert (before.line("line-1").quantity, after.line("line-1").quantity) == (2, 4)
    assert [line.line_id for line in after.without_line("line-1").lines] == ["line-2"]
    with pytest.raises(KeyError):
        after.line("line-9")


@pytest.mark.parametrize("quantity", [0, -1, 21, 2000000000015])
def test_a_quantity_that_the_product_does_not_allow_is_refused(quantity: int) -> None:
    with pytest.raises(QuantityInvalid):
        basket().with_quantity("line-1", quantity)
    with pytest.raises(QuantityInvalid):
        Sale("s", "CNY").with_product(code_product(1), quantity, "line")


def test_steps_are_kept() -> None:
    product = code_product(1)
    in_pairs = replace(product, limits=replace(product.limits, least=2, step=2))
    assert in_pairs.allows(4)
    assert not in_pairs.allows(3)


def test_a_sale_has_an_end() -> None:
    sale = Sale("s", "CNY")
    for number in range(MOST_LINES):
        sale = sale.with_product(code_product(number), 1, f"line-{number}")
    with pytest.raises(QuantityInvalid):
        sale.with_product(code_product(MOST_LINES), 1, "one-more")


def test_a_fresh_product_brings_its_price() -> None:
    dearer = replace(code_product(1), price=Money(10_500))
    sale = basket().with_fresh(dearer)
    assert sale.line("line-1").price == Money(10_500)
    assert sale.line("line-2").price == Money(5_000)


def test_an_empty_basket_is_not_sold() -> None:
    with pytest.raises(EmptySale):
        Sale("s", "CNY").started(AT, "person", "shift", DAY)


def test_a_basket_counts_for_no_day_yet() -> None:
    with pytest.raises(WrongState):
        _ = basket().day
    assert reserved().day == DAY


def test_what_is_promised_is_no_longer_changed() -> None:
    sale = reserved()
    for change in (
        lambda: sale.with_quantity("line-1", 1),
        lambda: sale.without_line("line-1"),
        lambda: sale.with_fresh(code_product(1)),
        lambda: sale.with_product(code_product(5), 1, "x"),
    ):
        with pytest.raises(WrongState):
            change()


def test_only_the_drawn_arrows_exist() -> None:
    for state in SaleState:
        sale = replace(basket(), state=state)
        for target in SaleState:
            if target in MOVES[state]:
                assert sale.moved_to(target, "why").trouble == "why"
            else:
                with pytest.raises(WrongState):
                    sale.moved_to(target)


def test_paid_is_exactly_the_total() -> None:
    sale = reserved()
    paid = sale.paid((pay_cash(sale.total, Money(30_000)),), AT, "T1-000001")
    assert (paid.state, paid.receipt_number, paid.change) == (SaleState.PAID, "T1-000001", Money(5_000))
    with pytest.raises(WrongState):
        sale.paid((pay_cash(Money(1), Money(1)),), AT, "T1-000001")


def test_cash_below_the_total_is_refused() -> None:
    with pytest.raises(CashTooLow) as refused:
        pay_cash(Money(10_000), Money(9_999))
    assert refused.value.total == Money(10_000)
    assert pay_cash(Money(10_000), Money(10_000)).tender is Tender.CASH


@pytest.mark.parametrize(
    ("total", "sums"),
    [
        (10_990, [10_990, 11_000, 12_000, 15_000, 20_000]),
        (10_000, [10_000]),
        (4_990, [4_990, 5_000, 6_000, 10_000]),
        (3_050, [3_050, 3_100, 3_500, 4_000, 5_000]),
    ],
)
def test_likely_cash_begins_with_the_exact_sum(total: int, sums: list[int]) -> None:
    assert [money.minor for money in likely_cash(Money(total))] == sums


def test_a_currency_without_known_notes_offers_the_exact_sum() -> None:
    assert likely_cash(Money(500, "XYZ")) == (Money(500, "XYZ"),)


def test_money_goes_back_for_what_failed() -> None:
    sale = replace(reserved(), state=SaleState.DONE)
    assert sale.refund_lines == ()
    sale = sale.with_top_up("line-2", TopUp(TopUpState.ACCEPTED))
    assert [line.line_id for line in sale.open_top_ups] == ["line-2"]
    sale = sale.with_top_up("line-2", TopUp(TopUpState.FAILED_FINAL))
    assert [line.line_id for line in sale.refund_lines] == ["line-2"]
    assert not sale.open_top_ups
    assert sale.with_refund("line-2", Money(5_000)).refund_lines == ()
    due = replace(reserved(), state=SaleState.REFUND_DUE)
    assert len(due.refund_lines) == 2
    assert len(due.with_refund("line-1", Money(20_000)).refund_lines) == 1


def test_open_money_is_what_was_taken_for_what_is_not_settled() -> None:
    sale = reserved()
    assert sale.open_money == Money(0)
    paid = sale.paid((pay_cash(sale.total, sale.total),), AT, "T1-000001")
    assert paid.open_money == sale.total
    done = replace(paid, state=SaleState.DONE)
    assert done.open_money == Money(0)
    assert done.with_top_up("line-2", TopUp(TopUpState.UNKNOWN)).open_money == Money(5_000)


def test_names_in_both_languages() -> None:
    names = Names("\u5361", "card")
    assert names.in_language("zh_CN") == "\u5361"
    assert names.in_language("en") == "card"


def test_stock_in_words() -> None:
    product = code_product(1)
    assert replace(product, stock=0).is_sold_out
    assert replace(product, stock=3).is_low
    assert not product.is_low
    assert not replace(product, stock=50).is_low


def test_a_sale_that_is_left_is_still_reserved_and_no_other_can_be() -> None:
    left = reserved().left()
    assert (left.state, left.is_left, reserved().is_left) == (SaleState.RESERVED, True, False)
    assert not left.moved_to(SaleState.CANCELLING).is_left
    with pytest.raises(WrongState):
        basket().left()


def test_one_wallet_makes_a_sale_electronic() -> None:
    total = reserved().total
    cash, part = pay_cash(total, total), Payment(Tender.ALIPAY, Money(1), Money(1), Money(0), "N1")
    assert not is_electronic(reserved())
    assert not is_electronic(replace(reserved(), payments=(cash,)))
    assert is_electronic(replace(reserved(), payments=(part, cash)))
