"""Tell which business date it is, and what time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.till import business_date_at
from pos_app.ports.books import Books
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


def firm_now(books: Books, clock: Clock) -> datetime:
    """A time that no clock set back can lessen: the latest of the clock's, the ledger's and what the platform told.

    For whatever ends by time (leases, limits): never for what is written down, which has the clock's own time. A clock that
    was ahead once ends such things early until it comes true or a new epoch begins; nothing is ever lengthened by it.
    """
    account = books.till.account()
    known = (clock.now(), books.ledger.latest_at(), None if account is None else account.told_at)
    return max(at for at in known if at is not None)
