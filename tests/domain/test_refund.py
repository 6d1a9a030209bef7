"""Money goes back by the way it came, never more than came, and is asked for until it has gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import RefundTooHigh
from pos_app.domain.gateway import RefundAnswer, RefundOrder, RefundStanding
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.refund import Refund, RefundState, ways_back
from tests.fakes.till_money import NUMBER, SENT_AT, asked_refund


def by(tender: Tender, minor: int, reference: str | None = None) -> Payment:
    return Payment(tender, Money(minor), Money(minor), Money(0), reference)


def refund_of(payment: Payment, minor: int) -> Refund:
    refund = asked_refund(tender=payment.tender, amount=Money(minor))
    if payment.reference is None:
        return replace(refund, order=None, paid=None)
    assert refund.order is not None
    return replace(refund, order=replace(refund.order, number=payment.reference))


def ways(payments: list[Payment], refunds: list[Refund], minor: int) -> list[tuple[str, int]]:
    return [
        (payment.reference or payment.tender.value, part.minor)
        for payment, part in ways_back(payments, refunds, Money(minor))
    ]


# --- asked until it is done ---


def test_the_gateway_hears_the_same_request_every_time() -> None:
    refund = asked_refund(reason="broken")
    expected = RefundOrder(f"{NUMBER}R01", Money(2_000), Money(10_000), "broken")
    assert refund.refund_order == refund.heard(None, SENT_AT).refund_order == expected
    assert replace(refund, paid=None).refund_order.paid == Money(2_000)


def test_done_is_the_end() -> None:
    done = asked_refund(refusal="NOTENOUGH").heard(RefundAnswer(RefundStanding.DONE), SENT_AT)
    assert (done.state, done.next_at, done.refusal) == (RefundState.DONE, None, "")
    assert done.heard(RefundAnswer(RefundStanding.FAILED, "LATE"), SENT_AT) is done
    assert done.heard(None, SENT_AT) is done


@pytest.mark.parametrize(
    "answer", [None, RefundAnswer(RefundStanding.PROCESSING, "BUSY"), RefundAnswer(RefundStanding.ABSENT)]
)
def test_without_a_clear_word_it_is_asked_again_later_and_later(answer: RefundAnswer | None) -> None:
    refund, waits = asked_refund(refusal="NOTENOUGH"), []
    for _ in range(9):
        refund = refund.heard(answer, SENT_AT)
        assert refund.next_at is not None
        waits.append(int((refund.next_at - SENT_AT).total_seconds()))
    assert waits == [4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert (refund.state, refund.refusal, refund.tries) == (RefundState.ASKED, "NOTENOUGH", 9)


def test_a_definite_no_is_shown_and_asked_again_after_half_an_hour() -> None:
    refused = asked_refund().heard(RefundAnswer(RefundStanding.FAILED, "NOTENOUGH"), SENT_AT)
    assert (refused.state, refused.refusal) == (RefundState.ASKED, "NOTENOUGH")
    assert refused.next_at == SENT_AT + timedelta(minutes=30)
    assert refused.heard(RefundAnswer(RefundStanding.DONE), SENT_AT).refusal == ""


# --- by the way it came ---


def test_the_last_electronic_payment_goes_back_first_and_cash_last() -> None:
    paid = [by(Tender.WECHAT, 3_000, "A"), by(Tender.ALIPAY, 5_000, "B"), by(Tender.CASH, 2_000)]
    assert ways(paid, [], 4_000) == [("B", 4_000)]
    assert ways(paid, [], 5_001) == [("B", 5_000), ("A", 1)]
    assert ways(paid, [], 10_000) == [("B", 5_000), ("A", 3_000), ("cash", 2_000)]


def test_what_went_back_before_is_not_given_twice() -> None:
    wechat, alipay, cash = paid = [
        by(Tender.WECHAT, 3_000, "A"), by(Tender.ALIPAY, 5_000, "B"), by(Tender.CASH, 2_000),
    ]  # fmt: skip
    before = [refund_of(alipay, 4_000), refund_of(alipay, 1_000), refund_of(wechat, 500)]
    assert ways(paid, before, 3_000) == [("A", 2_500), ("cash", 500)]
    assert ways(paid, [*before, refund_of(cash, 1_500)], 3_000) == [("A", 2_500), ("cash", 500)]


def test_two_payments_of_one_wallet_are_told_apart() -> None:
    first, second = paid = [by(Tender.WECHAT, 3_000, "A"), by(Tender.WECHAT, 3_000, "B")]
    assert ways(paid, [refund_of(second, 3_000)], 1_000) == [("A", 1_000)]
    assert ways(paid, [refund_of(first, 3_000)], 1_000) == [("B", 1_000)]


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    paid = [by(Tender.WECHAT, 3_000, "A"), by(Tender.CASH, 2_000)]
    with pytest.raises(RefundTooHigh) as refused:
        ways_back(paid, [refund_of(paid[0], 1_000)], Money(4_001))
    assert (refused.value.most, refused.value.asked) == (Money(4_000), Money(4_001))
    with pytest.raises(RefundTooHigh):
        ways_back([], [], Money(1))


_sums = st.lists(st.integers(min_value=1, max_value=5_000), min_size=1, max_size=4)


@given(_sums, st.integers(min_value=0, max_value=5_000), st.lists(st.integers(1, 4_000), max_size=8))
def test_however_it_is_asked_no_payment_gives_back_more_than_it_was(
    wallets: list[int], cash: int, asked: list[int]
) -> None:
    paid = [by(Tender.WECHAT, minor, f"N{place}") for place, minor in enumerate(wallets)]
    paid += [by(Tender.CASH, cash)] if cash else []
    refunds: list[Refund] = []
    for minor in asked:
        left = sum(wallets) + cash - sum(each.amount.minor for each in refunds)
        if minor > left:
            with pytest.raises(RefundTooHigh):
                ways_back(paid, refunds, Money(minor))
            continue
        parts = ways_back(paid, refunds, Money(minor))
        assert sum(part.minor for _, part in parts) == minor
        refunds += [refund_of(payment, part.minor) for payment, part in parts]
    for payment in paid:
        back = [
            each.amount.minor
            for each in refunds
            if (each.order.number if each.order else None) == payment.reference
        ]
        assert sum(back) <= payment.amount.minor
