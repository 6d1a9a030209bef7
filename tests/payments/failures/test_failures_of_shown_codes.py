"""Codes that the shop shows: paid too late, after they were closed, or by somebody who should not have them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind
from tests.payments.failures.bench import ALL, PRICE, Counter

every_gateway = pytest.mark.parametrize("practice", ALL)
forgetting = pytest.mark.parametrize("remembers", [True, False], ids=["remembers", "forgets"])

SENT, PAID, FAILED = AttemptState.SENT, AttemptState.PAID, AttemptState.FAILED
REVERSING, REVERSED, REFUNDED = AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED


def customer_scans(counter: Counter, attempt: Attempt, course: Course | None = None) -> None:
    counter.wired.teller.bank.pay_shown(attempt.number, course, counter.wallet.value)


def ended(counter: Counter, attempt: Attempt) -> None:
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, REFUNDED, FAILED)
    assert counter.sale_of(attempt).paid_at is None
    counter.agree()


@every_gateway
def test_a_shown_code_is_paid(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.show()
    assert counter.wired.teller.number_shown(attempt.qr) == attempt.number
    assert counter.ask(attempt).state is SENT
    customer_scans(counter, attempt)
    assert counter.ask(attempt).state is PAID
    assert counter.kept(attempt) == PRICE.minor
    counter.settle()
    counter.agree()


@every_gateway
@forgetting
def test_a_shown_code_is_paid_after_it_was_closed(practice: str, remembers: bool) -> None:
    counter = Counter(practice, remembers=remembers)
    attempt = counter.stop(counter.show())
    while counter.stored(attempt).state is REVERSING:
        counter.ask(attempt)
    customer_scans(counter, attempt)
    ended(counter, attempt)


@every_gateway
@forgetting
@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.BUSY, Fault.ERROR_500_BEFORE])
def test_a_shown_code_is_paid_while_it_is_closed(practice: str, remembers: bool, fault: Fault) -> None:
    counter = Counter(practice, remembers=remembers)
    counter.script.next[Kind.UNDO] = [fault]
    attempt = counter.stop(counter.show())
    counter.ask(attempt)
    customer_scans(counter, attempt)
    ended(counter, attempt)


@every_gateway
@forgetting
def test_a_shown_code_is_paid_in_the_moment_in_which_it_is_stopped(practice: str, remembers: bool) -> None:
    counter = Counter(practice, remembers=remembers)
    attempt = counter.show()
    customer_scans(counter, attempt)
    assert counter.stop(attempt).state is REVERSING
    ended(counter, attempt)
    assert counter.wired.teller.bank.charged(attempt.number) == 1


@every_gateway
@forgetting
def test_a_shown_code_is_paid_after_it_ran_out(practice: str, remembers: bool) -> None:
    counter = Counter(practice, remembers=remembers)
    attempt = counter.show()
    ending = counter.wait(attempt)
    assert ending.state in (REVERSING, FAILED)
    assert counter.clock.now() >= attempt.sent_at + counter.rules.shown_for
    customer_scans(counter, attempt)
    ended(counter, attempt)


@every_gateway
def test_a_shown_code_is_scanned_in_time_and_the_password_comes_too_late(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.show()
    customer_scans(counter, attempt, Course(Doing.PASSWORD_PAYS, counter.rules.shown_for.total_seconds() + 5))
    counter.wait(attempt)
    ended(counter, attempt)


@every_gateway
@pytest.mark.parametrize(
    "fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.ERROR_500_AFTER, Fault.HTML, Fault.LATE]
)
def test_no_code_comes_and_nobody_can_pay(practice: str, fault: Fault) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.SHOW] = [fault]
    attempt = counter.show()
    assert (attempt.state, attempt.qr) == (REVERSING, "")
    ended(counter, attempt)
    assert counter.wired.teller.bank.charged(attempt.number) == 0


@every_gateway
def test_questions_about_a_shown_code_are_lost_and_it_is_paid(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.show()
    customer_scans(counter, attempt)
    counter.script.always[Kind.ASK] = Fault.LOST_BEFORE
    assert counter.wait(attempt).state is REVERSING
    counter.script.always.clear()
    ended(counter, attempt)


@every_gateway
def test_a_till_is_switched_off_while_it_shows_a_code(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.show()
    customer_scans(counter, attempt)
    counter.switch_off(timedelta(seconds=30))
    counter.settle()
    assert counter.stored(attempt).state in (PAID, REVERSED, REFUNDED)
    counter.agree()
