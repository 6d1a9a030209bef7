"""Whatever becomes of undoing: it goes on until it is certain, and nothing of it is ever sold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import PaymentUnsettled
from pos_app.domain.sale import SaleState
from practice.gateways.call import Call, Reply
from practice.gateways.course import Doing
from practice.gateways.mischief import Fault, Kind
from practice.gateways.teller import Teller
from tests.payments.failures.bench import ALIPAYS, ALL, PRICE, Counter

every_gateway = pytest.mark.parametrize("practice", ALL)
paid_or_not = pytest.mark.parametrize("is_paid", [False, True], ids=["unpaid", "paid"])

REVERSING, REVERSED, REFUNDED = AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED


def given_up(counter: Counter, is_paid: bool) -> Attempt:
    """A payment that nobody waits for any more: the customer is at the password, or has paid and we do not know."""
    if is_paid:
        counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    else:
        counter.script.customer(Doing.PASSWORD_NEVER)
    return counter.stop(counter.scan())


class Listening:
    """A gateway that remembers what it said."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.said: list[bytes] = []

    def answer(self, call: Call) -> Reply | None:
        reply = self.teller.answer(call)
        self.said.append(reply.body if reply else b"")
        return reply


def listen(counter: Counter) -> Listening:
    heard = Listening(counter.wired.teller)
    counter.wired.sender.teller = heard  # type: ignore[assignment]  # all that a sender needs of one
    return heard


def ended(counter: Counter, attempt: Attempt) -> None:
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, REFUNDED)
    assert counter.kept(attempt) == 0
    counter.agree()


TROUBLES = (
    Fault.BUSY,
    Fault.LOST_BEFORE,
    Fault.LOST_AFTER,
    Fault.ERROR_500_BEFORE,
    Fault.ERROR_500_AFTER,
    Fault.SYSTEM_ERROR_BEFORE,
    Fault.SYSTEM_ERROR_AFTER,
    Fault.HTML,
    Fault.FORGED_REFUSAL,
    Fault.LATE,
    Fault.DUPLICATE,
)


@every_gateway
@paid_or_not
@pytest.mark.parametrize("fault", TROUBLES)
def test_reverse_meets_trouble_three_times(practice: str, fault: Fault, is_paid: bool) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.UNDO] = [fault] * 3
    attempt = given_up(counter, is_paid)
    assert counter.heard(Kind.UNDO, attempt) == 0
    ended(counter, attempt)


@every_gateway
def test_reverse_is_busy_and_the_customer_pays_meanwhile(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_PAYS, 20)
    counter.script.next[Kind.UNDO] = [Fault.BUSY] * 4
    attempt = counter.stop(counter.scan())
    ended(counter, attempt)
    assert counter.wired.teller.bank.charged(attempt.number) == 1
    assert counter.sale_of(attempt).state is SaleState.RESERVED


@pytest.mark.parametrize("practice", ALIPAYS)
def test_retry_flag_y_is_cancelled_again(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.UNDO] = [Fault.BUSY]
    attempt = given_up(counter, is_paid=True)
    heard = listen(counter)
    assert counter.ask(attempt).state is REVERSING
    assert b'"retry_flag":"Y"' in heard.said[0]
    ended(counter, attempt)


def test_recall_y_is_reversed_again() -> None:
    counter = Counter("wechat-v2")
    counter.script.next[Kind.UNDO] = [Fault.BUSY]
    attempt = given_up(counter, is_paid=True)
    heard = listen(counter)
    while counter.heard(Kind.UNDO, attempt) == 0:  # not in the first 15 s
        assert counter.ask(attempt).state is REVERSING
    assert counter.clock.now() >= attempt.sent_at + timedelta(seconds=15)
    assert any(b"<recall><![CDATA[Y]]></recall>" in said for said in heard.said)
    ended(counter, attempt)


@every_gateway
@pytest.mark.parametrize("fault", [Fault.NONE, Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.ERROR_500_AFTER])
def test_the_window_for_undoing_has_passed(practice: str, fault: Fault) -> None:
    """Then the whole is refunded, under one number however often it is asked."""
    counter = Counter(practice)
    counter.script.next[Kind.REFUND] = [fault, fault]
    attempt = given_up(counter, is_paid=True)
    counter.switch_off(timedelta(days=8))
    counter.settle()
    assert counter.heard(Kind.UNDO, attempt) == 0
    assert counter.heard(Kind.REFUND, attempt) >= 1
    ended(counter, attempt)


@every_gateway
@pytest.mark.parametrize("doing", [Doing.PASSWORD_PAYS, Doing.PASSWORD_CANCELS])
def test_the_window_has_passed_and_the_customer_still_looks_for_the_password(
    practice: str, doing: Doing
) -> None:
    counter = Counter(practice)
    days = timedelta(days=8)
    counter.script.customer(doing, (days + timedelta(hours=1)).total_seconds())
    attempt = counter.stop(counter.scan())
    counter.switch_off(days)
    counter.pass_time(timedelta(minutes=50))
    is_shut = (
        counter.stored(attempt).state is not REVERSING
    )  # some gateways close even so late what nobody paid
    ended(counter, attempt)
    assert counter.wired.teller.bank.charged(attempt.number) == (doing is Doing.PASSWORD_PAYS and not is_shut)


@every_gateway
@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.BUSY])
def test_an_order_that_is_not_there_is_undone_twice_before_the_sale_is_free(
    practice: str, fault: Fault
) -> None:
    """It may still be on its way, and only an answer that it is undone counts."""
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_BEFORE]
    counter.script.next[Kind.UNDO] = [fault] * 2
    attempt = counter.stop(counter.scan())
    while counter.stored(attempt).state is REVERSING:
        with pytest.raises(PaymentUnsettled):
            counter.fake.shop.take_cash(counter.fake.cashier, attempt.sale_id, PRICE)
        counter.ask(attempt)
    assert counter.heard(Kind.UNDO, attempt) == 4
    ended(counter, attempt)


@every_gateway
def test_once_given_up_it_is_never_paid_whatever_a_question_says(practice: str) -> None:
    counter = Counter(practice)
    counter.script.always[Kind.UNDO] = Fault.LOST_BEFORE
    attempt = given_up(counter, is_paid=True)
    for _ in range(5):
        assert counter.ask(attempt).state is REVERSING
    assert counter.kept(attempt) == PRICE.minor
    counter.script.always.clear()
    ended(counter, attempt)


@every_gateway
@pytest.mark.parametrize("steps", range(5))
@pytest.mark.parametrize("is_late", [False, True], ids=["answered", "late"])
def test_the_till_is_restarted_while_it_undoes(practice: str, steps: int, is_late: bool) -> None:
    counter = Counter(practice, remembers=False)
    counter.script.next[Kind.PAY] = [Fault.LATE if is_late else Fault.LOST_AFTER]
    counter.script.late = 18.0
    attempt = counter.stop(counter.scan())
    for _ in range(steps):
        counter.restart()
        counter.fake.shop.take_up()
        if counter.stored(attempt).next_at is not None:
            counter.ask(attempt)
    counter.restart()
    counter.fake.shop.take_up()
    ended(counter, attempt)
    assert counter.sale_of(attempt).state is SaleState.CANCELLED
