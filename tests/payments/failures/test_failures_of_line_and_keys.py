"""A line that is down, a clock that is wrong, keys that change in the middle of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from practice.gateways.mischief import Fault, Kind
from tests.payments.counter import fields_of
from tests.payments.failures.bench import ALL, DATED, Counter

every_gateway = pytest.mark.parametrize("practice", ALL)

SENT, PAID, FAILED = AttemptState.SENT, AttemptState.PAID, AttemptState.FAILED
REVERSING, REVERSED, REFUNDED = AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED
TEN_MINUTES = timedelta(minutes=10)


# --- the line ---


@every_gateway
def test_the_line_is_down_before_and_back_at_once(practice: str) -> None:
    """Not a byte left: one question says so, and the customer may scan again."""
    counter = Counter(practice)
    counter.wired.sender.is_down = True
    attempt = counter.scan()
    assert attempt.state is SENT
    counter.wired.sender.is_down = False
    assert counter.ask(attempt).state is FAILED
    assert counter.scan(counter.sale_of(attempt)).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
def test_the_line_is_down_before_and_for_an_hour(practice: str) -> None:
    counter = Counter(practice)
    counter.wired.sender.is_down = True
    attempt = counter.scan()
    assert counter.wait(attempt).state is REVERSING
    counter.pass_time(timedelta(hours=1))
    assert counter.stored(attempt).state is REVERSING
    counter.wired.sender.is_down = False
    counter.settle()
    counter.agree()


@every_gateway
@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
@pytest.mark.parametrize("for_how_long", [timedelta(seconds=20), timedelta(hours=1)])
def test_the_line_goes_down_during_a_payment(practice: str, fault: Fault, for_how_long: timedelta) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [fault]
    attempt = counter.scan()
    counter.wired.sender.is_down = True
    counter.pass_time(for_how_long)
    counter.wired.sender.is_down = False
    counter.wait(attempt)
    counter.settle()
    is_in_time = fault is Fault.LOST_AFTER and for_how_long < counter.rules.patience
    assert counter.stored(attempt).state in ((PAID,) if is_in_time else (REVERSED, REFUNDED))
    counter.agree()


@every_gateway
def test_the_line_goes_down_after_a_payment(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.scan()
    counter.wired.sender.is_down = True
    counter.pass_time(timedelta(hours=3))
    assert counter.stored(attempt).state is PAID
    counter.wired.sender.is_down = False
    counter.settle()
    counter.agree()


# --- the clock ---


@every_gateway
@pytest.mark.parametrize("ahead", [TEN_MINUTES, -TEN_MINUTES], ids=["ahead", "behind"])
def test_the_clock_is_off_by_ten_minutes(practice: str, ahead: timedelta) -> None:
    """Those that heed it refuse us without a signature, so nothing is known; the answer's Date says why."""
    counter = Counter(practice)
    counter.sale()
    counter.clock_is_ahead(ahead)
    attempt = counter.scan()
    heeded = practice in DATED
    assert attempt.state is (SENT if heeded else PAID)
    assert counter.wired.gateway.clock_skew_s == ahead.total_seconds()
    counter.wait(attempt)
    counter.pass_time(TEN_MINUTES)
    assert counter.stored(attempt).state is (REVERSING if heeded else PAID)
    assert counter.sale_of(attempt).paid_at is None or not heeded
    counter.clock_is_ahead(timedelta(0))
    counter.settle()
    counter.agree()
    assert counter.scan().state is PAID
    assert counter.wired.gateway.clock_skew_s == 0


# --- the keys ---


def fill_in_anew(counter: Counter, practice: str) -> None:
    """A person looks up the gateway's new certificate."""
    counter.wired.keys.keep(fields_of(practice, counter.wired.teller.setup))
    counter.connect_anew()


ROTATING_BY_THEMSELVES = ("alipay-certificates", "wechat-certificates")


@every_gateway
def test_keys_rotate_in_the_middle_of_a_payment(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.KEY_ROTATED]
    attempt = counter.scan()
    if practice == "lakala":  # its new certificate is filled in by a person
        counter.pass_time(TEN_MINUTES)
        assert counter.stored(attempt).state is REVERSING
        fill_in_anew(counter, practice)
        counter.settle()
        assert counter.stored(attempt).state in (REVERSED, REFUNDED)
    elif practice == "shouqianba":  # refused for its sign, which says nothing about the payment
        assert attempt.state is SENT
        counter.wait(attempt)
        counter.settle()
        assert counter.stored(attempt).state is REVERSED
    else:
        assert attempt.state is PAID
    counter.agree()
    assert counter.scan().state is PAID
    counter.settle()
    counter.agree()


@pytest.mark.parametrize("practice", ["shouqianba", *ROTATING_BY_THEMSELVES])
@pytest.mark.parametrize("kind", [Kind.ASK, Kind.UNDO, Kind.REFUND])
def test_keys_rotate_while_it_is_asked_undone_or_refunded(practice: str, kind: Kind) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    counter.script.next[kind] = [Fault.KEY_ROTATED]
    attempt = counter.scan()
    if kind is Kind.UNDO:
        counter.stop(attempt)
    elif kind is Kind.REFUND:
        assert counter.ask(attempt).state is PAID
        counter.give_back(attempt)
    counter.settle()
    assert counter.stored(attempt).state in ((REVERSED, REFUNDED) if kind is Kind.UNDO else (PAID,))
    counter.agree()
    assert counter.scan().state is PAID


@pytest.mark.parametrize("practice", ROTATING_BY_THEMSELVES)
def test_the_new_certificate_cannot_be_fetched_at_once(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.KEY_ROTATED]
    counter.script.next[Kind.BEGIN_DAY] = [Fault.LOST_BEFORE, Fault.ERROR_500_BEFORE]
    attempt = counter.scan()
    assert attempt.state is SENT
    assert counter.wait(attempt).state is PAID
    counter.settle()
    counter.agree()


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.ERROR_500_AFTER])
def test_the_answer_to_the_days_check_in_is_lost(fault: Fault) -> None:
    """The old key and the new one are both good until the new one has signed."""
    counter = Counter("shouqianba")
    counter.scan()
    counter.script.next[Kind.BEGIN_DAY] = [fault]
    counter.switch_off(timedelta(days=1))
    counter.fake.shop.begin_day()
    assert counter.scan().state is PAID
    counter.settle()
    counter.agree()


def test_a_terminal_whose_code_still_holds_activates_itself_again() -> None:
    """As when two lanes activated it at once, and the key that was kept is not the last one."""
    counter = Counter("shouqianba")
    counter.wired.keys.keep({"terminal_key": "0" * 32, "previous_key": ""})
    attempt = counter.scan()
    assert attempt.state is SENT
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, FAILED)
    counter.agree()
    assert counter.scan().state is PAID


def test_a_terminal_that_is_not_known_any_more() -> None:
    """A person activates it again; what was sent meanwhile is undone then."""
    counter = Counter("shouqianba")
    good = counter.wired.keys.read()
    counter.wired.keys.keep({"terminal_key": "0" * 32, "previous_key": "", "activation_code": "used up"})
    attempt = counter.scan()
    assert attempt.state is SENT
    counter.pass_time(TEN_MINUTES)
    assert counter.stored(attempt).state is REVERSING
    assert counter.fake.shop.begin_day() == (("shouqianba", "ILLEGAL_SIGN"),)
    counter.wired.keys.keep(good)
    counter.connect_anew()
    counter.settle()
    assert counter.stored(attempt).state is REVERSED
    counter.agree()
    assert counter.scan().state is PAID
