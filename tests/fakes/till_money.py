"""Attempts and refunds to begin a test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import Way
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import Wallet
from pos_app.domain.refund import Refund, RefundState
from tests.fakes.till_gateway import PATIENCE

SENT_AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Beijing
NUMBER = "0T12611220001ABCD"


def sent_attempt(**changes: Any) -> Attempt:
    """100.00 from a WeChat code, on disk and perhaps under way; `changes` replaces fields of it."""
    attempt = Attempt(
        NUMBER, "sale-1", "fake", Way.SCANNED, Wallet.WECHAT, Money(10_000), AttemptState.SENT, SENT_AT,
        deadline=SENT_AT + PATIENCE, next_at=SENT_AT,
    )  # fmt: skip
    return replace(attempt, **changes)


def asked_refund(**changes: Any) -> Refund:
    """20.00 of that attempt's sale on their way back; `changes` replaces fields of it."""
    order = sent_attempt(state=AttemptState.PAID).order
    refund = Refund(
        f"{NUMBER}R01", "sale-1", "line-1", Tender.WECHAT, Money(2_000), SENT_AT, date(2026, 11, 22), "shift-1",
        RefundState.ASKED, "fake", order, order.amount, next_at=SENT_AT,
    )  # fmt: skip
    return replace(refund, **changes)
