"""Chance, time and the record of one simulated history: whatever happens in it comes from its seed."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

# A Sunday morning in China, and when everything was made ready: the same whenever a history is run.
EVENING_BEFORE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_ZONE = timezone(timedelta(hours=8))


@dataclass
class Fate:
    """The one seeded scheduler: `rates` say how often each fault strikes where it could, `is_calm` that none does.

    The trace is every decision, call and effect in their order. What is random in ciphers (nonces, ephemeral keys,
    the platform's own keys) is no part of it, for nothing decides by it.
    """

    seed: str
    rates: Mapping[str, float]
    at: datetime = START
    is_calm: bool = False
    is_told: bool = False  # keeps the lines of the trace, to be read
    faults: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._hash = hashlib.sha256()
        self._ids = 0

    def note(self, *words: object) -> None:
        """One line of the trace."""
        line = f"{self.at:%d %H:%M:%S.%f} " + " ".join(map(str, words))
        self._hash.update(line.encode() + b"\n")
        if self.is_told:
            self.lines.append(line)

    @property
    def trace(self) -> str:
        return self._hash.hexdigest()

    def strikes(self, fault: str) -> bool:
        """Whether this fault comes now; it is counted by its name."""
        if self.is_calm or self.chance.random() >= self.rates.get(fault, 0.0):
            return False
        self.count(fault)
        return True

    def count(self, fault: str) -> None:
        self.faults[fault] += 1
        self.note("fault", fault)

    def one_of(self, faults: tuple[str, ...]) -> str | None:
        """At most one of these, by one throw of the dice."""
        throw = self.chance.random()
        for fault in faults:
            throw -= self.rates.get(fault, 0.0)
            if throw < 0:
                if self.is_calm:
                    return None
                self.count(fault)
                return fault
        return None

    def likely(self, share: float) -> bool:
        """A thing that people do, which is no fault."""
        return self.chance.random() < share

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def next_id(self) -> int:
        self._ids += 1
        return self._ids


@dataclass
class TillClock:
    """A till's own clock, which people and batteries put forward and back; its ids stay its own."""

    fate: Fate
    till: int
    skew: timedelta = timedelta(0)

    def now(self) -> datetime:
        return self.fate.at + self.skew

    def local(self, at: datetime) -> datetime:
        return at.astimezone(_ZONE)

    def new_id(self) -> str:
        """A UUIDv7 of this clock's millisecond; what is chance in a real one counts here."""
        milliseconds = int(self.now().timestamp() * 1000)
        number = self.fate.next_id()
        return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7000-8{self.till:03x}-{number:012x}"


@dataclass
class TrueClock:
    """The platform's clock and its ids."""

    fate: Fate

    def now(self) -> datetime:
        return self.fate.at

    def new_id(self) -> str:
        milliseconds = int(self.now().timestamp() * 1000)
        number = self.fate.next_id()
        return f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7000-8fff-{number:012x}"

    def new_secret(self) -> bytes:
        return hashlib.sha256(f"{self.fate.seed} {self.fate.next_id()}".encode()).digest()[:16]
