"""Take money: cash at once; electronic money by one attempt at a time, on disk before it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import (
    AmountInvalid,
    GatewaySetupWrong,
    PaymentCodeUnsupported,
    PaymentCodeUsed,
    Unreachable,
)
from pos_app.domain.gateway import Answer, Charge, Standing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment import pay_cash
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.sale import Sale
from pos_app.domain.staff import Cashier, Permission
from pos_app.flows.payments import (
    KeepStep,
    Taking,
    complete,
    keep_moved,
    left_to_pay,
    let_go_if_left,
    must_be_payable,
    new_order_number,
    taking,
)
from pos_app.ports.books import Books, OpenBooks
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateways

_MOST_SUBJECT = 60
_NOT_IN_A_BILL = str.maketrans("/=&<>\"'", "       ")  # Alipay refuses the first three in a subject


@dataclass(frozen=True)
class Accepted:
    """The wallets whose codes the till can scan, and those for which it can show a code, each in one order."""

    scans: tuple[Wallet, ...]
    shows: tuple[Wallet, ...]


@dataclass(frozen=True)
class WaysToPay:
    """What electronic money this till takes."""

    gateways: Gateways

    def __call__(self) -> Accepted:
        def taken(way: Way) -> tuple[Wallet, ...]:
            return tuple(each for each in Wallet if self.gateways.for_wallet(each, way) is not None)

        return Accepted(taken(Way.SCANNED), taken(Way.SHOWN))


@dataclass(frozen=True)
class TakeCash:
    """Cash is in: money, receipt number, ledger and day's figures become true in one commit (R5 cannot be half done)."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, cashier: Cashier, sale_id: str, received: Money) -> Sale:
        """All that is left to pay; PaymentUnsettled while another payment of this sale is not certain."""
        cashier.must_be_allowed(Permission.SELL)
        with self.open_books() as books:
            sale = books.sales.get(sale_id)
            must_be_payable(books, self.clock, sale)
            payment = pay_cash(left_to_pay(books, sale), received)
            paid = complete(books, self.clock, sale, (payment,))
            books.commit()
        return paid


@dataclass(frozen=True)
class BeginPayment:
    """Writes the attempt down, SENT, before a byte of it leaves (G2), and never beside another (G3)."""

    open_books: OpenBooks
    clock: Clock
    gateways: Gateways

    def __call__(
        self, sale_id: str, wallet: Wallet, amount: Money | None, code: PaymentCode | None
    ) -> tuple[Attempt, Charge] | Taking:
        """The new attempt and what to send; or how it stands, when this very code is being charged for this sale."""
        way = Way.SHOWN if code is None else Way.SCANNED
        name = self.gateways.for_wallet(wallet, way)
        if name is None:
            raise PaymentCodeUnsupported
        rules = self.gateways.named(name).rules
        with self.open_books() as books:
            twin = None if code is None else books.attempts.with_code(code.digest)
            if twin is not None:
                if twin.sale_id != sale_id or twin.state is AttemptState.FAILED:
                    raise PaymentCodeUsed
                return taking(books, twin.number)
            sale = books.sales.get(sale_id)
            must_be_payable(books, self.clock, sale)
            now = self.clock.now()
            attempt = Attempt(
                number=new_order_number(books, self.clock.new_id(), now),
                sale_id=sale_id,
                gateway=name,
                way=way,
                wallet=wallet,
                amount=_part(left_to_pay(books, sale), amount),
                state=AttemptState.SENT,
                sent_at=now,
                deadline=now + (rules.shown_for if code is None else rules.patience),
                next_at=now,
                code_end="" if code is None else code.end,
                code_digest="" if code is None else code.digest,
            )
            keep_moved(books, attempt, sale.day, now)
            charge = self._charge(books, sale, attempt, code)
            books.commit()
        return attempt, charge

    def _charge(self, books: Books, sale: Sale, attempt: Attempt, code: PaymentCode | None) -> Charge:
        till = books.till.enrolment()
        words = " ".join([till.shop_name, *(line.product.names.zh for line in sale.lines)])
        subject = " ".join(words.translate(_NOT_IN_A_BILL).split())[:_MOST_SUBJECT]
        cashier = (sale.cashier_id or "")[-12:]
        return Charge(attempt.order, subject, till.till_code, cashier, code, attempt.deadline, attempt.wallet)


