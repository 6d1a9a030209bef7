"""What the doctor says of money: content with a sound till, and each violation that is planted is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.gateway import RefundStanding, Standing
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.sale import SaleState
from pos_app.shop import Giving
from tests.fakes.till_pages import Pages
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.payments.paying import charged, reserved, sold_by_wallet, sold_in_parts


def wrong(fake: FakeShop) -> set[str]:
    return {each.invariant.split()[0] for each in fake.shop.doctor() if not each.holds}


@pytest.fixture
def fake() -> FakeShop:
    """A day with everything: one wallet, two parts, a refund done and one on its way, a no, one undone, one open."""
    fake = make_fake_shop()
    whole = sold_by_wallet(fake)
    parts = sold_in_parts(fake, 3_000)
    giving = Giving(fake.cashier, fake.supervisor, "the code does not work")
    fake.shop.give_back(giving, whole.id, whole.lines[0].line_id, Money(1_000))
    (asked,) = fake.shop.look_up.sale(whole.id).refunds
    fake.shop.follow_refund(asked.number)
    fake.gateways.one.refund_says = RefundStanding.FAILED
    fake.shop.give_back(giving, parts.id, parts.lines[0].line_id, Money(3_500))
    for refund in fake.shop.look_up.sale(parts.id).refunds:
        fake.shop.follow_refund(refund.number)
    sale = reserved(fake, 1)
    charged(fake, sale, course=Standing.FAILED)
    stopped = charged(fake, sale, course=Standing.WAITING).attempt
    fake.shop.stop_payment(fake.cashier, stopped.number)
    fake.shop.follow_payment(stopped.number)
    charged(fake, sale, course=Standing.PROCESSING)
    return fake


def test_a_till_that_took_and_gave_back_by_wallets_is_sound(fake: FakeShop) -> None:
    states = {each.state for each in fake.till.pages.attempts.values()}
    assert states == {AttemptState.PAID, AttemptState.FAILED, AttemptState.REVERSED, AttemptState.SENT}
    assert wrong(fake) == set()


def change_sale(number: int, change: Callable[[Any], Any]) -> Callable[[Pages], None]:
    def plant(pages: Pages) -> None:
        sale_id = list(pages.sales)[number]
        pages.sales[sale_id] = change(pages.sales[sale_id])

    return plant


def change_payment(**changes: Any) -> Callable[[Pages], None]:
    def changed(sale: Any) -> Any:
        first, *rest = sale.payments
        return replace(sale, payments=(replace(first, **changes), *rest))

    return change_sale(1, changed)


def change_attempt(number: int, **changes: Any) -> Callable[[Pages], None]:
    def plant(pages: Pages) -> None:
        key = list(pages.attempts)[number]
        pages.attempts[key] = replace(pages.attempts[key], **changes)

    return plant


def change_refund(number: int, **changes: Any) -> Callable[[Pages], None]:
    def plant(pages: Pages) -> None:
        key = list(pages.refunds)[number]
        kept = pages.refunds[key]
        pages.refunds[key] = replace(kept, refund=replace(kept.refund, **changes))

    return plant


def a_cash_refund_becomes_electronic(pages: Pages) -> None:
    """The sum of the line is right, and the payment gives back more than it brought."""
    cash = next(key for key, each in pages.refunds.items() if each.refund.tender is Tender.CASH)
    electronic = [each for each in pages.refunds.values() if each.refund.tender is Tender.ALIPAY]
    refund = replace(pages.refunds[cash].refund, tender=Tender.ALIPAY, order=electronic[0].refund.order)
    pages.refunds[cash] = replace(pages.refunds[cash], refund=refund)


def one_attempt_pays_two_sales(pages: Pages) -> None:
    first, second = list(pages.sales.values())[:2]
    payment = replace(first.payments[0], amount=Money(3_000), tender=Tender.ALIPAY)
    pages.sales[second.id] = replace(second, payments=(payment, *second.payments[1:]))


def one_attempt_pays_twice(pages: Pages) -> None:
    second = list(pages.sales.values())[1]
    wallet, cash = second.payments
    once_more = replace(wallet, amount=wallet.amount, reference=wallet.reference)
    rest = replace(cash, amount=cash.amount - once_more.amount)
    pages.sales[second.id] = replace(second, payments=(wallet, once_more, rest))


def forget_it_in_the_ledger(state: str) -> Callable[[Pages], None]:
    def plant(pages: Pages) -> None:
        for key, entry in pages.ledger.items():
            if entry.kind == "payment_moved" and entry.body["state"] == state:
                pages.ledger[key] = replace(entry, kind="something_else")

    return plant


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (change_payment(amount=Money(2_999)), "I2"),
        (change_payment(reference=None), "I2"),
        (change_payment(reference="0T1261122000ZZZZZ"), "I2"),
        (change_payment(tender=Tender.WECHAT), "I2"),
        (one_attempt_pays_two_sales, "I2"),
        (one_attempt_pays_twice, "I2"),
        (change_attempt(0, amount=Money(9_999)), "I2"),
        (change_attempt(0, state=AttemptState.REVERSED), "I2"),
        (change_sale(0, lambda sale: replace(sale, payments=(), state=SaleState.CANCELLED)), "I2"),
        (change_attempt(4, next_at=None), "I4"),
        (change_refund(1, next_at=None), "I4"),
        (change_refund(0, amount=Money(999)), "I9"),
        (change_refund(0, amount=Money(10_001)), "I9"),
        (a_cash_refund_becomes_electronic, "I9"),
        (forget_it_in_the_ledger("paid"), "payments"),
        (forget_it_in_the_ledger("failed"), "payments"),
        (forget_it_in_the_ledger("reversed"), "payments"),
    ],
)
def test_what_is_planted_is_found(fake: FakeShop, plant: Callable[[Pages], None], found: str) -> None:
    plant(fake.till.pages)
    assert found in wrong(fake)


def test_money_on_a_sale_that_was_let_go_is_found(fake: FakeShop) -> None:
    pages = fake.till.pages
    sale_id = list(pages.sales)[2]
    kept = next(each for each in pages.attempts.values() if each.state is AttemptState.SENT)
    pages.attempts[kept.number] = replace(kept, state=AttemptState.PAID, next_at=None)
    assert "I2" not in wrong(fake)  # waited for: a part that is paid
    pages.sales[sale_id] = replace(pages.sales[sale_id], state=SaleState.CANCELLING)
    assert "I2" in wrong(fake)


def test_a_payment_that_comes_when_nobody_waits_is_undone_and_told(fake: FakeShop) -> None:
    """The gateway says paid, and the sale was let go meanwhile: both states stand in the ledger."""
    pages = fake.till.pages
    late = next(each for each in pages.attempts.values() if each.state is AttemptState.SENT)
    sale_id = late.sale_id
    pages.sales[sale_id] = replace(pages.sales[sale_id], state=SaleState.CANCELLING)
    fake.gateways.one.customer_pays(late.number)
    assert fake.shop.follow_payment(late.number).attempt.state is AttemptState.REVERSING
    told = [
        entry.body["state"]
        for entry in fake.till.pages.ledger.values()
        if entry.kind == "payment_moved" and entry.body["number"] == late.number
    ]
    assert told == ["sent", "paid", "reversing"]
    assert "payments" not in wrong(fake)


def test_attempts_of_an_earlier_enrolment_stand_in_its_ledger(fake: FakeShop) -> None:
    pages = fake.till.pages
    assert pages.enrolment is not None
    pages.enrolment = replace(pages.enrolment, epoch=2)
    fake.clock.advance(timedelta(hours=1))
    sold_by_wallet(fake)
    assert wrong(fake) == set()
    forget_it_in_the_ledger("paid")(fake.till.pages)
    assert wrong(fake) == {"payments", "I15"}
