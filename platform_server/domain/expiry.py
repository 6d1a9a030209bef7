"""Reads the expiry dates of suppliers' files: the common forms, and nothing that could be read in two ways."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, time, tzinfo

_LAST_MOMENT = time(23, 59, 59, 999_999)
_TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.\u5e74](\d{{1,2}})[-/.\u6708](\d{{1,2}})\u65e5?{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TIME}")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-/.\u5e74](\d{1,2})\u6708?")
# For ever, long term, none, without limit.
_NEVER = {"", "-", "--", "/", "never", "none", "null", "n/a", "\u6c38\u4e45", "\u6c38\u4e45\u6709\u6548"}
_NEVER |= {"\u957f\u671f", "\u957f\u671f\u6709\u6548", "\u65e0", "\u65e0\u671f\u9650", "\u4e0d\u9650"}


def read_expiry(text: str, zone: tzinfo) -> datetime | None:
    """The last instant, aware UTC; a day lasts to its end in `zone`, a month to its last day; None is for ever.

    Raises ValueError for what is no date, and for 03/04/2027, which is one in March or one in April.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in _NEVER:
        return None
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day, *rest = found.groups()
        return _instant(date(int(year), int(month), int(day)), rest, zone)
    if found := _YEAR_LAST.fullmatch(plain):
        first, second, year, *rest = found.groups()
        return _instant(_day_of(int(year), int(first), int(second)), rest, zone)
    if found := _DIGITS.fullmatch(plain):
        year, month, day = found.groups()
        return _end_of(date(int(year), int(month), int(day)), zone)
    if found := _MONTH.fullmatch(plain):
        return _end_of(_last_day(int(found[1]), int(found[2])), zone)
    raise ValueError("no date that we can read")


def _day_of(year: int, first: int, second: int) -> date:
    if first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    raise ValueError("a day or a month: nobody can say")


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _instant(day: date, rest: list[str | None], zone: tzinfo) -> datetime:
    hour, minute, second, offset = rest
    if hour is None or minute is None:
        return _end_of(day, zone)
    at = datetime.combine(day, time(int(hour), int(minute), int(second or 0)))
    if offset is None:
        return at.replace(tzinfo=zone).astimezone(UTC)
    return datetime.fromisoformat(f"{at.isoformat()}{offset}").astimezone(UTC)


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, _LAST_MOMENT, zone).astimezone(UTC)
