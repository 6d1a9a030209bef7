"""Follow attempts and refunds to their certain end: at the counter, in the background, and after a restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import GatewaySetupWrong, GatewayUnknown, Unreachable
from pos_app.domain.gateway import (
    Answer,
    GatewayRules,
    Order,
    RefundAnswer,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
)
from pos_app.domain.refund import Refund
from pos_app.flows.payments import KeepStep, Taking, taking
from pos_app.ports.books import OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway, Gateways

T = TypeVar("T")

# The counter asks for its own payment when it is due; who waits longer than this has nobody at the counter.
NOBODY_ASKS_AFTER = timedelta(seconds=2)
MOST_AT_ONCE = 20
NOBODY_SPEAKS_TO_IT = timedelta(minutes=30)


@dataclass(frozen=True)
class FollowPayment:
    """One step of one attempt: ask, or undo and ask. A second charge is not among the steps."""

    open_to_read: OpenToRead
    clock: Clock
    keep: KeepStep
    gateways: Gateways

    def __call__(self, number: str) -> Taking:
        """How it stands after the step. GatewayUnknown when that gateway is not set up any more."""
        with self.open_to_read() as books:
            known = taking(books, number)
        attempt = known.attempt
        gateway = self.gateways.named(attempt.gateway)
        if attempt.state is AttemptState.SENT:
            return self._ask(gateway, attempt)
        if attempt.state is AttemptState.REVERSING:
            return self._undo(gateway, attempt)
        if attempt.state is AttemptState.REVERSED and attempt.next_at is not None:
            answer = asked(gateway, attempt)
            return self.keep(attempt, lambda stored, now: stored.watched(answer, now))
        return known

    def _ask(self, gateway: Gateway, attempt: Attempt) -> Taking:
        answer = asked(gateway, attempt)
        if answer is None:
            return self.keep(attempt, lambda stored, now: stored.no_answer(now))
        return self.keep(attempt, lambda stored, now: stored.heard(answer, now))

    def _undo(self, gateway: Gateway, attempt: Attempt) -> Taking:
        rules = gateway.rules
        said, answer = undone(gateway, attempt, rules, self.clock.now())
        undo_from = attempt.sent_at + rules.undo_after
        return self.keep(attempt, lambda stored, now: stored.heard_undone(said, answer, now, undo_from))


def undone(
    gateway: Gateway, attempt: Attempt, rules: GatewayRules, now: datetime
) -> tuple[Undoing | None, Answer | None]:
    """One try to undo the order, by a refund where the time for undoing is over; then how it stands."""
    said: Undoing | None = None
    if attempt.must_refund(now, rules):
        said = Undoing.TOO_LATE
    elif attempt.may_undo(now, rules):
        said = _or_silence(lambda: gateway.undo(attempt.order))
    answer = asked(gateway, attempt)
    if said is not Undoing.TOO_LATE or answer is None:
        return said, answer
    if answer.standing in (Standing.WAITING, Standing.PROCESSING):
        return _or_silence(
            lambda: gateway.undo(attempt.order)
        ), answer  # late or not: nobody shall pay it any more
    if answer.standing is not Standing.PAID:
        return Undoing.DONE, answer  # nothing there to give back
    whole = RefundOrder(attempt.refund_number, attempt.amount, attempt.amount, "undone")
    given = refunded(gateway, attempt.order, whole)
    if given is not None and given.standing is RefundStanding.DONE:
        return said, Answer(Standing.REFUNDED, given.reason)
    return said, answer


def asked(gateway: Gateway, attempt: Attempt) -> Answer | None:
    """What the gateway says of the order; None for silence."""
    return _or_silence(lambda: gateway.ask(attempt.order))


def refunded(gateway: Gateway, order: Order, refund: RefundOrder) -> RefundAnswer | None:
    """What the gateway says when asked for this refund, again or for the first time; None for silence."""
    return _or_silence(lambda: gateway.refund(order, refund))


def _or_silence(call: Callable[[], T]) -> T | None:
    """What the gateway says; no usable answer, or none as we are set up, is None: nothing is known."""
    try:
        return call()
    except (Unreachable, GatewaySetupWrong):
        return None


@dataclass(frozen=True)
class FollowRefund:
    """Ask once more for a refund, under the number it always had."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    gateways: Gateways

    def __call__(self, number: str) -> Refund:
        with self.open_to_read() as books:
            refund = books.refunds.get(number)
        if refund.order is None or refund.next_at is None:
            return refund
        gateway = self.gateways.named(refund.gateway)
        answer = self._answer(gateway, refund.order, refund)
        with self.open_books() as books:
            stored = books.refunds.get(number)
            after = stored.heard(answer, self.clock.now())
            if after != stored:
                books.refunds.put(after)
                if after.state is not stored.state:
                    body = {"number": number, "sale_id": refund.sale_id, "state": after.state.value}
                    books.ledger.append("refund_done", self.clock.now(), refund.business_date, body)
                books.commit()
        return after

    def _answer(self, gateway: Gateway, order: Order, refund: Refund) -> RefundAnswer | None:
        """One that was asked for before is asked about first; said again is what never arrived, or was refused."""
        if refund.tries:
            told = _or_silence(lambda: gateway.ask_refund(order, refund.refund_order))
            if told is None or told.standing not in (RefundStanding.ABSENT, RefundStanding.FAILED):
                return told
        return refunded(gateway, order, refund.refund_order)


@dataclass(frozen=True)
class FollowAll:
    """Every payment and refund whose step is due and that nobody at the counter asks for; one that fails holds up none."""

    open_to_read: OpenToRead
    clock: Clock
    follow_payment: FollowPayment
    follow_refund: FollowRefund

    def __call__(self) -> tuple[Taking, ...]:
        """What became of the attempts that were followed."""
        now = self.clock.now()
        with self.open_to_read() as books:
            attempts = books.attempts.due(now - NOBODY_ASKS_AFTER, MOST_AT_ONCE)
            refunds = books.refunds.due(now, MOST_AT_ONCE)
        followed = []
        for attempt in attempts:
            try:
                followed.append(self.follow_payment(attempt.number))
            except GatewayUnknown:
                self._put_off(attempt)
        for refund in refunds:
            try:
                self.follow_refund(refund.number)
            except GatewayUnknown:
                continue
        return tuple(followed)

    def _put_off(self, attempt: Attempt) -> None:
        """Nobody here speaks to its gateway; it stays in the attention list and stands in no other one's way."""
        self.follow_payment.keep(
            attempt, lambda stored, now: replace(stored, next_at=now + NOBODY_SPEAKS_TO_IT)
        )
