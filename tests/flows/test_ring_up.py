"""Ringing up: exact barcodes first, quantities, phone numbers, words, top-ups; and the basket that survives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_app.domain.catalogue import Choice, Names
from pos_app.domain.errors import (
    FieldInvalid,
    NothingFound,
    PaymentCodeTooSoon,
    PaymentCodeUnsupported,
    QuantityInvalid,
    SoldOut,
    UnknownBarcode,
)
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.flows.ring_up import is_account
from tests.fakes.till_goods import PHONE_FIELD, code_product, top_up_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import PHONE, basket

CODE_1 = "6900000000001"


def test_a_barcode_is_rung_up(fake: FakeShop) -> None:
    rung = fake.shop.ring_up(fake.shop.new_sale(), CODE_1)
    assert rung.sale.quantity == 1
    assert rung.chosen == fake.platform.product("product-1") or rung.chosen is not None
    twice = fake.shop.ring_up(rung.sale, f" {CODE_1} ")
    assert twice.sale.lines[0].quantity == 2


@pytest.mark.parametrize("entry", [f"3*{CODE_1}", f"3 * {CODE_1}"])
def test_a_quantity_goes_with_the_barcode(fake: FakeShop, entry: str) -> None:
    assert fake.shop.ring_up(fake.shop.new_sale(), entry).sale.quantity == 3


def test_a_quantity_waits_for_the_next_product(fake: FakeShop) -> None:
    waiting = fake.shop.ring_up(fake.shop.new_sale(), "4*").quantity
    assert fake.shop.ring_up(fake.shop.new_sale(), CODE_1, waiting).sale.quantity == 4
    assert fake.shop.ring_up(fake.shop.new_sale(), "").quantity is None


def test_a_part_of_a_barcode_sells_nothing(fake: FakeShop) -> None:
    for part in (CODE_1[:-1], "69000000"):
        with pytest.raises(UnknownBarcode):
            fake.shop.ring_up(fake.shop.new_sale(), part)


def test_an_unknown_barcode_after_a_quantity(fake: FakeShop) -> None:
    with pytest.raises(UnknownBarcode):
        fake.shop.ring_up(fake.shop.new_sale(), "2*4006381333931")


def test_a_scanned_barcode_never_becomes_a_quantity(fake: FakeShop) -> None:
    with pytest.raises(QuantityInvalid):
        fake.shop.ring_up(fake.shop.new_sale(), f"{CODE_1}*{CODE_1}")


def test_words_offer_what_they_find(fake: FakeShop) -> None:
    rung = fake.shop.ring_up(fake.shop.new_sale(), "2*steam")
    assert len(rung.offers) == 2
    assert rung.quantity == 2
    with pytest.raises(NothingFound):
        fake.shop.ring_up(fake.shop.new_sale(), "no such thing")


def test_a_phone_number_offers_its_carriers_top_ups(fake: FakeShop) -> None:
    rung = fake.shop.ring_up(fake.shop.new_sale(), "138 0013 8000")
    assert rung.phone is not None
    assert rung.phone.carrier == "mobile"
    assert [product.id for product in rung.offers] == ["product-900"]


def test_a_payment_code_gets_a_sentence(fake: FakeShop) -> None:
    code = "134567890123456789"
    with pytest.raises(PaymentCodeTooSoon):
        fake.shop.ring_up(fake.shop.new_sale(), code)
    rung = fake.shop.ring_up(basket(fake), code)
    assert rung.payment_code is not None
    assert (rung.payment_code.wallet, rung.payment_code.text) == (Wallet.WECHAT, code)
    fake.gateways.all.clear()
    with pytest.raises(PaymentCodeUnsupported):
        fake.shop.ring_up(basket(fake), code)


def test_a_top_up_is_told_its_account_first(fake: FakeShop) -> None:
    product = fake.products[-1]
    rung = fake.shop.ring_up.product(fake.shop.new_sale(), product)
    assert rung.needs_fields == product
    added = fake.shop.ring_up.top_up(rung.sale, product, (("phone", "138-0013-8000"),))
    assert added.sale.lines[0].account == "13800138000"
    for wrong in ("", "12345", "not a number"):
        with pytest.raises(FieldInvalid):
            fake.shop.ring_up.top_up(rung.sale, product, (("phone", wrong),))


def test_a_field_that_may_stay_empty_stays_empty(fake: FakeShop) -> None:
    remark = replace(PHONE_FIELD, key="remark", label=Names("x", "x"), validator=None, required=False)
    product = replace(fake.products[-1], fields=(PHONE_FIELD, remark))
    line = fake.shop.ring_up.top_up(fake.shop.new_sale(), product, PHONE).sale.lines[0]
    assert line.fields == (("phone", "13800138000"), ("remark", ""))
    with pytest.raises(FieldInvalid) as refused:
        fake.shop.ring_up.top_up(fake.shop.new_sale(), product, (*PHONE, ("remark", "x")))
    assert refused.value.validator == "account"


def test_a_choice_is_one_of_its_options(fake: FakeShop) -> None:
    region = replace(
        PHONE_FIELD, key="region", kind="choice", validator=None, options=(Choice("1", Names("x", "x")),)
    )
    product = replace(fake.products[-1], fields=(PHONE_FIELD, region))
    sale = fake.shop.ring_up.top_up(fake.shop.new_sale(), product, (*PHONE, ("region", "1"))).sale
    assert sale.lines[0].fields[1] == ("region", "1")
    with pytest.raises(FieldInvalid):
        fake.shop.ring_up.top_up(fake.shop.new_sale(), product, (*PHONE, ("region", "Mars")))


@pytest.mark.parametrize(
    ("text", "validator", "ok"),
    [
        ("12345", "qq", True),
        ("01234", "qq", False),
        ("1234", "qq", False),
        ("123456789012", "qq", False),
        ("007", "digits", True),
        ("1" * 33, "digits", False),
        ("a@b.example", "email", True),
        ("a@b", "email", False),
        ("a b@c.example", "email", False),
        ("@c.example", "email", False),
        ("hero 1", "account", True),
        ("x", "account", False),
        ("x" * 65, None, False),
    ],
)
def test_shapes_of_accounts(text: str, validator: str | None, ok: bool) -> None:
    assert is_account(text, validator) is ok


def test_an_account_of_the_right_shape_is_taken(fake: FakeShop) -> None:
    game = replace(PHONE_FIELD, key="account", validator="account")
    product = replace(fake.products[-1], fields=(game,))
    sale = fake.shop.ring_up.top_up(fake.shop.new_sale(), product, (("account", " hero 1 "),)).sale
    assert sale.lines[0].account == "hero 1"


def test_sold_out_is_said_when_it_is_rung_up() -> None:
    none_left = replace(top_up_product(), stock=0)
    fake = make_fake_shop((code_product(1), none_left), stock=2)
    with pytest.raises(SoldOut):
        fake.shop.ring_up.top_up(fake.shop.new_sale(), none_left, PHONE)
    with pytest.raises(SoldOut) as refused:
        fake.shop.ring_up(fake.shop.new_sale(), f"3*{CODE_1}")
    assert (refused.value.wanted, refused.value.left) == (3, 2)
    with pytest.raises(SoldOut):
        fake.shop.ring_up.product(fake.shop.new_sale(), replace(code_product(1), stock=0))


def test_the_basket_survives(fake: FakeShop) -> None:
    assert fake.shop.take_up_basket().lines == ()
    sale = basket(fake, top_up=True)
    fake.shop.keep_basket(sale)
    taken_up = fake.restarted().take_up_basket()
    assert taken_up.lines == sale.lines
    assert taken_up.id != sale.id
    fake.shop.keep_basket(fake.shop.new_sale())
    assert fake.shop.take_up_basket().lines == ()
    fake.shop.keep_basket(None)


def test_paying_empties_the_kept_basket(fake: FakeShop) -> None:
    sale = basket(fake)
    fake.shop.keep_basket(sale)
    reserved = fake.shop.reserve(fake.cashier, sale)
    fake.shop.take_cash(fake.cashier, reserved.id, Money(20_000))
    assert fake.shop.take_up_basket().lines == ()
