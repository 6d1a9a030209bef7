"""Give a customer's money back by the way it came, and write it down first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_app.domain.attempt import refund_number
from pos_app.domain.errors import NotAllowed, ShiftNotOpen, WrongState
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.refund import Refund, RefundState, ways_back
from pos_app.domain.sale import Sale, SaleLine, SaleState
from pos_app.domain.staff import Cashier, Permission, must_say_why
from pos_app.flows.day import now_and_today
from pos_app.flows.sign_receipt import sign_back
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import Books, OpenBooks
from pos_app.ports.clock import Clock


@dataclass(frozen=True)
class GivenBack:
    """What was given back: `cash` is to be handed over now, `electronic` goes back by itself."""

    cash: Money
    electronic: Money

    @property
    def total(self) -> Money:
        return self.cash + self.electronic


@dataclass(frozen=True)
class Giving:
    """Who gives back, who answers for it where that is needed, and why."""

    cashier: Cashier
    authoriser: Cashier | None = None
    reason: str = ""

    def check(self, sale: Sale, line: SaleLine) -> None:
        """WrongState, NotAllowed or ReasonNeeded when this line's money may not go back like this."""
        self.cashier.must_be_allowed(Permission.SELL)
        is_owed = line in sale.refund_lines
        if is_owed and not sale.is_doubtful:
            return
        if not is_owed and (sale.state is not SaleState.DONE or line.kept.minor <= 0):
            raise WrongState(sale_id=sale.id, state=sale.state.value)
        if self.authoriser is None or not self.authoriser.may(Permission.OVERRIDE):
            raise NotAllowed(permission=Permission.OVERRIDE.value)
        must_say_why(self.reason)


@dataclass(frozen=True)
class GiveBack:
    """The price of a line, or a part of it; never more than was taken, by the way it came (I9).

    What failed for good anyone may give back who sells, unless an old copy of the books was put back, and it may have
    gone back already. Anything else needs a supervisor and a reason, and is on the record: a code that was handed over
    is only taken back on that person's word. The anchor is raised before anybody is told to hand over cash: an old
    copy put back would say that it is still owed.
    """

    open_books: OpenBooks
    clock: Clock
    anchor: Anchor
    day_change_hour: int

    def __call__(self, giving: Giving, sale_id: str, line_id: str, amount: Money | None = None) -> GivenBack:
        """All that is left of the line's price without `amount`; RefundTooHigh, and what `Giving.check` says."""
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            sale = books.sales.get(sale_id)
            giving.check(sale, sale.line(line_id))
            part = sale.line(line_id).kept if amount is None else amount
            given = _close_if_last(sale.with_refund(line_id, part))
            books.sales.put(given)
            ways = ways_back(sale.payments, books.refunds.of_sale(sale_id), part)
            refunds = [
                Refund(
                    number=self._number(books, payment),
                    sale_id=sale_id,
                    line_id=line_id,
                    tender=payment.tender,
                    amount=amount,
                    at=now,
                    business_date=today,
                    shift_id=shift.id,
                    reason=giving.reason,
                    **_at_gateway(books, payment, now),
                )
                for payment, amount in ways
            ]
            for refund in refunds:
                books.refunds.add(refund, given)
            entry = books.ledger.append("money_given_back", now, today, _body(giving, sale_id, refunds))
            signed = sign_back(books, given, given.line(line_id), part, entry)
            slip = Paper(
                self.clock.new_id(), PaperKind.RECEIPT, sale_id, signed.number, 1, PaperState.DUE, now
            )
            books.papers.put(slip)
            books.commit()
        self.anchor.raise_to(entry.mark)
        cash = Money.sum((each.amount for each in refunds if each.order is None), sale.currency)
        return GivenBack(cash, part - cash)

    def _number(self, books: Books, payment: Payment) -> str:
        """Our number of this refund for ever; at a gateway the order's own, counted on."""
        if payment.reference is None:
            return self.clock.new_id()
        attempt = books.attempts.get(payment.reference)
        earlier = [
            each
            for each in books.refunds.of_sale(attempt.sale_id)
            if each.order is not None and each.order.number == attempt.number
        ]
        return refund_number(attempt.number, len(earlier) + 1)


def _at_gateway(books: Books, payment: Payment, now: Any) -> dict[str, Any]:
    """What a refund at a gateway has beside one in cash, which is done when it is written down."""
    if payment.tender is Tender.CASH or payment.reference is None:
        return {"state": RefundState.DONE}
    attempt = books.attempts.get(payment.reference)
    return {
        "state": RefundState.ASKED,
        "gateway": attempt.gateway,
        "order": attempt.order,
        "paid": attempt.amount,
        "next_at": now,
    }


def _close_if_last(sale: Sale) -> Sale:
    if sale.state is SaleState.REFUND_DUE and not sale.refund_lines:
        return sale.moved_to(SaleState.REFUNDED)
    return sale


def _body(giving: Giving, sale_id: str, refunds: list[Refund]) -> dict[str, object]:
    return {
        "sale_id": sale_id,
        "line_id": refunds[0].line_id,
        "amount_minor": sum(each.amount.minor for each in refunds),
        "refunds": [
            {"number": each.number, "tender": each.tender.value, "amount_minor": each.amount.minor}
            for each in refunds
        ],
        "cashier_id": giving.cashier.id,
        "authoriser_id": giving.authoriser.id if giving.authoriser else None,
        "reason": giving.reason,
        "shift_id": refunds[0].shift_id,
    }
