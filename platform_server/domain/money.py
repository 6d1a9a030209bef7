"""Money as a whole number of minor units with its currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount, e.g. Money(1250, "CNY") is 12.50 yuan; may be negative only inside the journal.

    Raises TypeError for anything but a whole number, ValueError for a currency that is not three capital
    letters (ISO 4217) or when two currencies meet.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are whole numbers")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError("a currency is three capital letters")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._alike(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._alike(other), self.currency)

    def __mul__(self, quantity: int) -> Money:
        if type(quantity) is not int:
            raise TypeError("money is multiplied by whole numbers only")
        return Money(self.minor * quantity, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._alike(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._alike(other)

    def _alike(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.minor

    @staticmethod
    def sum(amounts: Iterable[Money], currency: str) -> Money:
        """The total, zero of `currency` when there is nothing to add."""
        total = Money(0, currency)
        for amount in amounts:
            total = total + amount
        return total
