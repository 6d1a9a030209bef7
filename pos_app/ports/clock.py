"""Time and new ids, handed in so that whole days can be simulated."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware UTC."""

    def local(self, at: datetime) -> datetime:
        """The same instant in the shop's time zone."""

    def new_id(self) -> str:
        """A fresh UUIDv7 in lower case (RFC 9562): later ids sort after earlier ones."""
