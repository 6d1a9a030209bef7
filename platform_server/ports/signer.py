"""What the platform puts its name to."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """Signs with the platform's own key."""

    @property
    def keyid(self) -> str:
        """The name of the key, e.g. "platform-1"."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over the message as it is."""
        ...
