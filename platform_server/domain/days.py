"""Which business date an instant counts for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The calendar of a platform: before `change_hour` (0-23, local time of `zone`) it is still the day before.

    Raises ValueError for a zone that nobody knows or an hour that no day has.
    """

    zone: str
    change_hour: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.change_hour <= 23:
            raise ValueError("a day changes between 0 and 23 o'clock")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
            raise ValueError(f"no time zone is called {self.zone}") from fault

    def date_of(self, at: datetime) -> date:
        """The business date of an aware instant."""
        return (at.astimezone(ZoneInfo(self.zone)) - timedelta(hours=self.change_hour)).date()

    def start_of(self, day: date) -> datetime:
        """The first instant of a business date, aware UTC."""
        local = datetime.combine(day, time(self.change_hour), tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """The first instant of the day after."""
        return self.start_of(day + timedelta(days=1))
