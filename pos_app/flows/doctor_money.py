"""What the doctor asks about money: came as the books say, went back no further, and none of it is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.refund import Refund, RefundState, way_of
from pos_app.domain.sale import Sale, SaleState
from pos_app.ports.books import Books

PAGE = 1000
# Paid once, whatever became of the money later.
_WAS_PAID = (AttemptState.PAID, AttemptState.REVERSING, AttemptState.REFUNDED)


@dataclass(frozen=True)
class MoneyOfSale:
    """A sale with all that the books say of its money."""

    sale: Sale
    attempts: tuple[Attempt, ...]
    refunds: tuple[Refund, ...]

    @property
    def is_as_paid(self) -> bool:
        """Its payments add up to its price, and each electronic one is an attempt of this very sale."""
        sale = self.sale
        if sale.payments and Money.sum((each.amount for each in sale.payments), sale.currency) != sale.total:
            return False
        electronic = [each for each in sale.payments if each.tender is not Tender.CASH]
        if len({each.reference for each in electronic}) < len(electronic):
            return False
        known = {each.number: each for each in self.attempts}
        return all(_is_of(each, known.get(each.reference or "")) for each in electronic)

    @property
    def stray(self) -> int:
        """Attempts whose money is kept although no sale has it: neither waited for nor part of what was paid."""
        if self.sale.state is SaleState.RESERVED:
            return 0
        named = {each.reference for each in self.sale.payments}
        kept = (each for each in self.attempts if each.state is AttemptState.PAID)
        return sum(each.number not in named for each in kept)

    @property
    def is_back_within_bounds(self) -> bool:
        """No payment gave back more than it brought, and each line as much as its refunds say (I9)."""
        came: Counter[str] = Counter()
        for payment in self.sale.payments:
            came[way_of(payment)] += payment.amount.minor
        back: Counter[str] = Counter()
        lines: Counter[str] = Counter()
        for refund in self.refunds:
            back[refund.way] += refund.amount.minor
            lines[refund.line_id] += refund.amount.minor
        told = {each.line_id: each.refunded.minor for each in self.sale.lines if each.refunded is not None}
        return lines == Counter(told) and all(back[way] <= came[way] for way in back)

    @property
    def forgotten(self) -> int:
        """Attempts and refunds that are not settled and that nothing will ever ask for again."""
        attempts = sum(each.is_live and each.next_at is None for each in self.attempts)
        return attempts + sum(
            each.state is not RefundState.DONE and each.next_at is None for each in self.refunds
        )


def money_of(books: Books, sales: Sequence[Sale]) -> tuple[MoneyOfSale, ...]:
    return tuple(
        MoneyOfSale(sale, books.attempts.of_sale(sale.id), books.refunds.of_sale(sale.id)) for sale in sales
    )


def untold(books: Books, money: Sequence[MoneyOfSale]) -> int:
    """Attempts since this enrolment whose state no ledger tells; one of before may not be here any more.

    All that are here are read: a clock that was ahead makes an earlier attempt look like one of this enrolment.
    """
    told: set[tuple[str, str]] = set()
    since = next((entry.at for entry in books.ledger.after(0, 1)), None)
    for epoch in books.ledger.epochs():
        seq = 0
        while entries := books.ledger.of_epoch(epoch, seq, PAGE):
            for entry in entries:
                if entry.kind == "payment_moved":
                    told.add((str(entry.body["number"]), str(entry.body["state"])))
            seq = entries[-1].seq
    mine = [each for of in money for each in of.attempts if since is None or each.sent_at >= since]
    return sum((each.number, each.state.value) not in told for each in mine)


def _is_of(payment: Payment, attempt: Attempt | None) -> bool:
    return (
        attempt is not None
        and attempt.state in _WAS_PAID
        and (attempt.amount, attempt.tender) == (payment.amount, payment.tender)
    )
