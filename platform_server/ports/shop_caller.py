"""Who carries events to a shop's own address."""

from __future__ import annotations

from typing import Protocol


class ShopCaller(Protocol):
    """Signs and sends; never follows a redirect, never calls an address that is not allowed."""

    async def __call__(self, url: str, body: bytes) -> bool:
        """Whether the shop took it (an answer of 2xx in time); never raises for what the shop does."""
        ...
