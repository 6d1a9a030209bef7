"""Which copies of the books are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from pos_app.domain.backup import Backup, BackupKind, surplus

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def day_of(at: datetime) -> date:
    return at.date()


def copy(at: datetime, kind: BackupKind = BackupKind.CLOSING) -> Backup:
    return Backup(f"{kind.value}-{at:%Y%m%d%H%M}.db", kind, at, 1, "")


def left(backups: list[Backup], fresh: str = "") -> set[str]:
    gone = {each.name for each in surplus(backups, day_of, fresh)}
    return {each.name for each in backups} - gone


def test_three_days_of_closings_then_one_a_day_for_fourteen_days() -> None:
    times = [NOON - timedelta(days=day, hours=hour) for day in range(20) for hour in (0, 1, 2)]
    every = [copy(at) for at in times]
    expected = {copy(NOON - timedelta(days=day, hours=hour)).name for day in range(3) for hour in (0, 1, 2)}
    expected |= {copy(NOON - timedelta(days=day)).name for day in range(14)}
    assert left(every) == expected


def test_of_a_day_long_ago_the_latest_is_kept_whatever_it_was_made_for() -> None:
    first, last = copy(NOON), copy(NOON + timedelta(hours=1), BackupKind.HAND)
    later = [copy(NOON + timedelta(days=day)) for day in range(1, 5)]
    assert left([first, last, *later]) == {last.name, *(each.name for each in later)}


def test_three_upgrades_are_kept_beside_the_days() -> None:
    upgrades = [copy(NOON + timedelta(days=30 * month), BackupKind.UPGRADE) for month in range(5)]
    assert left([copy(NOON), *upgrades]) == {copy(NOON).name, *(each.name for each in upgrades[2:])}


def test_a_clock_that_jumped_ahead_once_makes_nothing_too_old() -> None:
    every = [copy(NOON - timedelta(days=day)) for day in range(10)]
    jumped = copy(NOON + timedelta(days=4000))
    assert left([*every, jumped], jumped.name) == {each.name for each in [*every, jumped]}


@given(some.lists(some.integers(0, 400), unique=True), some.integers(0, 400))
def test_the_fresh_one_is_kept_wherever_the_clock_stands(hours: list[int], hour: int) -> None:
    fresh = copy(NOON + timedelta(hours=hour))
    every = [*(copy(NOON + timedelta(hours=each)) for each in hours if each != hour), fresh]
    assert fresh.name in left(every, fresh.name)
    assert len(left(every, fresh.name)) <= 14 + 3 * 24 + 1
