"""The shelves for wallets and for top-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.money import Money
from platform_server.domain.top_up import TopUp
from platform_server.domain.wallet import Journal, Wallet


class WalletShelf(Protocol):
    """Wallets and the journals that move them."""

    async def open(self, shop_id: str, credit_limit: Money) -> None:
        """A wallet with nothing in it."""
        ...

    async def find(self, shop_id: str) -> Wallet | None:
        """The wallet of a shop."""
        ...

    async def hold(self, shop_id: str, amount: Money) -> bool:
        """Promises the amount if it is available, in one step; False if it is not."""
        ...

    async def release(self, shop_id: str, amount: Money) -> None:
        """Gives a promise back."""
        ...

    async def post(self, journal: Journal) -> None:
        """Writes a journal and moves the wallets it names."""
        ...

    async def is_posted(self, kind: str, reference: str) -> bool:
        """Whether such a journal exists; (kind, reference) is there at most once."""
        ...


class TopUpShelf(Protocol):
    """Orders at suppliers."""

    async def add(self, top_ups: Sequence[TopUp]) -> None:
        """New orders; a reference exists once."""
        ...

    async def of_reservation(self, reservation_id: str) -> tuple[TopUp, ...]:
        """By line."""
        ...

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[TopUp, ...]:
        """Open orders whose time has come, put out of other workers' reach until `until`."""
        ...

    async def save(self, top_up: TopUp, taken_until: datetime | None = None) -> None:
        """The order as it is now; within reach of workers again, unless it is taken until then."""
        ...

    async def count_open(self) -> int:
        """Orders that still move by themselves."""
        ...
