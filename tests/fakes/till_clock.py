"""A clock that stands still until it is told to go on, with ids that are the same in every run."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo

NOON_IN_CHINA = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """`new_id()` gives UUIDv7s that count up; `zone` is the shop's."""

    at: datetime = NOON_IN_CHINA
    zone: tzinfo = field(default_factory=lambda: timezone(timedelta(hours=8)))
    ids_given: int = 0

    def now(self) -> datetime:
        return self.at

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def new_id(self) -> str:
        self.ids_given += 1
        milliseconds = int(self.at.timestamp() * 1000)
        number = self.ids_given
        return (
            f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7{number >> 60 & 0xFFF:03x}"
            f"-8{number >> 48 & 0xFFF:03x}-{number & 0xFFFFFFFFFFFF:012x}"
        )

    def advance(self, by: timedelta) -> None:
        self.at += by
