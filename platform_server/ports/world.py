"""Time, names and chance, handed in so that whole days can be played from a seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """Aware UTC, microseconds."""
        ...


class Ids(Protocol):
    """Where new names come from."""

    def new_id(self) -> str:
        """A UUIDv7 in lower case, never given before."""
        ...

    def new_secret(self) -> bytes:
        """16 bytes that nobody can guess."""
        ...


class Apart(Protocol):
    """Where long work is done so that nobody else waits for it."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """What it returns; what it raises flies on."""
        ...
