"""A small day at a fake till for the tests of the pages: sales of every fate, and a Run that waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from pos_app.domain.errors import PaperTrouble, PosError
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, TopUp, TopUpState
from pos_app.shop import Next
from pos_app.ui.run import Lane
from tests.fakes.till_shop import FakeShop

T = TypeVar("T")


class RunNow:
    """Does every piece of work at once, on the caller's thread; `lanes` remembers where it would have run."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []

    def __call__(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[PosError], None],
    ) -> None:
        self.lanes.append(lane)
        try:
            result = work()
        except PosError as error:
            failed(error)
        else:
            done(result)


def sell(fake: FakeShop, *products: int, received: int | None = None, phone: str = "13800138000") -> Sale:
    """One sale of these products of the fake shop, paid in cash and confirmed; papers are due, not printed."""
    shop = fake.shop
    basket = shop.new_sale()
    for number in products:
        product = fake.products[number]
        fields = (("phone", phone),) if product.fields else ()
        basket = basket.with_product(product, 1, fake.clock.new_id(), fields)
    sale = shop.reserve(fake.cashier, basket)
    shop.take_cash(fake.cashier, sale.id, Money(received) if received else sale.total)
    return shop.go_on(sale.id).sale


def print_out(fake: FakeShop, sale: Sale) -> None:
    """Every paper of the sale, as the paper lane would; a printer that fails stops it."""
    try:
        while fake.shop.go_on.look(sale.id).next is Next.PAPER:
            fake.shop.print_next(sale.id)
    except PaperTrouble:
        return


def sold(fake: FakeShop, *products: int, received: int | None = None, phone: str = "13800138000") -> Sale:
    """A sale that is through: every paper is out."""
    sale = sell(fake, *products, received=received, phone=phone)
    print_out(fake, sale)
    return sale


def failed_top_up(fake: FakeShop, phone: str = "13900139000") -> Sale:
    """A phone top-up that the supplier refused for good: its money must go back."""
    fake.platform.script_top_up(phone, [TopUp(TopUpState.FAILED_FINAL, None, "closed")])
    sale = sold(fake, 2, phone=phone)
    fake.shop.go_on(sale.id)
    print_out(fake, sale)
    return sale


def full_day(fake: FakeShop) -> dict[str, Sale]:
    """One of each: done, a slip in question, a slip that failed, a top-up on its way, money to give back."""
    fake.platform.script_top_up("13600136000", [TopUp(TopUpState.SUBMITTING)])
    day = {"done": sold(fake, 0, received=20_000)}
    fake.clock.advance(timedelta(minutes=21))
    day["mixed"] = sold(fake, 0, 1, received=20_000)
    fake.clock.advance(timedelta(minutes=14))
    day["failed_top_up"] = failed_top_up(fake)
    fake.clock.advance(timedelta(minutes=9))
    fake.printer.fail_next("timeout", sent=True)
    day["asked"] = sold(fake, 1)
    fake.clock.advance(timedelta(minutes=6))
    fake.printer.fail_next("paper_out")
    day["slip_failed"] = sold(fake, 0)
    fake.clock.advance(timedelta(minutes=3))
    day["top_up"] = sold(fake, 2, phone="13600136000")
    fake.platform.fail_next("confirm", "after_effect", _down())
    fake.clock.advance(timedelta(minutes=2))
    day["waiting"] = _paid_only(fake)
    fake.clock.advance(timedelta(minutes=2))
    day["last"] = sold(fake, 1, received=20_000)
    return day


def _down() -> PosError:
    from pos_app.domain.errors import Unreachable

    return Unreachable("timeout")


def _paid_only(fake: FakeShop) -> Sale:
    """Paid, and the platform did not answer: its code follows by itself."""
    shop = fake.shop
    basket = shop.new_sale().with_product(fake.products[0], 1, fake.clock.new_id())
    sale = shop.reserve(fake.cashier, basket)
    paid = shop.take_cash(fake.cashier, sale.id, sale.total)
    try:
        shop.go_on(sale.id)
    except PosError:
        return paid
    raise AssertionError("the platform answered")
