"""The moves of a customer who pays with a phone, and what must be true when all of it has come to rest."""

from __future__ import annotations

from datetime import timedelta

from pos_app.domain.attempt import Attempt
from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Taking
from tests.fakes.till_gateway import FakeGateway
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import basket, run_out

WECHAT = PaymentCode(Wallet.WECHAT, "134567890123456789")
ALIPAY = PaymentCode(Wallet.ALIPAY, "281234567890123456")
TOTAL, PART = Money(20_000), Money(5_000)
MOST_ROUNDS = 200


def reserved(fake: FakeShop) -> Sale:
    """Two cards of 100.00, set aside."""
    return fake.shop.reserve(fake.cashier, basket(fake))


def charge(
    fake: FakeShop,
    sale: Sale,
    course: Standing = Standing.PAID,
    code: PaymentCode = WECHAT,
    amount: Money | None = None,
) -> Taking:
    """The customer's code is scanned, and `course` is what becomes of it."""
    one(fake).next_course = course
    return fake.shop.charge_code(fake.cashier, sale.id, code, amount)


def lost(fake: FakeShop, sale: Sale, call: str = "charge", code: PaymentCode = WECHAT) -> Taking:
    """The same with the question lost (`charge`), its answer (`charge!`), or no connection at all (`charge?`)."""
    one(fake).lose.append(call)
    return charge(fake, sale, code=code)


def one(fake: FakeShop) -> FakeGateway:
    return fake.gateways.one


def wait(fake: FakeShop, seconds: float) -> None:
    fake.clock.advance(timedelta(seconds=seconds))


def follow(fake: FakeShop, number: str) -> Attempt:
    """Time goes on to the attempt's next step, and the counter takes it."""
    due = attempt_of(fake, number).next_at
    assert due is not None
    fake.clock.at = max(fake.clock.now(), due)
    return fake.shop.follow_payment(number).attempt


def attempt_of(fake: FakeShop, number: str) -> Attempt:
    return fake.till.pages.attempts[number]


def sale_of(fake: FakeShop, sale: Sale) -> Sale:
    return fake.till.pages.sales[sale.id]


def settle(fake: FakeShop) -> None:
    """Nobody stands there any more: the heartbeat goes on until nothing is due."""
    for _ in range(MOST_ROUNDS):
        fake.shop.follow_all()
        fake.shop.recover()
        fake.shop.print_due()
        pages = fake.till.pages
        due = [each.next_at for each in pages.attempts.values() if each.next_at]
        due += [each.refund.next_at for each in pages.refunds.values() if each.refund.next_at]
        if not due:
            return
        fake.clock.at = max(fake.clock.now() + timedelta(seconds=1), min(due))
    raise AssertionError("it never came to rest")


def deliver(fake: FakeShop, sale: Sale) -> Sale:
    """On to the end of a sale that is paid."""
    return run_out(fake, sale_of(fake, sale)).sale


def assert_delivered(fake: FakeShop, sale: Sale) -> None:
    """The goods went out, and exactly their price is kept, in whatever tender."""
    settle(fake)
    assert sale_of(fake, sale).state is SaleState.DONE
    assert len(fake.platform.delivered(sale.id)) == 2
    cash = sum(each.amount.minor for each in sale_of(fake, sale).payments if each.reference is None)
    assert one(fake).kept_money() + cash == TOTAL.minor


def assert_let_go(fake: FakeShop, sale: Sale) -> None:
    """Nothing is kept, and the goods are on the shelf again."""
    settle(fake)
    assert sale_of(fake, sale).state is SaleState.CANCELLED
    assert fake.platform.state(sale.id) == "CANCELLED"
    assert one(fake).kept_money() == 0
