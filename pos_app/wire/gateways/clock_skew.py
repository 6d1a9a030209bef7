"""How far this PC's clock is off, seen from an answer's Date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_COUNTS_FROM_S = 60  # the way there and back, a slow answer and a cached page are less


def clock_skew_s(headers: Mapping[str, str], now: datetime) -> int:
    """By how many seconds `now` is ahead (behind: negative) of `headers`' Date; 0 up to a minute and without one.

    Header names in lower case; the date as in RFC 9110 5.6.7.
    """
    try:
        told = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return 0
    skew = round((now - told.replace(tzinfo=told.tzinfo or UTC)).total_seconds())
    return skew if abs(skew) > _COUNTS_FROM_S else 0
