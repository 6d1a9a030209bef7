"""Money on its way back to a customer: by the way it came, never more than was paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from pos_app.domain.errors import RefundTooHigh
from pos_app.domain.gateway import Order, RefundAnswer, RefundOrder, RefundStanding
from pos_app.domain.money import Money
from pos_app.domain.outbox import wait_before
from pos_app.domain.payment import Payment, Tender

_AFTER_A_NO = timedelta(minutes=30)


class RefundState(StrEnum):
    ASKED = (
        "asked"  # on disk before the gateway heard of it; asked again under the same number until it is done
    )
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a line's price that goes back; `number` is ours for ever, also at the gateway.

    `order` and `paid` (its whole amount) name the payment it came from; None for cash, which is handed over at once.
    `refusal` is the gateway's code when it said a definite no: people see it, and it is asked again later.
    """

    number: str
    sale_id: str
    line_id: str
    tender: Tender
    amount: Money
    at: datetime
    business_date: date
    shift_id: str
    state: RefundState
    gateway: str = ""
    order: Order | None = None
    paid: Money | None = None
    reason: str = ""
    refusal: str = ""
    next_at: datetime | None = None
    tries: int = field(default=0)

    @property
    def way(self) -> str:
        """The key of the payment it came from, as `way_of` has it."""
        return self.order.number if self.order else self.tender.value

    @property
    def refund_order(self) -> RefundOrder:
        """As the gateway is to hear it."""
        return RefundOrder(self.number, self.amount, self.paid or self.amount, self.reason)

    def heard(self, answer: RefundAnswer | None, now: datetime) -> Refund:
        """What the gateway said; None for silence. A definite no is not the end: tomorrow there may be money (I4)."""
        if self.state is RefundState.DONE:
            return self
        if answer is not None and answer.standing is RefundStanding.DONE:
            return replace(self, state=RefundState.DONE, refusal="", next_at=None)
        tries = self.tries + 1
        is_no = answer is not None and answer.standing is RefundStanding.FAILED
        wait = _AFTER_A_NO if is_no else wait_before(tries)
        refusal = answer.reason if answer is not None and is_no else self.refusal
        return replace(self, tries=tries, refusal=refusal, next_at=now + wait)


def way_of(payment: Payment) -> str:
    """What tells a sale's payments apart: the order at a gateway, and all cash as one."""
    return payment.tender.value if payment.tender is Tender.CASH else payment.reference or ""


def ways_back(
    payments: Iterable[Payment], refunds: Iterable[Refund], amount: Money
) -> tuple[tuple[Payment, Money], ...]:
    """How `amount` goes back: the last electronic payment first, cash last; RefundTooHigh when too little is left."""
    given: dict[str, int] = {}
    for refund in refunds:
        given[refund.way] = given.get(refund.way, 0) + refund.amount.minor
    ways, wanted = [], amount.minor
    newest_first = reversed(list(payments))
    for payment in sorted(newest_first, key=lambda each: each.tender is Tender.CASH):
        left = min(wanted, payment.amount.minor - given.get(way_of(payment), 0))
        if left > 0:
            ways.append((payment, Money(left, amount.currency)))
            wanted -= left
    if wanted:
        raise RefundTooHigh(most=Money(amount.minor - wanted, amount.currency), asked=amount)
    return tuple(ways)
