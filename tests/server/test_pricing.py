"""What a shop pays: the most specific rule, the cheapest break, half up, never nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_server.domain.catalogue import ShelfItem, lay_flat
from platform_server.domain.goods import Limits
from platform_server.domain.money import Money
from platform_server.domain.pricing import (
    LIST_PRICES,
    PriceBreak,
    PricedGoods,
    PriceList,
    PriceRule,
    PriceTier,
    priced_goods,
    read_rules,
)
from tests.fakes.platform_goods import product

GOODS = PricedGoods("p", "b", "c", Money(9_500, "CNY"))
SUBJECTS = {"product": "p", "brand": "b", "category": "c", "all": ""}


def rule(scope: str, *breaks: tuple[int, int], **other: Any) -> PriceRule:
    """Breaks as (from, rate)."""
    return PriceRule(
        scope,
        other.get("subject", SUBJECTS.get(scope, "")),
        tuple(PriceBreak(n, None, rate) for n, rate in breaks),
    )


def fixed(scope: str, minor: int, currency: str = "CNY") -> PriceRule:
    return PriceRule(scope, SUBJECTS[scope], (PriceBreak(1, Money(minor, currency)),))


def cost(quantity: int, *rules: PriceRule, goods: PricedGoods = GOODS) -> int:
    return PriceList.of("x", rules).unit_cost(goods, quantity).minor


def test_the_most_specific_rule_counts() -> None:
    every = [fixed("product", 4), fixed("brand", 3), fixed("category", 2), fixed("all", 1)]
    assert [cost(1, *every[start:]) for start in range(4)] == [4, 3, 2, 1]
    assert cost(1, rule("brand", (1, 1), subject="other")) == cost(1) == 9_500


def test_breaks_count_from_their_quantity_on_and_the_cheapest_wins() -> None:
    falling = rule("all", (1, 9_900), (10, 9_500), (50, 9_700))
    assert [cost(quantity, falling) for quantity in (0, 1, 9, 10, 50)] == [9_405, 9_405, 9_405, 9_025, 9_025]


def test_a_fixed_price_of_another_currency_does_not_count() -> None:
    assert cost(1, fixed("product", 4, "USD"), fixed("brand", 3)) == 3


@given(st.integers(1, 10**9), st.integers(1, 100_000))
def test_a_rate_is_rounded_half_up_and_never_to_nothing(wholesale: int, rate: int) -> None:
    found = PriceBreak(1, None, rate).price(Money(wholesale, "CNY")).minor
    exact = Fraction(wholesale * rate, 10_000)
    assert found == max(1, int(exact + Fraction(1, 2)))
    assert type(found) is int


@given(
    st.lists(st.integers(2, 99), unique=True, max_size=5).map(sorted),
    st.lists(st.integers(1, 20_000), min_size=6, max_size=6),
    st.integers(1, 10**7),
)
def test_one_more_piece_never_makes_a_piece_dearer(
    starts: list[int], rates: list[int], wholesale: int
) -> None:
    breaks = rule("all", *zip([1, *starts], rates, strict=False))
    goods = GOODS._replace(wholesale=Money(wholesale, "CNY"))
    prices = [cost(quantity, breaks, goods=goods) for quantity in range(1, 101)]
    assert prices == sorted(prices, reverse=True)
    assert prices[-1] >= 1


def test_the_catalogue_shows_the_price_of_the_smallest_quantity() -> None:
    prices = PriceList.of("x", [rule("all", (1, 9_000), (5, 8_000))])
    item = ShelfItem(product(limits=Limits(5, 10, 1)), 3)
    told = prices.tell(item)
    assert told.product.wholesale == Money(7_600, "CNY")
    assert prices.tell_row(lay_flat(item)) == lay_flat(told)
    assert LIST_PRICES.tell(item) == item
    assert prices.unit_cost(priced_goods(item.product), 4) == Money(8_550, "CNY")


@pytest.mark.parametrize(
    "make",
    [
        lambda: PriceBreak(0, None, 1),
        lambda: PriceBreak(1),
        lambda: PriceBreak(1, Money(1, "CNY"), 1),
        lambda: PriceBreak(1, Money(0, "CNY")),
        lambda: PriceBreak(1, None, 0),
        lambda: PriceBreak(1, None, 100_001),
        lambda: rule("shelf", subject="x"),
        lambda: rule("all", (1, 1), subject="x"),
        lambda: rule("brand", (1, 1), subject=""),
        lambda: rule("all"),
        lambda: rule("all", (2, 1)),
        lambda: rule("all", (1, 1), (3, 1), (3, 1)),
        lambda: PriceRule("all", "", (PriceBreak(1, Money(1, "CNY")), PriceBreak(2, Money(1, "USD")))),
        lambda: PriceTier("t", "", ()),
        lambda: PriceTier("t", "gold", (rule("all", (1, 1)), rule("all", (1, 2)))),
    ],
)
def test_prices_refuse_nonsense(make: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make()


def test_a_tier_is_read_from_its_document() -> None:
    told = {
        "rules": [
            {
                "scope": "brand",
                "subject": "star",
                "breaks": [{"from": 1, "rate_bp": 9_700}, {"from": 10, "minor": 950}],
            },
            {"scope": "all", "breaks": [{"from": 1, "rate_bp": 9_900}]},
        ]
    }
    brand, every = read_rules(told, "CNY")
    assert brand.breaks == (PriceBreak(1, None, 9_700), PriceBreak(10, Money(950, "CNY")))
    assert (every.scope, every.subject) == ("all", "")


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ([], "a tier is"),
        ({"rules": 1}, "a tier is"),
        ({"rules": [{"scope": "all"}]}, "rule 1 has no breaks"),
        ({"rules": [{"scope": "all", "breaks": [1]}]}, "rule 1 is not of the form"),
        ({"rules": [{"scope": "all", "breaks": [{"from": "1", "rate_bp": 1}]}]}, "rule 1 is not of the form"),
        ({"rules": [{"scope": "all", "breaks": [{"from": 1, "rate_bp": 0.5}]}]}, "rule 1 is not of the form"),
        ({"rules": [{"scope": "all", "breaks": [{"from": 1, "minor": 0}]}]}, "rule 1: a fixed price"),
    ],
)
def test_a_document_that_is_none_is_refused_with_its_place(told: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_rules(told, "CNY")