@dataclass(frozen=True)
class ChargeCode:
    """The customer's code was scanned: charge it, once."""

    begin: BeginPayment
    keep: KeepStep
    gateways: Gateways

    def __call__(
        self, cashier: Cashier, sale_id: str, code: PaymentCode, amount: Money | None = None
    ) -> Taking:
        """How it stands after the first answer. `amount` is a part of the sale; all that is left without it.

        PaymentCodeUnsupported, PaymentCodeUsed, PaymentUnsettled, AmountInvalid: nothing was sent.
        """
        cashier.must_be_allowed(Permission.SELL)
        begun = self.begin(sale_id, code.wallet, amount, code)
        if isinstance(begun, Taking):
            return begun
        attempt, charge = begun
        try:
            answer = self.gateways.named(attempt.gateway).charge(charge)
        except Unreachable as silence:
            was_sent = silence.was_sent
            return self.keep(attempt, lambda stored, now: stored.no_answer(now, was_sent))
        except GatewaySetupWrong as wrong:  # said before anything was sent
            answer = Answer(Standing.FAILED, f"SETUP {wrong.reason}")
        return self.keep(attempt, lambda stored, now: stored.heard(answer, now))


@dataclass(frozen=True)
class ShowPayCode:
    """The customer scans a code that the shop shows."""

    begin: BeginPayment
    keep: KeepStep
    gateways: Gateways

    def __call__(self, cashier: Cashier, sale_id: str, wallet: Wallet, amount: Money | None = None) -> Taking:
        """An attempt with `qr`; without one when the gateway gave none: then nobody can pay it, and it is undone."""
        cashier.must_be_allowed(Permission.SELL)
        begun = self.begin(sale_id, wallet, amount, None)
        assert not isinstance(begun, Taking)  # noqa: S101  # only a scanned code can be scanned twice
        attempt, charge = begun
        try:
            text = self.gateways.named(attempt.gateway).show(charge)
        except (Unreachable, GatewaySetupWrong) as trouble:
            reason = trouble.cause if isinstance(trouble, Unreachable) else f"SETUP {trouble.reason}"
            return self.keep(attempt, lambda stored, now: replace(stored, reason=reason).give_up(now))
        return self.keep(attempt, lambda stored, now: stored.shown(text, now))


@dataclass(frozen=True)
class StopPayment:
    """The cashier or the customer says stop: from here on it is undone, whatever the gateway says."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, cashier: Cashier, number: str) -> Taking:
        """How it stands; one that has ended already stays as it is."""
        cashier.must_be_allowed(Permission.SELL)
        now = self.clock.now()
        with self.open_books() as books:
            attempt = books.attempts.get(number)
            if attempt.state is AttemptState.SENT:
                day = books.sales.get(attempt.sale_id).day
                keep_moved(books, attempt.give_up(now), day, now, cashier_id=cashier.id)
                books.commit()
            return taking(books, number)


@dataclass(frozen=True)
class LeaveSale:
    """The next customer is served: this sale ends by itself with its payments."""

    open_books: OpenBooks
    clock: Clock

    def __call__(self, cashier: Cashier, sale_id: str, *, undo: bool) -> Sale:
        """Parked, its payment is waited for; with `undo` it is taken back, parts that are paid included."""
        cashier.must_be_allowed(Permission.SELL)
        now = self.clock.now()
        with self.open_books() as books:
            left = books.sales.get(sale_id).left()
            books.sales.put(left)
            for attempt in books.attempts.of_sale(sale_id):
                if undo and attempt.state is AttemptState.SENT:
                    keep_moved(books, attempt.give_up(now), left.day, now)
            let_go_if_left(books, left, now)
            books.sales.keep_basket(None)
            books.commit()
            return books.sales.get(sale_id)


def _part(left: Money, amount: Money | None) -> Money:
    """What of the rest is to be paid now; AmountInvalid when that is nothing, or more than is left."""
    part = left if amount is None else amount
    if not 0 < part.minor <= left.minor:
        raise AmountInvalid(text=part.plain())
    return part
