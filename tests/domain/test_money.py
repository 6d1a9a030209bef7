"""Money: whole minor units, one currency at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.money import Money

MINOR = st.integers(-(10**12), 10**12)


def test_floats_and_booleans_are_no_money() -> None:
    with pytest.raises(TypeError):
        Money(12.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(True)


@given(MINOR, MINOR)
def test_adds_and_subtracts_exactly(a: int, b: int) -> None:
    assert (Money(a) + Money(b)) - Money(b) == Money(a)
    assert Money.sum([Money(a), Money(b)], "CNY") == Money(a + b)


@given(MINOR, MINOR)
def test_orders_like_the_numbers(a: int, b: int) -> None:
    assert (Money(a) < Money(b)) is (a < b)
    assert (Money(a) <= Money(b)) is (a <= b)
    assert (Money(a) > Money(b)) is (a > b)
    assert (Money(a) >= Money(b)) is (a >= b)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not mix"):
        Money(1, "CNY") + Money(1, "USD")


def test_times_and_zero() -> None:
    assert Money(1250) * 3 == Money(3750)
    assert Money(0).is_zero
    assert not Money(1).is_zero


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1250), "12.50"),
        (Money(5), "0.05"),
        (Money(-5), "-0.05"),
        (Money(0), "0.00"),
        (Money(7, "JPY"), "7"),
        (Money(-1205), "-12.05"),
    ],
)
def test_plain_text(money: Money, text: str) -> None:
    assert money.plain() == text


@given(st.integers(0, 10**12))
def test_what_it_says_it_can_read(minor: int) -> None:
    assert Money.read(Money(minor).plain(), "CNY") == Money(minor)


@pytest.mark.parametrize(("text", "minor"), [("12", 1200), ("12.5", 1250), (" .5 ", 50), ("12.", 1200)])
def test_reads_what_people_type(text: str, minor: int) -> None:
    assert Money.read(text, "CNY") == Money(minor)


@pytest.mark.parametrize(
    "text", ["", ".", "1.234", "-1", "1e3", "1,000", "abc", "1.2.3", "9" * 13, "\u0661\u0662"]
)
def test_refuses_what_is_no_sum(text: str) -> None:
    with pytest.raises(ValueError, match="not a sum"):
        Money.read(text, "CNY")
