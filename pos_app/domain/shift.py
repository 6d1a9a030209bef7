"""The shift: from opening cash to the counted drawer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pos_app.domain.money import Money
from pos_app.domain.payment import Tender


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Cash put in or taken out beside sales; always with a reason and a name."""

    id: str
    shift_id: str
    direction: Direction
    amount: Money
    reason: str
    cashier_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """An open or closed shift; `closed_at` is None while it is open."""

    id: str
    opened_by: str
    opened_by_name: str
    opened_at: datetime
    opening_cash: Money
    business_date: date
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TenderTotals:
    """What one wallet brought in a shift, and what went back to it, asked for or done: sums, and how many."""

    tender: Tender
    payments: int
    taken: Money
    refunds: int
    given_back: Money


@dataclass(frozen=True, slots=True)
class ShiftTotals:
    """What the books say a shift took: sums of cash that came in and went out, and the number of sales.

    `by_tender` has the wallets that moved money, in their order, never cash. `checking` payments, `checking_money` in
    all, are not certain yet and in no sum. `unsent` is what the platform should have heard by then and had not. Closings
    of older programs have none of these.
    """

    sales: int
    takings: Money
    cash_taken: Money
    cash_refunded: Money
    moved_in: Money
    moved_out: Money
    open_items: int
    open_money: Money
    by_tender: tuple[TenderTotals, ...] = ()
    checking: int = 0
    checking_money: Money | None = None
    unsent: int = 0

    def expected_cash(self, opening_cash: Money) -> Money:
        return opening_cash + self.cash_taken + self.moved_in - self.moved_out - self.cash_refunded


@dataclass(frozen=True, slots=True)
class CashCount:
    """A count of the drawer: pieces per denomination in minor units, and loose money beside it."""

    pieces: tuple[tuple[int, int], ...]
    loose: Money

    @property
    def total(self) -> Money:
        return Money(
            sum(value * number for value, number in self.pieces) + self.loose.minor, self.loose.currency
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """The sealed result of a shift; `difference` is positive when the drawer held more than expected."""

    shift: Shift
    totals: ShiftTotals
    expected: Money
    counted: Money
    closed_by_name: str
    closed_at: datetime

    @property
    def difference(self) -> Money:
        return self.counted - self.expected
