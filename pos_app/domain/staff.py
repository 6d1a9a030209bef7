"""Who stands at the till and what they may do, and how wrong PINs lock a person out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from pos_app.domain.errors import NotAllowed, ReasonNeeded

LEAST_PIN_DIGITS = 6
TRIES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)


class Role(StrEnum):
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


class Permission(StrEnum):
    SELL = "sell"
    KEEP_SHIFT = "keep_shift"
    MOVE_CASH = "move_cash"
    OPEN_DRAWER = "open_drawer"
    REPRINT = "reprint"
    SHOW_CODE = "show_code"
    OVERRIDE = "override"
    SEE_DAY = "see_day"
    CHANGE_SETTINGS = "change_settings"


_CASHIER = frozenset(
    {Permission.SELL, Permission.KEEP_SHIFT, Permission.MOVE_CASH, Permission.OPEN_DRAWER, Permission.REPRINT}
)
_SUPERVISOR = _CASHIER | {Permission.SHOW_CODE, Permission.OVERRIDE, Permission.CHANGE_SETTINGS}
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASHIER: _CASHIER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.OWNER: _SUPERVISOR | {Permission.SEE_DAY},
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in; `pin_hash` is argon2id over PIN and pepper. The lock survives restarts (S7)."""

    id: str
    name: str
    role: Role
    pin_hash: str
    wrong_tries: int = 0
    locked_at: datetime | None = None
    is_active: bool = True

    def locked_until(self) -> datetime | None:
        """The end of the present lock: after every 5th wrong PIN 1 minute, then 2, 4 ... at most an hour."""
        if self.locked_at is None or self.wrong_tries < TRIES_BEFORE_LOCK:
            return None
        rounds = self.wrong_tries // TRIES_BEFORE_LOCK - 1
        return self.locked_at + min(FIRST_LOCK * (1 << min(rounds, 10)), LONGEST_LOCK)

    def is_locked(self, now: datetime) -> bool:
        """Locked until its time; a clock that was set back does not open it (I24)."""
        until = self.locked_until()
        return until is not None and now < until

    @property
    def tries_left(self) -> int:
        return TRIES_BEFORE_LOCK - self.wrong_tries % TRIES_BEFORE_LOCK

    def after_wrong_pin(self, now: datetime) -> Person:
        tries = self.wrong_tries + 1
        locked_at = now if tries % TRIES_BEFORE_LOCK == 0 else self.locked_at
        return replace(self, wrong_tries=tries, locked_at=locked_at)

    def after_right_pin(self) -> Person:
        return replace(self, wrong_tries=0, locked_at=None)


@dataclass(frozen=True, slots=True)
class Cashier:
    """A person who is signed in."""

    id: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def must_be_allowed(self, permission: Permission) -> None:
        """NotAllowed when the cashier may not."""
        if not self.may(permission):
            raise NotAllowed(permission=permission.value)


def must_say_why(reason: str) -> str:
    """The reason of something audited, trimmed; ReasonNeeded when there is none."""
    if not reason.strip():
        raise ReasonNeeded
    return reason.strip()


def is_weak(pin: str) -> bool:
    """True for PINs that everybody tries first: too short, one digit over and over, or a plain run."""
    if len(pin) < LEAST_PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})
