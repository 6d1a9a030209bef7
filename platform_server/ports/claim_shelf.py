"""The shelf for claims."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from platform_server.domain.claims import Claim, ClaimState


class ClaimShelf(Protocol):
    """Claims; whoever changes one has found its sale first (ReservationShelf), and so has it to himself."""

    async def add(self, claim: Claim) -> None:
        """A new one; (till, sale, attempt) exists once."""
        ...

    async def find(self, claim_id: str) -> Claim | None:
        """By id."""
        ...

    async def save(self, claim: Claim) -> None:
        """Its state and decision as they are now; the rest never changes."""
        ...

    async def of_reservation(self, reservation_id: str) -> tuple[Claim, ...]:
        """All claims for a sale, in the order of their opening."""
        ...

    async def page(self, states: Collection[ClaimState], limit: int) -> tuple[Claim, ...]:
        """Those in one of the states, the first due first."""
        ...
