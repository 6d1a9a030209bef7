"""The PC's clock, its time zone, and ids made of both time and chance."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

_COUNTER_BITS = 42
_RANDOM_BITS = 32


class SystemClock:
    """`ports.clock.Clock` on this PC; for one process, shared by its lanes."""

    def __init__(self) -> None:
        self._last = 0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def local(self, at: datetime) -> datetime:
        """In the zone that the PC is set to, summer time of that day included."""
        return at.astimezone()

    def new_id(self) -> str:
        """RFC 9562 5.7, with 6.2 method 1: a counter of 42 bits under the millisecond keeps ids rising.

        It starts anew from chance each millisecond; when the clock stands still or is set back it counts on.
        """
        milliseconds = int(self.now().timestamp() * 1000)
        fresh = (milliseconds << _COUNTER_BITS) | secrets.randbits(_COUNTER_BITS - 1)
        # One assignment from one read: two lanes at the same moment still differ by the random bits below.
        self._last = tick = max(fresh, self._last + 1)
        milliseconds, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
        number = (milliseconds << 80) | (0x7 << 76) | (counter >> 30 << 64) | (0b10 << 62)
        number |= ((counter & ((1 << 30) - 1)) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        digits = f"{number:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
