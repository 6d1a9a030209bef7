"""A copy of the till's file, and which copies are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

KEPT_DAYS = 14
KEPT_CLOSING_DAYS = 3
KEPT_UPGRADES = 3


class BackupKind(StrEnum):
    CLOSING = "closing"  # made when a shift was closed; it stands for the moment of the closing
    UPGRADE = "upgrade"  # made before a newer program changed the shape of the file
    HAND = "hand"  # somebody asked for it


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole copy that was opened and looked over before it got its `name`.

    `at` is the moment it stands for, `size` in bytes, `receipt` the last receipt number in it, empty before the first.
    """

    name: str
    kind: BackupKind
    at: datetime
    size: int
    receipt: str


def is_saved(backups: Iterable[Backup], closed_at: datetime) -> bool:
    """Whether the closing of that moment has its copy."""
    return any(each.kind is BackupKind.CLOSING and each.at == closed_at for each in backups)


def surplus(backups: Iterable[Backup], day_of: Callable[[datetime], date], fresh: str) -> tuple[Backup, ...]:
    """What need not be kept, once the copy named `fresh` is there.

    Kept are: of each of the last 14 days that have one the latest, all closings of the last 3 such days, the last 3 made
    before upgrades, and `fresh` in any case. Days are counted among the copies, not by the calendar: a clock that once
    jumped ahead must not make all older ones look too old.
    """
    newest_first = sorted(backups, key=lambda each: each.at, reverse=True)
    daily = [each for each in newest_first if each.kind is not BackupKind.UPGRADE]
    upgrades = [each for each in newest_first if each.kind is BackupKind.UPGRADE]
    latest: dict[date, str] = {}
    for each in daily:
        latest.setdefault(day_of(each.at), each.name)
    days = list(latest)
    kept = {
        fresh,
        *(latest[day] for day in days[:KEPT_DAYS]),
        *(each.name for each in upgrades[:KEPT_UPGRADES]),
    }
    recent = set(days[:KEPT_CLOSING_DAYS])
    kept |= {each.name for each in daily if each.kind is BackupKind.CLOSING and day_of(each.at) in recent}
    return tuple(each for each in newest_first if each.name not in kept)
