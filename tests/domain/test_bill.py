"""The day after: whatever a bill and the books do not agree on is found, once, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.bill import (
    BillFinding,
    Difference,
    day_in_beijing,
    days_due,
    match_bill,
    missing_there,
)
from pos_app.domain.gateway import Bill, BillKind, BillLine
from pos_app.domain.money import Money
from tests.fakes.till_money import NUMBER, SENT_AT, asked_refund, sent_attempt

DAY = date(2026, 11, 22)
TEN_IN_BEIJING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def paid_line(minor: int = 10_000, number: str = NUMBER) -> BillLine:
    return BillLine(BillKind.PAID, number, Money(minor))


def refund_line(refund_number: str, number: str = NUMBER) -> BillLine:
    return BillLine(BillKind.REFUND, number, Money(2_000), refund_number=refund_number)


def found(line: BillLine, state: AttemptState | None, *refunds: str) -> list[tuple[Difference, int | None]]:
    """What is odd about `line` when the books have the attempt in `state` and those refunds."""
    attempts = {} if state is None else {NUMBER: sent_attempt(state=state)}
    known = {number: asked_refund(number=number) for number in refunds}
    findings = match_bill("fake", Bill(DAY, (line,), b""), attempts, known)
    assert all((each.gateway, each.day, each.number) == ("fake", DAY, line.number) for each in findings)
    assert all(each.sale_id == (None if state is None else "sale-1") for each in findings)
    return [(each.kind, None if each.here is None else each.here.minor) for each in findings]


@pytest.mark.parametrize("state", [AttemptState.PAID, AttemptState.SENT, AttemptState.REVERSING])
def test_a_payment_that_is_ours_or_on_its_way_to_be_certain_is_no_difference(state: AttemptState) -> None:
    assert found(paid_line(), state) == []


def test_a_payment_that_went_back_is_no_difference() -> None:
    assert found(paid_line(), AttemptState.REFUNDED) == []


@pytest.mark.parametrize("state", [AttemptState.FAILED, AttemptState.REVERSED])
def test_paid_there_and_not_here(state: AttemptState) -> None:
    assert found(paid_line(), state) == [(Difference.NOT_PAID_HERE, 0)]


def test_paid_there_and_never_heard_of() -> None:
    assert found(paid_line(), None) == [(Difference.UNKNOWN_ORDER, None)]


@pytest.mark.parametrize("state", list(AttemptState))
def test_another_sum_is_a_difference_whatever_became_of_it(state: AttemptState) -> None:
    assert found(paid_line(9_999), state) == [(Difference.AMOUNT, 10_000)]


def test_a_refund_that_we_asked_for() -> None:
    assert found(refund_line(f"{NUMBER}R01"), AttemptState.PAID, f"{NUMBER}R01") == []
    assert found(refund_line(f"{NUMBER}R00"), AttemptState.PAID) == []  # all of it, in the place of undoing


def test_a_refund_that_we_did_not_ask_for() -> None:
    odd = [(Difference.UNKNOWN_REFUND, None)]
    assert found(refund_line(f"{NUMBER}R02"), AttemptState.PAID, f"{NUMBER}R01") == odd
    assert found(refund_line("theirs"), AttemptState.FAILED) == odd
    assert found(refund_line("theirs"), None) == odd


@pytest.mark.parametrize("state", [AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED])
def test_undoing_shows_as_a_refund_under_a_number_of_theirs(state: AttemptState) -> None:
    assert found(refund_line("theirs"), state) == []


def test_the_same_difference_has_the_same_key_on_every_day() -> None:
    first = BillFinding(Difference.UNKNOWN_ORDER, "fake", DAY, NUMBER, None, Money(1))
    second = BillFinding(Difference.UNKNOWN_ORDER, "fake", DAY + timedelta(days=1), NUMBER, None, Money(1))
    assert first.key == second.key == f"fake:unknown_order:{NUMBER}"


def test_paid_here_and_in_no_bill() -> None:
    ours = sent_attempt(state=AttemptState.PAID, ended_at=SENT_AT)
    others = (
        sent_attempt(number="A", gateway="other", state=AttemptState.PAID, ended_at=SENT_AT),
        sent_attempt(number="B", state=AttemptState.REVERSED, ended_at=SENT_AT),
        sent_attempt(number="C", state=AttemptState.PAID, ended_at=SENT_AT + timedelta(hours=12)),
        sent_attempt(number="D", state=AttemptState.PAID, ended_at=SENT_AT),
        sent_attempt(number="E"),
        sent_attempt(number="F", state=AttemptState.PAID),
    )
    (finding,) = missing_there("fake", DAY, (ours, *others), frozenset({"D"}))
    assert (finding.kind, finding.number, finding.here, finding.there, finding.sale_id) == (
        Difference.MISSING_THERE,
        NUMBER,
        Money(10_000),
        None,
        "sale-1",
    )


# --- which bills are due ---


def test_a_day_ends_in_beijing() -> None:
    assert day_in_beijing(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == DAY
    assert day_in_beijing(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == DAY + timedelta(days=1)


def test_a_bill_is_due_the_next_morning_at_ten() -> None:
    assert days_due(TEN_IN_BEIJING - timedelta(seconds=1), DAY, ()) == ()
    assert days_due(TEN_IN_BEIJING, DAY, ()) == (DAY,)
    assert days_due(TEN_IN_BEIJING, DAY, (DAY,)) == ()
    assert days_due(TEN_IN_BEIJING, DAY + timedelta(days=1), ()) == ()


def test_a_till_that_was_off_fetches_a_week_oldest_first() -> None:
    days = days_due(TEN_IN_BEIJING, DAY - timedelta(days=30), (DAY - timedelta(days=2),))
    assert days == tuple(DAY - timedelta(days=back) for back in (6, 5, 4, 3, 1, 0))


def test_what_was_undone_after_it_was_paid_is_no_difference() -> None:
    """A reversal of a paid order stands in the bill as paid and given back, under the same number."""
    undone = {NUMBER: sent_attempt(state=AttemptState.REVERSED)}
    back = BillLine(BillKind.REFUND, NUMBER, Money(10_000), refund_number="theirs")
    assert match_bill("fake", Bill(DAY, (paid_line(), back), b""), undone, {}) == ()
    part = BillLine(BillKind.REFUND, NUMBER, Money(9_999), refund_number="theirs")
    (finding,) = match_bill("fake", Bill(DAY, (paid_line(), part), b""), undone, {})
    assert finding.kind is Difference.NOT_PAID_HERE
