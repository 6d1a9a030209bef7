"""The moves of a sale that many flow tests make."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import Unreachable
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Next, Progress
from tests.fakes.till_shop import FakeShop

PHONE = (("phone", "13800138000"),)


def basket(fake: FakeShop, *, codes: int = 2, top_up: bool = False) -> Sale:
    """`codes` cards of product 1, if any, and the phone top-up."""
    sale = fake.shop.new_sale()
    if codes:
        sale = fake.shop.ring_up.product(sale, fake.products[0], codes).sale
    return fake.shop.ring_up.top_up(sale, fake.products[-1], PHONE).sale if top_up else sale


def paid(fake: FakeShop, *, codes: int = 2, top_up: bool = False) -> Sale:
    sale = fake.shop.reserve(fake.cashier, basket(fake, codes=codes, top_up=top_up))
    return fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))


def run_out(fake: FakeShop, sale: Sale) -> Progress:
    """On until neither wire nor paper is next; a top-up on its way is asked once."""
    progress = fake.shop.go_on(sale.id)
    while progress.next is Next.PAPER:
        progress = fake.shop.print_next(sale.id)
    return progress


def sold(fake: FakeShop, *, codes: int = 2, top_up: bool = False) -> Progress:
    return run_out(fake, paid(fake, codes=codes, top_up=top_up))


def substituted(fake: FakeShop) -> str:
    """A sale that is stuck at the platform, its goods in hand all the same, and the order not withdrawn yet: its id."""
    sale = paid(fake, codes=1)
    fake.platform.fail_next("confirm", "after_effect", Unreachable("down"))
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    message = Message.new(fake.clock.new_id(), MessageKind.WITHDRAW, sale.id, fake.clock.now())
    with fake.till.open_books() as books:
        stuck = books.sales.get(sale.id)
        books.sales.put(stuck.moved_to(SaleState.HAVE).moved_to(SaleState.DONE))
        books.outbox.add(message)
        books.commit()
    return sale.id
