"""The shelf of leases: what this till may sell while the platform is away, and what became of each card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pos_app.domain.lease import Lease, LeasedCard


class LeaseShelf(Protocol):
    def get(self, lease_id: str) -> Lease:
        """Raises KeyError."""

    def put(self, lease: Lease) -> None:
        """Add the lease or keep what has changed of it."""

    def all(self) -> tuple[Lease, ...]:
        """Every lease there ever was, oldest first."""

    def unfinished(self) -> tuple[Lease, ...]:
        """Every lease of which something is still to be asked or told, oldest first."""

    def take_in(self, cards: Sequence[LeasedCard]) -> int:
        """Put new cards there and say how many; one that was ever here under its lease, or is in another, is passed over."""

    def put_card(self, card: LeasedCard) -> None:
        """Keep what has changed of a card; KeyError for one that was never taken in."""

    def cards(self, lease_id: str) -> tuple[LeasedCard, ...]:
        """All that ever came under it, in the order in which they came."""

    def of_sale(self, sale_id: str) -> tuple[LeasedCard, ...]:
        """Those that are bound to it, or were sold in it, in the order in which they came."""

    def held(self, product_id: str | None = None) -> tuple[LeasedCard, ...]:
        """Those that nobody has, of one product or of all: the lease that ends first comes first."""

    def sellable(self, product_id: str, epoch: int, until: datetime) -> tuple[LeasedCard, ...]:
        """Of those held: the ones whose lease is OPEN, of that epoch, and ends after that time."""
