"""How many codes are worth holding, what one sale may take of them, and how a card goes from hand to hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pos_app.domain.card_code import Binding
from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import NotSoldOffline, WrongState
from pos_app.domain.lease import (
    Lease,
    LeasedCard,
    LeaseRules,
    LeaseState,
    OfflineLimits,
    cover,
    lease_plan,
    pieces,
)
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleLine, SaleState
from tests.fakes.till_goods import code_product, top_up_product

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RULES = LeaseRules(cover_days=2, most=100, most_amount=Money(500_000), most_face=Money(50_000))


def card(number: int, kit: int | None = None, lease_id: str = "lease") -> LeasedCard:
    return LeasedCard(
        f"card-{number}",
        lease_id,
        f"card-{number if kit is None else kit}",
        "product-1",
        Payload.NUMBER_PIN,
        Money(10_000),
        b"sealed",
    )


@pytest.mark.parametrize(("sold", "held"), [(1, 1), (7, 1), (8, 2), (14, 2), (15, 3), (70, 10)])
def test_days_of_cover_are_rounded_up(sold: int, held: int) -> None:
    assert lease_plan([code_product(1)], {"product-1": sold}, RULES) == {"product-1": held}


def test_what_sells_most_comes_first_within_the_caps() -> None:
    goods = [code_product(1), code_product(2, face=20_000), code_product(3)]
    sold = {"product-1": 14, "product-2": 42, "product-3": 14}
    assert lease_plan(goods, sold, RULES) == {"product-2": 6, "product-1": 2, "product-3": 2}
    assert lease_plan(goods, sold, replace(RULES, most=7)) == {"product-2": 6, "product-1": 1}
    few = replace(RULES, most_amount=Money(70_000))
    assert lease_plan(goods, sold, few) == {"product-2": 3, "product-1": 1}


@pytest.mark.parametrize(
    "product",
    [
        top_up_product(),
        replace(code_product(1), leasable=False),
        replace(code_product(1), risk_class="high"),
        code_product(1, face=50_001),
        code_product(1, face=0),
    ],
)
def test_what_is_not_held(product: object) -> None:
    assert lease_plan([product], {product.id: 99}, RULES) == {}  # type: ignore[attr-defined,list-item]


def test_nothing_is_held_that_was_not_sold_or_when_it_is_switched_off() -> None:
    assert lease_plan([code_product(1)], {}, RULES) == {}
    assert lease_plan([code_product(1)], {"product-1": 14}, replace(RULES, is_on=False)) == {}


def test_a_kit_is_a_piece_or_nothing() -> None:
    held = [card(1), card(2, kit=1), card(3), card(4, kit=3), card(5)]
    assert [[each.card_id for each in piece] for piece in pieces(held, 2)] == [
        ["card-1", "card-2"],
        ["card-3", "card-4"],
    ]
    assert [card(1).is_first, card(2, kit=1).is_first] == [True, False]


def test_the_first_cards_cover_a_line() -> None:
    line = SaleLine("l", code_product(1), 2, Money(10_000))
    held = [card(1), card(2), card(3)]
    assert cover(line, held, has_ended=False) == tuple(held[:2])


@pytest.mark.parametrize(
    ("product", "held", "has_ended", "why"),
    [
        (top_up_product(), 3, False, "top_up"),
        (replace(code_product(1), leasable=False), 3, False, "not_leased"),
        (code_product(1), 0, False, "not_leased"),
        (code_product(1), 1, False, "too_few"),
        (code_product(1), 1, True, "expired"),
    ],
)
def test_why_a_line_is_not_covered(product: object, held: int, has_ended: bool, why: str) -> None:
    line = SaleLine("l", product, 2, Money(10_000))  # type: ignore[arg-type]
    with pytest.raises(NotSoldOffline) as caught:
        cover(line, [card(number) for number in range(held)], has_ended=has_ended)
    assert (caught.value.product_id, caught.value.why) == (line.product.id, why)


@pytest.mark.parametrize(
    ("codes", "parts", "fits"), [(5, 1, True), (6, 1, False), (2, 2, True), (3, 2, False)]
)
def test_limits_count_codes_not_pieces(codes: int, parts: int, fits: bool) -> None:
    product = replace(code_product(1, face=1_000), parts=parts)
    sale = Sale("s", "CNY").with_product(product, codes, "l")
    if fits:
        OfflineLimits().check(sale)
        return
    with pytest.raises(NotSoldOffline):
        OfflineLimits().check(sale)


def test_the_line_that_is_too_much_is_named() -> None:
    sale = (
        Sale("s", "CNY")
        .with_product(code_product(1), 1, "l1")
        .with_product(code_product(2, face=95_000), 1, "l2")
    )
    with pytest.raises(NotSoldOffline) as caught:
        OfflineLimits().check(sale)
    assert (caught.value.product_id, caught.value.why) == ("product-2", "limit")


def test_a_lease_sells_until_its_end_and_only_open() -> None:
    lease = Lease("lease", 1, NOON, expires_at=NOON + timedelta(hours=24))
    assert lease.lasts(NOON + timedelta(hours=23))
    assert not lease.lasts(NOON + timedelta(hours=24))
    assert not replace(lease, state=LeaseState.FENCED).lasts(NOON)
    assert not replace(lease, expires_at=None).lasts(NOON)
    assert not replace(lease, expires_at=None).is_running_out(NOON, timedelta(hours=2))
    assert not lease.is_running_out(NOON + timedelta(hours=21), timedelta(hours=2))
    assert lease.is_running_out(NOON + timedelta(hours=22), timedelta(hours=2))


def test_a_sale_from_leases_has_arrows_of_its_own() -> None:
    plain = Sale("s", "CNY", state=SaleState.RESERVED)
    offline = replace(plain, is_offline=True)
    assert offline.moved_to(SaleState.CANCELLED).state is SaleState.CANCELLED
    with pytest.raises(WrongState):
        plain.moved_to(SaleState.CANCELLED)
    with pytest.raises(WrongState):
        offline.moved_to(SaleState.CANCELLING)
    paid = replace(offline, state=SaleState.PAID)
    assert paid.moved_to(SaleState.HAVE).state is SaleState.HAVE
    with pytest.raises(WrongState):
        replace(paid, is_offline=False).moved_to(SaleState.HAVE)


def test_a_leased_card_is_bound_to_its_lease_in_place_of_a_sale() -> None:
    plain = Binding("shop", "till", 1, "sale", "line", "card", "product", Money(100))
    leased = replace(plain, lease_id="lease")
    assert leased.encode() == replace(leased, sale_id="other", line_id="else").encode()
    assert leased.encode() != plain.encode()
    fields = [b"pos-code-1", b"shop", b"till", b"1", b"lease", b"card", b"product", b"100", b"CNY"]
    assert leased.encode() == b"".join(len(each).to_bytes(4, "big") + each for each in fields)
