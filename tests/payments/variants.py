"""Tills with one rule of the payments missing, put together from the real flows: the campaign must see each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Answer, Charge, Standing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.staff import Cashier
from pos_app.flows.payments import KeepStep, Taking
from pos_app.flows.take_payment import ChargeCode
from pos_app.shop import Shop
from tests.fakes.till_books import FakeTill
from tests.fakes.till_shop import FakeShop

# What is written down instead of `after`, which is the right step from `before`.
Twist = Callable[[Attempt, Attempt, datetime], Attempt]


@dataclass(frozen=True)
class TwistedKeep(KeepStep):
    """Writes down something else than it should."""

    twist: Twist

    def __call__(self, before: Attempt, step: Callable[[Attempt, datetime], Attempt]) -> Taking:
        return super().__call__(before, lambda stored, now: self.twist(stored, step(stored, now), now))


def _no_watch(before: Attempt, after: Attempt, now: datetime) -> Attempt:
    return replace(after, next_at=None) if after.state is AttemptState.REVERSED else after


def _first_undo_is_final(before: Attempt, after: Attempt, now: datetime) -> Attempt:
    if before.state is AttemptState.REVERSING and after.undone > before.undone:
        return replace(after, state=AttemptState.REVERSED, next_at=None, ended_at=now)
    return after


def _silence_is_no(before: Attempt, after: Attempt, now: datetime) -> Attempt:
    if before.state is AttemptState.SENT and not before.tries and after.tries and after.standing is None:
        return replace(after, state=AttemptState.FAILED, next_at=None, ended_at=now)
    return after


def _paid_while_undone(before: Attempt, after: Attempt, now: datetime) -> Attempt:
    if before.state is AttemptState.REVERSING and after.standing is Standing.PAID:
        return replace(after, state=AttemptState.PAID, next_at=None, ended_at=now)
    return after


@dataclass(frozen=True)
class ChargeThenWrite(ChargeCode):
    """The row is on disk only when the answer is there."""

    till: FakeTill

    def __call__(
        self, cashier: Cashier, sale_id: str, code: PaymentCode, amount: Money | None = None
    ) -> Taking:
        before = self.till.pages
        begun = self.begin(sale_id, code.wallet, amount, code)
        if isinstance(begun, Taking):
            return begun
        attempt, charge = begun
        self.till.pages = before
        step = self._step(attempt, charge)
        with self.till.open_books() as books:
            books.attempts.put(attempt)
            books.commit()
        return self.keep(attempt, step)

    def _step(self, attempt: Attempt, charge: Charge) -> Callable[[Attempt, datetime], Attempt]:
        try:
            answer = self.gateways.named(attempt.gateway).charge(charge)
        except Unreachable as silence:
            was_sent = silence.was_sent
            return lambda stored, now: stored.no_answer(now, was_sent)
        except GatewaySetupWrong:
            answer = Answer(Standing.FAILED)
        return lambda stored, now: stored.heard(answer, now)


def _twisted(twist: Twist) -> Callable[[FakeShop], Shop]:
    def broken(fake: FakeShop) -> Shop:
        shop = fake.shop
        keep = TwistedKeep(fake.till.open_books, fake.clock, twist)
        follow = replace(shop.follow_payment, keep=keep)
        return replace(
            shop,
            charge_code=replace(shop.charge_code, keep=keep),
            show_pay_code=replace(shop.show_pay_code, keep=keep),
            follow_payment=follow,
            follow_all=replace(shop.follow_all, follow_payment=follow),
        )

    return broken


def _row_after_the_answer(fake: FakeShop) -> Shop:
    real = fake.shop.charge_code
    return replace(fake.shop, charge_code=ChargeThenWrite(real.begin, real.keep, real.gateways, fake.till))


VARIANTS: Mapping[str, Callable[[FakeShop], Shop]] = {
    "an undone order is not watched": _twisted(_no_watch),
    "the first undo that is answered well is final": _twisted(_first_undo_is_final),
    "silence is a no": _twisted(_silence_is_no),
    "the row is written after the answer": _row_after_the_answer,
    "paid is believed while it is undone": _twisted(_paid_while_undone),
}
