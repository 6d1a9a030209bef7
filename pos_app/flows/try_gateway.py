"""Prove a gateway with real money: take 0.01 from the owner's own wallet, and give it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.catalogue import Brand, Category, Limits, Names, Payload, Product, ProductKind
from pos_app.domain.errors import GatewaySetupWrong, PaymentCodeUnsupported, PaymentCodeUsed, Unreachable
from pos_app.domain.gateway import Answer, Charge, RefundOrder, RefundStanding, Standing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale, SaleLine, SaleState
from pos_app.domain.staff import Cashier, Permission
from pos_app.flows.day import now_and_today
from pos_app.flows.follow_payment import FollowPayment, asked, refunded
from pos_app.flows.payments import KeepStep, keep_moved, new_order_number
from pos_app.ports.books import Books, OpenBooks
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway, Gateways

TRIAL = "TRIAL"  # trouble of the cancelled sale that a trial belongs to
_LEAST = 1  # the smallest sum that gateways take, in minor units
_NAMES = Names("\u6536\u6b3e\u6d4b\u8bd5", "Test payment")


@dataclass(frozen=True)
class TryGateway:
    """0.01 by one gateway, on disk before it leaves; refunded as soon as it is certain.

    The attempt belongs to a sale that was CANCELLED from the start: one line, no goods set aside, no place in the day's
    figures. Money that comes for such a sale is given back by the rule that holds for every payment (`KeepStep`), so
    that a crash, a power cut or somebody who leaves the page in the middle leaves nothing behind that is not followed
    to its end like any payment: asked until certain, undone when its patience ends, watched afterwards. Nothing is
    charged and forgotten, and no second road had to be built for it.
    """

    open_books: OpenBooks
    clock: Clock
    gateways: Gateways
    keep: KeepStep
    follow: FollowPayment
    day_change_hour: int

    def __call__(self, cashier: Cashier, gateway: str, code: PaymentCode) -> Attempt:
        """How it stands after the first answer; `gateway` need not be switched on yet.

        PaymentCodeUnsupported, PaymentCodeUsed, GatewaySetupWrong: nothing was sent.
        """
        cashier.must_be_allowed(Permission.CHANGE_SETTINGS)
        there = self.gateways.named(gateway)
        if code.wallet not in there.rules.scans:
            raise PaymentCodeUnsupported
        attempt, charge = self._begin(cashier, there, code)
        try:
            answer = there.charge(charge)
        except Unreachable as silence:
            was_sent = silence.was_sent
            return self.keep(attempt, lambda stored, now: stored.no_answer(now, was_sent)).attempt
        except GatewaySetupWrong as wrong:  # said before anything was sent
            reason = f"SETUP {wrong.reason}"
            self.keep(attempt, lambda stored, now: stored.heard(Answer(Standing.FAILED, reason), now))
            raise
        return self.keep(attempt, lambda stored, now: stored.heard(answer, now)).attempt

    def go_on(self, cashier: Cashier, number: str) -> Attempt:
        """The next step: refund what was taken; else ask, or undo, as for every payment."""
        cashier.must_be_allowed(Permission.CHANGE_SETTINGS)
        with self.follow.open_to_read() as books:
            attempt = books.attempts.get(number)
        if attempt.state is AttemptState.REVERSING and attempt.standing is Standing.PAID:
            return self._give_back(attempt)
        return self.follow(number).attempt

    def _begin(self, cashier: Cashier, there: Gateway, code: PaymentCode) -> tuple[Attempt, Charge]:
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            if books.attempts.with_code(code.digest) is not None:
                raise PaymentCodeUsed
            till = books.till.enrolment()
            sale = _trial(books, self.clock.new_id(), cashier, now, today)
            books.sales.put(sale)
            number = new_order_number(books, self.clock.new_id(), now)
            attempt = Attempt(
                number, sale.id, there.name, Way.SCANNED, code.wallet, sale.total, AttemptState.SENT,
                now, now + there.rules.patience, now, code.end, code.digest,
            )  # fmt: skip
            keep_moved(books, attempt, today, now, cashier_id=cashier.id, trial=True)
            books.commit()
        charge = Charge(
            attempt.order, _NAMES.zh, till.till_code, cashier.id[-12:], code, attempt.deadline, code.wallet
        )
        return attempt, charge

    def _give_back(self, attempt: Attempt) -> Attempt:
        """By a refund, which is a part of what has to be proved; a gateway that refuses it is asked to undo instead."""
        there = self.gateways.named(attempt.gateway)
        refund = RefundOrder(attempt.refund_number, attempt.amount, attempt.amount, TRIAL.lower())
        given = refunded(there, attempt.order, refund)
        if given is not None and given.standing is RefundStanding.FAILED:
            return self.follow(attempt.number).attempt
        if given is not None and given.standing is RefundStanding.DONE:
            answer: Answer | None = Answer(Standing.REFUNDED, given.reason)
        else:
            answer = asked(there, attempt)
        undo_from = attempt.sent_at + there.rules.undo_after
        return self.keep(
            attempt, lambda stored, now: stored.heard_undone(None, answer, now, undo_from)
        ).attempt


def _trial(books: Books, sale_id: str, cashier: Cashier, now: datetime, today: date) -> Sale:
    shift = books.shifts.current()
    price = Money(_LEAST)
    product = Product(
        id="trial", barcode=None, names=_NAMES, brand=Brand("trial", _NAMES), category=Category("trial", _NAMES),
        kind=ProductKind.CODE, payload=Payload.PIN, face=price, wholesale=Money(0), price=price, stock=None,
        fields=(), limits=Limits(1, 1, 1), return_rule="", qr=None, instructions=Names("", ""), risk_class="",
        leasable=False, validity_days=None, version=1,
    )  # fmt: skip
    return Sale(
        id=sale_id,
        currency=price.currency,
        lines=(SaleLine("trial", product, 1, price),),
        state=SaleState.CANCELLED,
        created_at=now,
        cashier_id=cashier.id,
        shift_id=None if shift is None else shift.id,
        business_date=today,
        trouble=TRIAL,
    )
