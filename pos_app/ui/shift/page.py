"""What the shift page shows, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import NOTES
from pos_app.domain.shift import CashCount, Closing, Shift, ShiftTotals
from pos_app.shop import SaleView

# Coins in minor units; a coin of one yuan is counted with the note of one yuan.
COINS = {"CNY": (50, 10)}


class Step(StrEnum):
    READING = "reading"
    CLOSED = "closed"  # no shift: opening cash
    OPEN = "open"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    DRAWER = "drawer"
    COUNT = "count"  # blind: what is expected is not known to the page yet
    COMPARE = "compare"
    DONE = "done"


class Said(StrEnum):
    NOTHING = "nothing"
    OPENED = "opened"
    MOVED = "moved"
    DRAWER_OPENED = "drawer_opened"
    PRINTING = "printing"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """One moment of the page; `totals` is None until the count was typed."""

    currency: str
    now: datetime
    step: Step = Step.READING
    shift: Shift | None = None
    last_closing: Closing | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    loose: Money | None = None
    is_loose_bad: bool = False
    totals: ShiftTotals | None = None
    open_items: tuple[SaleView, ...] = ()
    closing: Closing | None = None
    moved: Money | None = None
    said: Said = Said.NOTHING
    trouble: PosError | None = None
    is_busy: bool = False

    @property
    def denominations(self) -> tuple[int, ...]:
        """Notes and coins to count, the largest first; none for a currency that we do not know."""
        return (*NOTES.get(self.currency, ()), *COINS.get(self.currency, ()))

    @property
    def count(self) -> CashCount:
        return CashCount(self.pieces, self.loose or Money(0, self.currency))

    @property
    def expected(self) -> Money | None:
        if self.shift is None or self.totals is None:
            return None
        return self.totals.expected_cash(self.shift.opening_cash)

    @property
    def difference(self) -> Money | None:
        """Positive when the drawer holds more than the books expect."""
        return None if self.expected is None else self.count.total - self.expected

    def number_of(self, denomination: int) -> int:
        return dict(self.pieces).get(denomination, 0)
