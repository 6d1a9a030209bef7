"""PINs, hashed."""

from __future__ import annotations

from typing import Protocol


class Pins(Protocol):
    def hash(self, pin: str) -> str:
        """A new salted hash of this PIN and the till's pepper."""

    def matches(self, pin_hash: str, pin: str) -> bool:
        """Whether the PIN is the one that was hashed."""
