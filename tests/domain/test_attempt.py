"""An attempt goes one way: asked, then certain; and when nobody can be certain in time, undone until it is."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.attempt import (
    ATTEMPT_MOVES,
    TENDERS,
    Attempt,
    AttemptState,
    is_other_tills,
    order_number,
    refund_number,
)
from pos_app.domain.errors import WrongState
from pos_app.domain.gateway import Answer, GatewayRules, Standing, Undoing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.payment_code import Wallet
from tests.fakes.till_gateway import PATIENCE, RULES
from tests.fakes.till_money import NUMBER, SENT_AT, sent_attempt

S = timedelta(seconds=1)
PAID, ABSENT = Answer(Standing.PAID, "OK", "G1"), Answer(Standing.ABSENT)
UNDONE = (Standing.CLOSED, Standing.FAILED)


def reversing(**changes: object) -> Attempt:
    return sent_attempt(**changes).give_up(SENT_AT)


def reversed_and_watched(**changes: object) -> Attempt:
    once = reversing(**changes).heard_undone(Undoing.DONE, ABSENT, SENT_AT, SENT_AT)
    return once.heard_undone(Undoing.DONE, ABSENT, SENT_AT, SENT_AT)


def in_state(state: AttemptState) -> Attempt:
    return {
        AttemptState.SENT: sent_attempt(),
        AttemptState.PAID: sent_attempt().heard(PAID, SENT_AT),
        AttemptState.FAILED: sent_attempt().heard(Answer(Standing.FAILED), SENT_AT),
        AttemptState.REVERSING: reversing(),
        AttemptState.REVERSED: reversed_and_watched(),
        AttemptState.REFUNDED: reversing().heard_undone(None, Answer(Standing.REFUNDED), SENT_AT, SENT_AT),
    }[state]


def step(attempt: Attempt, name: str) -> Attempt:
    return {
        "heard": lambda: attempt.heard(PAID, SENT_AT),
        "no_answer": lambda: attempt.no_answer(SENT_AT),
        "give_up": lambda: attempt.give_up(SENT_AT),
        "heard_undone": lambda: attempt.heard_undone(None, None, SENT_AT, SENT_AT),
        "watched": lambda: attempt.watched(ABSENT, SENT_AT),
    }[name]()


ALLOWED = {
    ("sent", "heard"), ("sent", "no_answer"), ("sent", "give_up"), ("paid", "give_up"), ("failed", "give_up"),
    ("reversing", "heard_undone"), ("reversed", "watched"), ("reversed", "give_up"),
}  # fmt: skip


@pytest.mark.parametrize("state", list(AttemptState))
@pytest.mark.parametrize("name", ["heard", "no_answer", "give_up", "heard_undone", "watched"])
def test_each_state_takes_its_own_steps_and_no_other(state: AttemptState, name: str) -> None:
    attempt = in_state(state)
    assert attempt.state is state
    if (state.value, name) in ALLOWED:
        after = step(attempt, name).state
        assert after is state or after in ATTEMPT_MOVES[state]
    else:
        with pytest.raises(WrongState) as refused:
            step(attempt, name)
        assert refused.value.sale_id == "sale-1"


def test_from_reversing_no_road_leads_to_paid() -> None:
    reached: set[AttemptState] = set()
    ahead = {AttemptState.REVERSING}
    while ahead - reached:
        reached |= ahead
        ahead = set().union(*(ATTEMPT_MOVES[state] for state in reached))
    assert AttemptState.PAID not in reached


# --- while it is being paid ---


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing.PAID, AttemptState.PAID),
        (Standing.FAILED, AttemptState.FAILED),
        (Standing.CLOSED, AttemptState.FAILED),
        (Standing.REFUNDED, AttemptState.REVERSING),
        (Standing.BROKEN, AttemptState.REVERSING),
        (Standing.WAITING, AttemptState.SENT),
        (Standing.PROCESSING, AttemptState.SENT),
        (Standing.ABSENT, AttemptState.SENT),
    ],
)
def test_what_the_gateway_says_of_a_payment(standing: Standing, state: AttemptState) -> None:
    after = sent_attempt().heard(Answer(standing, "WHY", "G1"), SENT_AT)
    assert (after.state, after.standing, after.reason, after.gateway_number) == (state, standing, "WHY", "G1")
    assert after.is_live is (state in (AttemptState.SENT, AttemptState.REVERSING))
    if not after.is_live:
        assert (after.ended_at, after.next_at) == (SENT_AT, None)


def test_an_order_that_never_left_has_failed_when_it_is_not_there() -> None:
    """Only then: an order that may be under way is not there yet."""
    silent = sent_attempt().no_answer(SENT_AT, was_sent=False)
    assert silent.next_at == SENT_AT  # asked at once
    assert silent.heard(ABSENT, SENT_AT).state is AttemptState.FAILED
    assert silent.heard(PAID, SENT_AT).state is AttemptState.PAID
    assert silent.no_answer(SENT_AT).heard(ABSENT, SENT_AT).state is AttemptState.FAILED
    maybe = sent_attempt().no_answer(SENT_AT, was_sent=True)
    assert maybe.heard(ABSENT, SENT_AT).state is AttemptState.SENT
    # A later question that did not leave says nothing of the order.
    assert maybe.no_answer(SENT_AT, was_sent=False).heard(ABSENT, SENT_AT).state is AttemptState.SENT


def test_a_wallet_that_the_gateway_names_counts() -> None:
    paid = sent_attempt().heard(Answer(Standing.PAID, wallet=Wallet.UNIONPAY), SENT_AT)
    assert paid.payment.tender is Tender.UNIONPAY
    assert sent_attempt().heard(PAID, SENT_AT).payment.tender is Tender.WECHAT
    assert set(TENDERS) == set(Wallet)


def test_a_paid_attempt_brings_its_amount_and_only_then() -> None:
    nothing = Money(0)
    assert in_state(AttemptState.PAID).payment == Payment(
        Tender.WECHAT, Money(10_000), Money(10_000), nothing, NUMBER
    )
    for state in set(AttemptState) - {AttemptState.PAID}:
        with pytest.raises(WrongState):
            _ = in_state(state).payment


def test_the_number_of_the_gateway_is_not_forgotten() -> None:
    named = sent_attempt().heard(Answer(Standing.WAITING, gateway_number="G1"), SENT_AT)
    again = named.heard(Answer(Standing.WAITING), SENT_AT)
    assert again.gateway_number == again.order.gateway_number == "G1"
    assert (again.order.number, again.order.amount, again.order.sent_at) == (NUMBER, Money(10_000), SENT_AT)


def test_looks_come_every_three_seconds_and_slower_after_silence() -> None:
    now = SENT_AT
    silent = sent_attempt().no_answer(now)
    assert silent.next_at == now + 5 * S
    assert silent.no_answer(now).next_at == now + 5 * S
    waiting = silent.heard(Answer(Standing.WAITING), now)
    assert waiting.next_at == now + 3 * S
    assert not waiting.is_due(now + 2 * S)
    assert waiting.is_due(now + 3 * S)
    assert not in_state(AttemptState.PAID).is_due(now + timedelta(days=9))


@pytest.mark.parametrize("is_silent", [False, True])
def test_patience_ends_with_a_last_look_and_then_it_is_undone_at_once(is_silent: bool) -> None:
    def look(attempt: Attempt, now: object) -> Attempt:
        if is_silent:
            return attempt.no_answer(now)  # type: ignore[arg-type]
        return attempt.heard(Answer(Standing.WAITING), now)  # type: ignore[arg-type]

    deadline = SENT_AT + PATIENCE
    before = look(sent_attempt(tries=4), deadline - S)
    assert (before.state, before.next_at) == (AttemptState.SENT, deadline)
    after = look(before, deadline)
    assert (after.state, after.next_at, after.reversing_at) == (AttemptState.REVERSING, deadline, deadline)
    assert before.heard(PAID, deadline + S).state is AttemptState.PAID  # the last look may still find it paid


def test_a_countdown_rounds_up_and_ends_at_nought() -> None:
    attempt = sent_attempt()
    assert attempt.seconds_left(SENT_AT) == 60
    assert attempt.seconds_left(SENT_AT + 0.001 * S) == 60
    assert attempt.seconds_left(SENT_AT + 59.999 * S) == 1
    assert attempt.seconds_left(SENT_AT + 60 * S) == attempt.seconds_left(SENT_AT + 61 * S) == 0


def test_a_code_of_the_shop_is_looked_at_from_when_it_is_shown() -> None:
    shown = sent_attempt(way=Way.SHOWN).shown("https://pay.example/1", SENT_AT)
    assert (shown.qr, shown.next_at) == ("https://pay.example/1", SENT_AT + 3 * S)
    assert "pay.example" not in repr(shown)


# --- while it is undone ---


@pytest.mark.parametrize("said", [Undoing.DONE, Undoing.BUSY, Undoing.TOO_LATE, None])
@pytest.mark.parametrize("standing", [*Standing, None])
def test_what_is_heard_after_undoing(said: Undoing | None, standing: Standing | None) -> None:
    """Closed or refused is undone, refunded is refunded; gone wrong is shut by one undoing; else it is undone again."""
    answer = None if standing is None else Answer(standing)
    after = reversing().heard_undone(said, answer, SENT_AT, SENT_AT)
    if standing is Standing.REFUNDED:
        assert (after.state, after.next_at) == (AttemptState.REFUNDED, None)
    elif standing in UNDONE or (standing is Standing.BROKEN and said is Undoing.DONE):
        assert (after.state, after.next_at, after.ended_at) == (AttemptState.REVERSED, None, SENT_AT)
    else:
        assert (after.state, after.tries) == (AttemptState.REVERSING, 1)
        assert after.next_at == SENT_AT + 3 * S
        assert after.undone == int(said is Undoing.DONE)


def test_undoing_is_tried_at_its_times_and_then_every_five_minutes() -> None:
    attempt, now, seen = reversing(), SENT_AT, []
    for _ in range(9):
        attempt = attempt.heard_undone(None, None, now, SENT_AT)
        assert attempt.next_at is not None
        now = attempt.next_at
        seen.append((now - SENT_AT) // S)
    assert seen == [3, 5, 10, 20, 30, 60, 360, 660, 960]


def test_tries_that_took_long_do_not_pile_up() -> None:
    late = SENT_AT + 45 * S
    assert reversing().heard_undone(None, None, late, SENT_AT).next_at == late + 2 * S


def test_a_gateway_that_may_not_be_asked_yet_is_asked_when_it_may() -> None:
    rules = GatewayRules(frozenset(Wallet), undo_after=15 * S)
    attempt, undo_from = reversing(), SENT_AT + 15 * S
    assert not attempt.may_undo(undo_from - S, rules)
    assert attempt.may_undo(undo_from, rules)
    assert sent_attempt().may_undo(SENT_AT, RULES)
    now, seen = SENT_AT, []
    for _ in range(4):
        attempt = attempt.heard_undone(None, ABSENT, now, undo_from)
        assert attempt.next_at is not None
        now = attempt.next_at
        seen.append((now - SENT_AT) // S)
    assert seen == [3, 5, 10, 15]


def test_after_its_window_an_order_is_refunded() -> None:
    assert not sent_attempt().must_refund(SENT_AT + timedelta(hours=23), RULES)
    assert sent_attempt().must_refund(SENT_AT + timedelta(hours=24), RULES)
    same_day = GatewayRules(frozenset(Wallet), undo_same_day=True)
    assert not sent_attempt().must_refund(SENT_AT + timedelta(hours=11, minutes=59), same_day)
    assert sent_attempt().must_refund(SENT_AT + timedelta(hours=12), same_day)  # midnight in Beijing


def test_absent_is_believed_after_two_undoings_and_then_watched() -> None:
    once = reversing().heard_undone(Undoing.DONE, ABSENT, SENT_AT, SENT_AT)
    assert (once.state, once.undone) == (AttemptState.REVERSING, 1)
    not_undone = once.heard_undone(Undoing.BUSY, ABSENT, SENT_AT, SENT_AT)
    assert (not_undone.state, not_undone.undone) == (AttemptState.REVERSING, 1)
    twice = not_undone.heard_undone(Undoing.DONE, ABSENT, SENT_AT, SENT_AT)
    assert (twice.state, twice.next_at) == (AttemptState.REVERSED, SENT_AT + timedelta(minutes=1))
    assert not twice.is_live


# --- afterwards ---


def test_the_watch_looks_four_times_and_ends() -> None:
    attempt, seen = reversed_and_watched(), []
    while attempt.next_at is not None:
        seen.append(attempt.next_at - SENT_AT)
        attempt = attempt.watched(ABSENT, attempt.next_at)
    assert seen == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24)]
    assert attempt.state is AttemptState.REVERSED


def test_a_look_that_was_missed_is_made_once_and_the_last_one_always() -> None:
    """A till that was off for a week looks once, and is done."""
    week = SENT_AT + timedelta(days=7)
    assert reversed_and_watched().is_due(week)
    assert reversed_and_watched().watched(ABSENT, week).next_at is None


def test_silence_is_no_look() -> None:
    later = SENT_AT + timedelta(hours=24)
    assert reversed_and_watched().watched(None, later).next_at == later + 5 * S


@pytest.mark.parametrize("standing", [Standing.PAID, Standing.WAITING, Standing.PROCESSING])
def test_what_turns_up_after_all_is_undone_again(standing: Standing) -> None:
    now = SENT_AT + timedelta(minutes=1)
    again = reversed_and_watched().watched(Answer(standing), now)
    assert (again.state, again.next_at, again.undone, again.tries) == (AttemptState.REVERSING, now, 0, 0)
    assert (again.ended_at, again.reversing_at) == (None, now)
    # It needs two undoings again before an absence is believed.
    assert again.heard_undone(Undoing.DONE, ABSENT, now, now).state is AttemptState.REVERSING


@pytest.mark.parametrize("standing", [Standing.CLOSED, Standing.FAILED, Standing.REFUNDED])
def test_what_is_known_to_be_dead_is_watched_no_more(standing: Standing) -> None:
    after = reversed_and_watched().watched(Answer(standing), SENT_AT + timedelta(minutes=1))
    assert (after.state, after.next_at, after.standing) == (AttemptState.REVERSED, None, standing)


def test_a_code_that_was_shown_is_looked_at_until_it_has_run_out() -> None:
    """Somebody may have photographed it."""
    attempt, seen = reversed_and_watched(way=Way.SHOWN), []
    assert attempt.next_at is not None
    while attempt.next_at is not None:
        seen.append((attempt.next_at - SENT_AT) // S)
        attempt = attempt.watched(ABSENT, attempt.next_at)
    assert seen == [15, 30, 45, 60, 300, 1800, 86_400]


# --- numbers ---


@given(
    st.text(max_size=8),
    st.integers(min_value=0, max_value=36**4 - 1),
    st.integers(min_value=0, max_value=36**4 - 1),
)
def test_an_order_number_is_17_letters_and_digits(till_code: str, counter: int, chance: int) -> None:
    number = order_number(till_code, "261122", counter, chance)
    assert len(number) == 17
    assert number.isascii() and number.isalnum() and number == number.upper()  # noqa: PT018  # one alphabet
    assert len(refund_number(number, 1)) == 20


def test_an_order_number_tells_its_till() -> None:
    number = order_number("T1", "261122", 7, 8)
    assert not is_other_tills(number, "T1")
    assert is_other_tills(number, "T2")
    assert is_other_tills(order_number("T100", "261122", 7, 8), "T101")
    # what no till of ours made is everybody's business
    assert not is_other_tills("WEBSHOP-20261122-1", "T1")


def test_order_numbers_of_a_till_differ() -> None:
    counted = (0, 1, 35, 36, 1295, 1296, 46_655, 46_656, 36**4 - 1)
    numbers = {order_number("T1", "261122", *pair) for pair in itertools.product(counted, counted)}
    assert len(numbers) == len(counted) ** 2
    assert order_number("T1", "261122", 1, 36) == "0T126112200010010"
    assert order_number("a-b\u00e9c9", "261122", 0, 0)[:3] == "BC9"


def test_a_refund_number_says_whose_it_is() -> None:
    assert sent_attempt().refund_number == f"{NUMBER}R00"
    assert [refund_number("X", count) for count in (1, 35, 36)] == ["XR01", "XR0Z", "XR10"]
