"""Money on its way back: never twice, never more than was paid, and asked for until it has gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.errors import RefundTooHigh, WrongState
from pos_app.domain.money import Money
from pos_app.domain.refund import Refund, RefundState
from practice.gateways.mischief import Fault, Kind
from tests.payments.failures.bench import ALL, PRICE, Counter

every_gateway = pytest.mark.parametrize("practice", ALL)


def stored(counter: Counter, number: str) -> Refund:
    return counter.fake.till.pages.refunds[number].refund


def settled(counter: Counter, *numbers: str) -> None:
    counter.settle()
    for number in numbers:
        assert stored(counter, number).state is RefundState.DONE
    counter.agree()


@every_gateway
def test_refund_is_answered(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.sold()
    number = counter.give_back(attempt)
    counter.fake.shop.follow_refund(number)
    settled(counter, number)
    assert counter.kept(attempt) == 0


TROUBLES = (
    Fault.LOST_BEFORE,
    Fault.LOST_AFTER,
    Fault.ERROR_500_BEFORE,
    Fault.ERROR_500_AFTER,
    Fault.SYSTEM_ERROR_BEFORE,
    Fault.SYSTEM_ERROR_AFTER,
    Fault.HTML,
    Fault.BAD_SIGNATURE,
    Fault.AMOUNT_ALTERED,
    Fault.NUMBER_ALTERED,
    Fault.FORGED_REFUSAL,
    Fault.DUPLICATE,
    Fault.LATE,
)


@every_gateway
@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("part", [None, 3_000], ids=["whole", "part"])
def test_refund_meets_trouble_twice(practice: str, fault: Fault, part: int | None) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [fault] * 2
    attempt = counter.sold()
    number = counter.give_back(attempt, part)
    counter.fake.shop.follow_refund(number)
    settled(counter, number)
    assert counter.kept(attempt) == PRICE.minor - (part or PRICE.minor)


@every_gateway
@pytest.mark.parametrize("fault", TROUBLES)
def test_the_question_about_a_refund_meets_trouble(practice: str, fault: Fault) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [Fault.LOST_AFTER]
    counter.script.next[Kind.ASK_REFUND] = [fault, Fault.NOT_FOUND, fault]
    attempt = counter.sold()
    number = counter.give_back(attempt, 3_000)
    settled(counter, number)
    assert counter.kept(attempt) == PRICE.minor - 3_000


@every_gateway
def test_refund_is_retried_with_a_restart_between(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [Fault.LOST_AFTER]
    attempt = counter.sold()
    number = counter.give_back(attempt)
    counter.fake.shop.follow_refund(number)
    assert stored(counter, number).state is RefundState.ASKED
    assert counter.kept(attempt) == 0
    counter.switch_off(timedelta(minutes=5))
    settled(counter, number)


@every_gateway
@pytest.mark.parametrize("fault", [Fault.NONE, Fault.LOST_BEFORE, Fault.LOST_AFTER])
def test_two_parts_go_back(practice: str, fault: Fault) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [fault]
    attempt = counter.sold()
    first = counter.give_back(attempt, 3_000)
    second = counter.give_back(attempt, 2_000)
    assert first != second
    settled(counter, first, second)
    assert counter.kept(attempt) == 5_000


@every_gateway
def test_two_equal_parts_and_the_rest_go_back(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [Fault.LOST_AFTER] * 2
    attempt = counter.sold()
    numbers = [counter.give_back(attempt, minor) for minor in (3_000, 3_000, 4_000)]
    settled(counter, *numbers)
    assert counter.kept(attempt) == 0


@every_gateway
def test_more_than_the_rest_is_not_even_asked(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.sold()
    counter.give_back(attempt, 6_000)
    with pytest.raises(RefundTooHigh):
        counter.give_back(attempt, 4_001)
    counter.settle()
    assert counter.heard(Kind.REFUND, attempt) == 1
    counter.give_back(attempt)
    with pytest.raises(WrongState):
        counter.give_back(attempt, 1)
    counter.settle()
    counter.agree()
    assert counter.kept(attempt) == 0


@every_gateway
def test_over_the_rest_there_because_somebody_gave_back_at_the_gateway(practice: str) -> None:
    """It is never called done; people see the refusal, and it is asked again."""
    counter = Counter(practice)
    attempt = counter.sold()
    bank = counter.wired.teller.bank
    bank.refund(attempt.number, "PORTAL1", 6_000)
    number = counter.give_back(attempt, 5_000)
    counter.pass_time(timedelta(hours=3))
    refund = stored(counter, number)
    assert refund.state is RefundState.ASKED
    assert refund.next_at is not None
    assert counter.kept(attempt) == 4_000
    if practice != "lakala":
        assert refund.refusal


@every_gateway
def test_the_line_is_down_while_money_is_to_go_back(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.sold()
    counter.wired.sender.is_down = True
    number = counter.give_back(attempt)
    counter.pass_time(timedelta(hours=2))
    assert stored(counter, number).state is RefundState.ASKED
    counter.wired.sender.is_down = False
    settled(counter, number)
    assert counter.kept(attempt) == 0


@every_gateway
def test_parts_paid_by_two_wallets_and_cash_go_back_by_the_way_they_came(practice: str) -> None:
    counter = Counter(practice)
    sale = counter.sale()
    charge, cashier = counter.fake.shop.charge_code, counter.fake.cashier
    first = charge(cashier, sale.id, counter.code(), Money(3_000)).attempt
    second = charge(cashier, sale.id, counter.code(), Money(4_000)).attempt
    counter.fake.shop.take_cash(cashier, sale.id, Money(3_000))
    counter.give_back(second, 4_000)
    counter.give_back(first, 1_000)
    counter.settle()
    assert (counter.kept(first), counter.kept(second)) == (2_000, 0)
    counter.agree()


@every_gateway
def test_a_later_part_is_undone_and_so_is_the_one_before(practice: str) -> None:
    """The customer goes away in the middle of two parts: both go back."""
    counter = Counter(practice)
    sale = counter.sale()
    charge, cashier = counter.fake.shop.charge_code, counter.fake.cashier
    first = charge(cashier, sale.id, counter.code(), Money(3_000)).attempt
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    second = charge(cashier, sale.id, counter.code(), Money(7_000)).attempt
    counter.fake.shop.leave_sale(cashier, sale.id, undo=True)
    counter.settle()
    assert (counter.kept(first), counter.kept(second)) == (0, 0)
    counter.agree()


@every_gateway
def test_somebody_gives_it_back_at_the_gateway_before_the_till_knew_of_it(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    attempt = counter.scan()
    counter.wired.teller.bank.refund(attempt.number, "PORTAL1", PRICE.minor)
    counter.wait(attempt)
    counter.settle()
    assert counter.sale_of(attempt).paid_at is None
    counter.agree()
