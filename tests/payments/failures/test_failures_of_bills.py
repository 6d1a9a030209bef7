"""The day after: what only the gateway's bill tells; and two tills that share a merchant."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.bill import Difference
from practice.gateways.course import Course
from practice.gateways.mischief import Fault, Kind
from tests.payments.failures.bench import ALL, PRICE, WITH_BILL, Counter

with_a_bill = pytest.mark.parametrize("practice", WITH_BILL)

PAID = AttemptState.PAID
REVERSING, REVERSED, REFUNDED = AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED
TILL_THE_BILL = timedelta(hours=23)  # it is noon there; the bill comes the next day at ten


def next_day(counter: Counter) -> None:
    counter.pass_time(TILL_THE_BILL)
    assert counter.fake.shop.match_bills() == 1


def found(counter: Counter) -> list[tuple[Difference, str]]:
    items = counter.fake.till.pages.bill_items.values()
    return [(each.finding.kind, each.finding.number) for each in items]


@with_a_bill
def test_a_bill_of_an_ordinary_day_finds_nothing(practice: str) -> None:
    """Paid, failed on its way, undone, given back in parts, and shown."""
    counter = Counter(practice)
    attempt = counter.sold()
    counter.give_back(attempt, 3_000)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    undone = counter.stop(counter.scan())
    shown = counter.show()
    counter.wired.teller.bank.pay_shown(shown.number, None, counter.wallet.value)
    assert counter.ask(shown).state is PAID
    next_day(counter)
    assert counter.kept(undone) == 0
    assert found(counter) == []
    counter.agree()
    counter.pass_time(timedelta(days=1))
    counter.fake.shop.match_bills()
    assert found(counter) == []


@with_a_bill
def test_a_bill_with_a_paid_order_that_nobody_knows(practice: str) -> None:
    counter = Counter(practice)
    counter.scan()
    counter.wired.teller.bank.pay("0T1261122LOST0001", 5_000, counter.code().text, Course())
    next_day(counter)
    assert found(counter) == [(Difference.UNKNOWN_ORDER, "0T1261122LOST0001")]
    (item,) = counter.fake.till.pages.bill_items.values()
    assert item.settled_at is None  # a person must look
    assert item.finding.there is not None
    assert item.finding.there.minor == 5_000


@with_a_bill
def test_a_payment_that_arrived_after_all_watches_is_found_by_the_bill(practice: str) -> None:
    counter = Counter(practice, remembers=False)
    counter.script.next[Kind.PAY] = [Fault.LATE]
    counter.script.late = timedelta(hours=25).total_seconds()
    attempt = counter.scan()
    counter.wait(attempt)
    counter.settle()
    counter.pass_time(timedelta(hours=2))
    assert counter.stored(attempt).state is REVERSED
    assert counter.kept(attempt) == PRICE.minor
    counter.pass_time(timedelta(hours=22))
    counter.fake.shop.match_bills()
    assert found(counter) == [(Difference.NOT_PAID_HERE, attempt.number)]
    assert counter.stored(attempt).state is REVERSING
    counter.settle()
    assert counter.kept(attempt) == 0
    counter.agree()


@with_a_bill
@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.ERROR_500_BEFORE, Fault.HTML])
def test_the_bill_does_not_come_and_is_asked_for_again(practice: str, fault: Fault) -> None:
    counter = Counter(practice)
    counter.scan()
    counter.wired.teller.bank.pay("0T1261122LOST0001", 5_000, counter.code().text, Course())
    counter.pass_time(TILL_THE_BILL)
    counter.script.next[Kind.BILL] = [fault]
    assert counter.fake.shop.match_bills() == 0
    assert counter.fake.shop.match_bills() == 1
    assert counter.fake.shop.match_bills() == 0
    assert len(found(counter)) == 1


@with_a_bill
def test_the_bill_is_not_ready_yet(practice: str) -> None:
    counter = Counter(practice)
    counter.scan()
    counter.pass_time(timedelta(hours=13))
    assert counter.fake.shop.match_bills() == 0


@with_a_bill
def test_a_refund_that_was_made_at_the_gateways_own_counter_is_found(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.scan()
    counter.wired.teller.bank.refund(attempt.number, "PORTAL1", 1_000)
    next_day(counter)
    assert found(counter) == [(Difference.UNKNOWN_REFUND, attempt.number)]


# --- two tills of one merchant ---


@pytest.mark.parametrize("practice", ALL)
def test_two_tills_of_one_merchant_keep_out_of_each_others_way(practice: str) -> None:
    first = Counter(practice)
    second = first.second_till()
    ours = [till.sold() for till in (first, second, first, second)]
    assert len({each.number for each in ours}) == len(ours)
    first.script.next[Kind.PAY] = [Fault.LOST_AFTER, Fault.LOST_AFTER]
    lost, theirs = first.scan(), second.scan()
    first.stop(lost)
    assert second.wait(theirs).state is PAID
    first.give_back(ours[0])
    second.give_back(ours[1], 3_000)
    first.settle()
    second.settle()
    assert [first.kept(each) for each in ours] == [0, 7_000, PRICE.minor, PRICE.minor]
    assert (first.kept(lost), first.kept(theirs)) == (0, PRICE.minor)
    first.agree()
    second.agree()


@with_a_bill
def test_the_bill_of_two_tills_alarms_neither(practice: str) -> None:
    first = Counter(practice)
    second = first.second_till()
    first.sold()
    second.give_back(second.sold(), 3_000)
    second.settle()
    next_day(first)
    assert second.fake.shop.match_bills() == 1
    assert found(first) == []
    assert found(second) == []
