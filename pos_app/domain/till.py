"""Who this till is, whom it belongs to, and how it stands with the platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pos_app.domain.catalogue import CatalogueState
from pos_app.domain.held import HeldAhead
from pos_app.domain.lease import LeaseTold
from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a platform gave this till; the private keys lie in the keyring, never here."""

    shop_id: str
    shop_name: str
    till_id: str
    till_code: str
    epoch: int
    currency: str
    address: str
    platform_key: str


@dataclass(frozen=True, slots=True)
class Account:
    """The shop's wallet as the platform last told it; `told_at` is the platform's own time."""

    balance: Money
    held: Money
    credit_limit: Money
    told_at: datetime
    leases: tuple[LeaseTold, ...] = ()  # not kept with the wallet: each lease is a row of its own

    @property
    def available(self) -> Money:
        return self.balance - self.held + self.credit_limit


@dataclass(frozen=True, slots=True)
class TillStatus:
    """The status strip in one value; `line_up` is None before the first try."""

    line_up: bool | None
    unsent: int
    open_items: int
    catalogue: CatalogueState
    account: Account | None
    is_wallet_low: bool
    clock_skew_s: int
    held: HeldAhead | None = None  # what can be sold while the platform is away
    is_locked: bool = False  # an old copy of the books was put back


def business_date_at(local: datetime, day_change_hour: int) -> date:
    """The day a moment counts for: before `day_change_hour` (0-23) it is still the day before."""
    return (local - timedelta(hours=day_change_hour)).date()
