"""When and through which channel a product is not sold: short texts that travel to the till as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

CHANNELS = ("counter", "unattended", "online")
UNATTENDED = "channel unattended"

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = re.compile(rf"time ([1-7](?:,[1-7])*) ({_CLOCK})-({_CLOCK}|24:00) ([A-Za-z]+(?:/[A-Za-z0-9_+-]+)*)")


@dataclass(frozen=True, slots=True)
class ChannelBan:
    """Never sold through one of CHANNELS; as text `channel unattended`."""

    channel: str
    reason = "channel"

    def forbids(self, channel: str, at: datetime) -> bool:
        """Whether a sale through `channel` at an instant is banned."""
        del at
        return channel == self.channel


@dataclass(frozen=True, slots=True)
class TimeBan:
    """Not sold on some days of the week between two times of a zone; as text `time 6,7 22:00-08:00 Asia/Shanghai`.

    Days are 1 (Monday) to 7; `start` and `end` are minutes of the day. An end before the start is on the next day,
    and the day is the one on which the ban began. `end` itself is no longer banned.
    """

    days: tuple[int, ...]
    start: int
    end: int
    zone: str
    reason = "time"

    def forbids(self, channel: str, at: datetime) -> bool:
        """Whether a sale through `channel` at an instant is banned."""
        del channel
        local = at.astimezone(ZoneInfo(self.zone))
        today, minute = local.isoweekday(), local.hour * 60 + local.minute
        if self.start < self.end:
            return today in self.days and self.start <= minute < self.end
        yesterday = (today + 5) % 7 + 1
        return (today in self.days and minute >= self.start) or (yesterday in self.days and minute < self.end)


@lru_cache(maxsize=1024)
def parse_ban(text: str) -> ChannelBan | TimeBan:
    """A ban of its text. Raises ValueError with one sentence for anything else."""
    kind, _, rest = text.partition(" ")
    if kind == "channel" and rest in CHANNELS:
        return ChannelBan(rest)
    told = _TIME.fullmatch(text)
    if told is None:
        raise ValueError(
            f'a ban is "channel NAME" with one of {CHANNELS}, or "time 6,7 22:00-08:00 Asia/Shanghai", not {text!r}'
        )
    days = tuple(int(day) for day in told[1].split(","))
    start, end = _minutes(told[2]), _minutes(told[3])
    if list(days) != sorted(set(days)) or start == end:
        raise ValueError(f"the days of a ban rise and its times differ: {text!r}")
    try:
        ZoneInfo(told[4])
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError(f"no time zone {told[4]} is known here") from fault
    return TimeBan(days, start, end, told[4])


def banned_by(bans: Iterable[str], channel: str, at: datetime) -> str | None:
    """Why it may not be sold so and now, "channel" or "time"; None when it may."""
    for text in bans:
        ban = parse_ban(text)
        if ban.forbids(channel, at):
            return ban.reason
    return None


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
