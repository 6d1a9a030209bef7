"""Money as integer minor units with a currency; the only rounding and splitting in the house."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Minor units per currency (ISO 4217); a currency that is not listed has two.
EXPONENTS = {"CNY": 2, "USD": 2, "EUR": 2, "HKD": 2, "JPY": 0, "KRW": 0}


@dataclass(frozen=True, slots=True)
class Money:
    """A sum of money: `minor` units (fen, cents) of `currency` (ISO 4217)."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            raise TypeError(f"money is counted in whole minor units, not in {type(self.minor).__name__}")

    def __add__(self, other: Money) -> Money:
        self._must_match(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._must_match(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._must_match(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._must_match(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    @property
    def is_zero(self) -> bool:
        return self.minor == 0

    @staticmethod
    def sum(amounts: Iterable[Money], currency: str) -> Money:
        """The total of `amounts`, zero of `currency` when there are none."""
        total = Money(0, currency)
        for amount in amounts:
            total = total + amount
        return total

    def plain(self) -> str:
        """The figure alone, `1250` CNY as `12.50`: for paper, files and tests; screens use the user's locale."""
        places = EXPONENTS.get(self.currency, 2)
        sign = "-" if self.minor < 0 else ""
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)

    @staticmethod
    def read(text: str, currency: str) -> Money:
        """What a person typed (`12.5`, `12`, `.5`) as money; ValueError when it is not a sum of money."""
        places = EXPONENTS.get(currency, 2)
        whole, dot, part = text.strip().partition(".")
        if (
            not (whole + part).isascii()
            or not (whole + part).isdigit()
            or len(part) > places
            or len(whole) > 12
        ):
            raise ValueError(f"not a sum of money: {text!r}")
        del dot
        return Money(int((whole or "0") + part.ljust(places, "0")), currency)

    def _must_match(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
