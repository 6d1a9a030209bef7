"""Sales at a fake counter that are paid by wallets, in whole or in part."""

from __future__ import annotations

from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, read_payment_code
from pos_app.domain.sale import Sale
from pos_app.shop import Next, Taking
from tests.fakes.till_shop import FakeShop

WECHAT, ALIPAY, UNIONPAY, ECNY = "134", "281", "621", "011"


def code(fake: FakeShop, wallet: str = WECHAT) -> PaymentCode:
    """A customer's code that nobody has used yet."""
    length = {WECHAT: 18, ALIPAY: 18, UNIONPAY: 19, ECNY: 19}[wallet]
    number = len(fake.till.pages.attempts) + 1
    read = read_payment_code(f"{wallet}{number:0{length - 3}d}")
    assert read is not None
    return read


def reserved(fake: FakeShop, *products: int) -> Sale:
    basket = fake.shop.new_sale()
    for number in products or (0,):
        basket = fake.shop.ring_up.product(basket, fake.products[number], 1).sale
    return fake.shop.reserve(fake.cashier, basket)


def charged(
    fake: FakeShop,
    sale: Sale,
    *,
    wallet: str = WECHAT,
    part: int | None = None,
    course: Standing = Standing.PAID,
) -> Taking:
    fake.gateways.one.next_course = course
    amount = None if part is None else Money(part)
    return fake.shop.charge_code(fake.cashier, sale.id, code(fake, wallet), amount)


def through(fake: FakeShop, sale: Sale) -> Sale:
    """Confirmed, and every paper out."""
    fake.shop.go_on(sale.id)
    while fake.shop.go_on.look(sale.id).next is Next.PAPER:
        fake.shop.print_next(sale.id)
    return fake.shop.look_up.sale(sale.id).sale


def sold_by_wallet(fake: FakeShop, *products: int, wallet: str = WECHAT) -> Sale:
    return through(fake, charged(fake, reserved(fake, *products), wallet=wallet).sale)


def sold_in_parts(fake: FakeShop, first: int, wallet: str = ALIPAY) -> Sale:
    """`first` fen by the wallet, the rest in cash with change."""
    sale = reserved(fake)
    left = charged(fake, sale, wallet=wallet, part=first).left
    return through(fake, fake.shop.take_cash(fake.cashier, sale.id, left + Money(1_000)))
