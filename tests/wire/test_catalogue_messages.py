"""Catalogue pages as the platform tells them."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from pos_app.domain.catalogue import Choice, FieldSpec, Names, Payload, Product
from pos_app.wire.platform.catalogue_messages import product_of, read_page
from tests.fakes.till_goods import code_product, top_up_product
from tests.wire.told import told_product


def page(*products: Any, **more: Any) -> bytes:
    told = {"products": products, "removed": [], "cursor": "c", "complete": True, "total": 2, **more}
    return json.dumps({**told, "server_time": "2026-11-22T04:00:00Z"}).encode()


CHOICE = FieldSpec("region", Names("区", "Region"), "choice", (Choice("cn", Names("中", "CN")),), None, False)
PRODUCTS = [
    replace(code_product(1), stock=0),
    replace(code_product(2, payload=Payload.LINK), stock=100, validity_days=None, qr=None),
    replace(code_product(3, payload=Payload.IMAGE), parts=4, qr=None),
    replace(top_up_product(), fields=(*top_up_product().fields, CHOICE)),
]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.id)
def test_a_product_comes_through_whole(product: Product) -> None:
    assert read_page(page(told_product(product))).products == (product,)
    assert product_of(told_product(product)) == product


def test_a_platform_of_before_kits_is_understood() -> None:
    told = told_product(code_product(1))
    for name in ("card_kind", "parts", "return_days"):
        del told[name]
    assert product_of(told) == code_product(1)


def test_a_page_comes_through_whole() -> None:
    read = read_page(page(removed=["gone"], cursor="next", complete=False, total=7))
    assert (read.products, read.removed, read.cursor, read.is_last, read.total) == (
        (),
        ("gone",),
        "next",
        False,
        7,
    )


def test_what_many_products_share_is_one_value() -> None:
    one, two = read_page(page(*(told_product(code_product(number)) for number in (1, 2)))).products
    assert one.brand is two.brand
    assert one.category is two.category
    assert one.instructions is two.instructions
    assert one.face is two.face


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "lottery"},
        {"payload": "dance"},
        {"card_kind": "eternal"},
        {"fields": [{**told_product(top_up_product())["fields"][0], "kind": "password"}]},
    ],
)
def test_a_kind_from_the_future_is_left_out(strange: dict[str, Any]) -> None:
    products = read_page(
        page(told_product(code_product(1)), told_product(code_product(2), **strange))
    ).products
    assert [product.id for product in products] == ["product-1"]
    with pytest.raises(msgspec.ValidationError):
        product_of(told_product(code_product(2), **strange))


@pytest.mark.parametrize(
    "wrong", [{"version": "1"}, {"face": {"minor": 1.5, "currency": "CNY"}}, {"names": None}]
)
def test_a_page_of_another_form_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_page(page(told_product(code_product(1), **wrong)))
