"""The shelf for leases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.leases import Exposure, Lease, LeasedCard


class LeaseShelf(Protocol):
    """What tills hold in advance. Whoever locks has it to himself until the commit."""

    async def lock(self, shop_id: str) -> None:
        """For whoever grants or fences: one at a time for each shop, so that caps and epochs hold."""
        ...

    async def find(self, till_id: str, lease_id: str) -> Lease | None:
        """A till's lease, by the till's own id of it."""
        ...

    async def by_id(self, lease: str) -> Lease | None:
        """By our id."""
        ...

    async def save(self, lease: Lease) -> None:
        """Adds it, or replaces its caps and its fence; (till, lease_id) exists once."""
        ...

    async def live(self, till_id: str, now: datetime) -> tuple[Lease, ...]:
        """Of a till, those that may be filled up or have a card out, the oldest first."""
        ...

    async def page(self, after: str, limit: int) -> tuple[Lease, ...]:
        """In the order of our ids, those after that id."""
        ...

    async def exposures(self, shop_id: str) -> Mapping[str, Exposure]:
        """By till: what is LEASED now."""
        ...

    async def cards(self, lease: str) -> tuple[LeasedCard, ...]:
        """All that ever were in it, by id."""
        ...

    async def add_cards(self, cards: Sequence[LeasedCard]) -> None:
        """New ones; (lease, card) exists once."""
        ...

    async def lock_cards(self, lease: str, card_ids: Collection[str]) -> tuple[LeasedCard, ...]:
        """Those of them that are in it, by id."""
        ...

    async def lock_out(self, lease: str) -> tuple[LeasedCard, ...]:
        """Those of which nobody knows yet what became, by id."""
        ...

    async def is_out(self, card_id: str) -> bool:
        """Whether some lease has it out; it is locked then."""
        ...

    async def save_card(self, card: LeasedCard) -> None:
        """What became of it, by whoever has locked it."""
        ...

    async def of_card(self, card_id: str) -> tuple[tuple[Lease, LeasedCard], ...]:
        """Every lease that it was in, the oldest first."""
        ...
