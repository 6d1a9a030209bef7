"""Tell which business date it is, and what time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.till import business_date_at
from pos_app.ports.clock import Clock


@dataclass(frozen=True)
class Today:
    """The business date by the shop's day-change hour, and the shop's local time."""

    clock: Clock
    day_change_hour: int

    def __call__(self) -> date:
        return business_date_at(self.clock.local(self.clock.now()), self.day_change_hour)

    def local(self, at: datetime) -> datetime:
        return self.clock.local(at)

    def now(self) -> datetime:
        return self.clock.now()


def now_and_today(clock: Clock, day_change_hour: int) -> tuple[datetime, date]:
    """This instant, and the business date it counts for."""
    now = clock.now()
    return now, business_date_at(clock.local(now), day_change_hour)
