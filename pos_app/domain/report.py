"""The day in figures, for the owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pos_app.domain.catalogue import Names
from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a table: a name, how often, and its money. `names` has both languages where the thing has them."""

    key: str
    names: Names
    number: int
    takings: Money
    margin: Money


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The sums of one day: `refunds` is money given back, already taken off `takings` and `margin`."""

    sales: int
    takings: Money
    margin: Money
    refunds: Money

    @property
    def average(self) -> Money:
        """Takings per sale, rounded half up; zero on a day without sales."""
        if not self.sales:
            return Money(0, self.takings.currency)
        return Money((2 * self.takings.minor + self.sales) // (2 * self.sales), self.takings.currency)


@dataclass(frozen=True, slots=True)
class DayReport:
    """One business date: its figures, those of the same day last week, and three tables; `by_hour` has 24 sums."""

    day: date
    figures: DayFigures
    week_before: DayFigures
    by_hour: tuple[Money, ...]
    by_product: tuple[Share, ...]
    by_tender: tuple[Share, ...]
    by_cashier: tuple[Share, ...]


def change_percent(now: int, before: int) -> int | None:
    """By how many percent `now` is above (or below) `before`, rounded; None when there was nothing before."""
    if before <= 0:
        return None
    return (200 * (now - before) + before) // (2 * before)
