"""What stands on disk of a sale's payments, and what follows when one of them ends: all in the commit that ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.attempt import BEIJING, Attempt, AttemptState, order_number
from pos_app.domain.errors import PaymentUnsettled, ShiftNotOpen, WrongState
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows.leased_cards import (
    LEASE_EXPIRED,
    Told,
    ends_in_time,
    free_cards,
    let_go,
    must_end_in_time,
    sell_cards,
    told,
)
from pos_app.ports.books import Books, OpenBooks
from pos_app.ports.clock import Clock

_CHANCES = 36**4


@dataclass(frozen=True)
class Taking:
    """An attempt and its sale as they stand on disk; `left` is what of the sale is not paid yet."""

    sale: Sale
    attempt: Attempt
    left: Money


@dataclass(frozen=True)
class KeepStep:
    """Writes down what an attempt came to; the money and the sale become true in one commit (G5)."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, before: Attempt, step: Callable[[Attempt, datetime], Attempt]) -> Taking:
        """`step` is taken only from the state in which the gateway was asked: who gave up meanwhile stays so (G7)."""
        now = self.clock.now()
        with self.open_books() as books:
            stored = books.attempts.get(before.number)
            if stored.state is before.state:
                after = step(stored, now)
                if after.state is stored.state:
                    books.attempts.put(after)
                else:
                    self._moved(books, after, now)
                books.commit()
            return taking(books, before.number)

    def _moved(self, books: Books, attempt: Attempt, now: datetime) -> None:
        sale = books.sales.get(attempt.sale_id)
        keep_moved(books, attempt, sale.day, now)
        if attempt.state is AttemptState.PAID and sale.state is not SaleState.RESERVED:
            # Nobody can be handed goods for it any more.
            keep_moved(books, attempt.give_up(now), sale.day, now)
        elif attempt.state is AttemptState.PAID and left_to_pay(books, sale).is_zero:
            complete(books, self.clock, sale, ())
        else:
            let_go_if_left(books, sale, now)


def complete(books: Books, clock: Clock, sale: Sale, more: tuple[Payment, ...]) -> Sale:
    """The sale is PAID: by its attempts, and by `more` after them.

    Of an offline one the leased cards are the customer's in the same commit, unless their lease ended while he paid:
    then the money must go back.
    """
    now = clock.now()
    bound = books.leases.of_sale(sale.id) if sale.is_offline else ()
    is_late = sale.is_offline and not ends_in_time(books, clock, sale)
    payments = (*(each.payment for each in _paid(books, sale)), *more)
    paid = sale.paid(payments, now, books.sales.next_receipt_number())
    books.sales.put(paid)
    books.ledger.append("sale_paid", now, sale.day, paid_body(paid, {} if is_late else told(bound)))
    if is_late:
        free_cards(books, sale)
        paid = paid.moved_to(SaleState.REFUND_DUE, trouble=LEASE_EXPIRED)
        books.sales.put(paid)
        books.ledger.append("sale_failed", now, sale.day, {"sale_id": sale.id, "code": LEASE_EXPIRED})
    elif sale.is_offline:
        paid = sell_cards(books, clock, paid, bound)
    if not sale.is_left:  # the next customer's basket may lie there by now
        books.sales.keep_basket(None)
    return paid


def let_go_if_left(books: Books, sale: Sale, now: datetime) -> None:
    """A sale that nobody waits for ends when its payments are undone: its goods stay reserved until then (G9)."""
    if not sale.is_left or live(books, sale):
        return
    paid = _paid(books, sale)
    for attempt in reversed(paid):
        keep_moved(books, attempt.give_up(now), sale.day, now)
    if not paid:
        let_go(books, sale, "PAYMENT")
        body = {"sale_id": sale.id, "cashier_id": sale.cashier_id, "reason": "PAYMENT"}
        books.ledger.append("sale_cancelled", now, sale.day, body)


def must_be_payable(books: Books, clock: Clock, sale: Sale) -> None:
    """WrongState, ShiftNotOpen, PaymentUnsettled or NotSoldOffline when no money may be taken for it now (G3)."""
    if sale.state is not SaleState.RESERVED or sale.is_left:
        raise WrongState(sale_id=sale.id, state=sale.state.value)
    if books.shifts.current() is None:
        raise ShiftNotOpen
    if live(books, sale):
        raise PaymentUnsettled
    must_end_in_time(books, clock, sale)


def must_hold_no_money(books: Books, sale: Sale) -> None:
    """PaymentUnsettled while money of it is, or may be, with us: it is not simply let go."""
    if live(books, sale) or _paid(books, sale):
        raise PaymentUnsettled


def live(books: Books, sale: Sale) -> list[Attempt]:
    """Attempts of the sale whose end is not known."""
    return [each for each in books.attempts.of_sale(sale.id) if each.is_live]


def left_to_pay(books: Books, sale: Sale) -> Money:
    """Of a sale that is not paid yet: its total without the parts that are."""
    return sale.total - Money.sum((each.amount for each in _paid(books, sale)), sale.currency)


def taking(books: Books, number: str) -> Taking:
    """The attempt of that number with its sale; NoSuchAttempt when there is none."""
    attempt = books.attempts.get(number)
    sale = books.sales.get(attempt.sale_id)
    return Taking(sale, attempt, left_to_pay(books, sale))


def new_order_number(books: Books, new_id: str, now: datetime) -> str:
    """A number for an order at a gateway, ours for ever; `new_id` is a fresh id, where its chance comes from."""
    chance = int(new_id.replace("-", "")[-12:], 16) % _CHANCES
    till_code = books.till.enrolment().till_code
    return order_number(till_code, f"{now + BEIJING:%y%m%d}", books.attempts.next_counter(), chance)


def keep_moved(books: Books, attempt: Attempt, day: date, now: datetime, **more: object) -> None:
    """An attempt in a new state, and the ledger's word of it with `more`; nothing of the payment code is told."""
    books.attempts.put(attempt)
    body = {
        "number": attempt.number,
        "sale_id": attempt.sale_id,
        "gateway": attempt.gateway,
        "wallet": attempt.wallet.value,
        "amount_minor": attempt.amount.minor,
        "state": attempt.state.value,
        "reason": attempt.reason,
        **more,
    }
    books.ledger.append("payment_moved", now, day, body)


def paid_body(sale: Sale, leased: Told) -> dict[str, object]:
    """What the ledger says of a paid sale; an account shows its last four characters only.

    `leased` are the leased cards of its lines, by line id.
    """
    return {
        "sale_id": sale.id,
        "receipt_number": sale.receipt_number,
        "cashier_id": sale.cashier_id,
        "shift_id": sale.shift_id,
        "currency": sale.currency,
        "total_minor": sale.total.minor,
        "payments": [
            {"tender": each.tender.value, "amount_minor": each.amount.minor, "reference": each.reference}
            for each in sale.payments
        ],
        "lines": [
            {
                "line_id": line.line_id,
                "product_id": line.product.id,
                "name": line.product.names.zh,
                "quantity": line.quantity,
                "price_minor": line.price.minor,
                "cost_minor": line.product.wholesale.minor,
                "account_end": (line.account or "")[-4:],
                **({"leased": leased[line.line_id]} if line.line_id in leased else {}),
            }
            for line in sale.lines
        ],
    }


def _paid(books: Books, sale: Sale) -> list[Attempt]:
    return [each for each in books.attempts.of_sale(sale.id) if each.state is AttemptState.PAID]
