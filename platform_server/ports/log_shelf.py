"""The shelf for the shops' logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.merkle import Span, TreeEdge


class LogShelf(Protocol):
    """For each shop one Merkle tree over all entries of all its tills, in the order in which they were taken in."""

    async def append(self, shop_id: str, till_id: str, entries: Sequence[LedgerEntry]) -> TreeEdge:
        """The tree with the till's stored entries at its end; it is this writer's until the commit, so ask for it late."""
        ...

    async def edge(self, shop_id: str) -> TreeEdge:
        """The tree as it stands."""
        ...

    async def place(self, till_id: str, epoch: int, seq: int) -> int | None:
        """Which leaf an entry is, counted from 0."""
        ...

    async def roots(self, shop_id: str, spans: Sequence[Span]) -> tuple[bytes, ...]:
        """The hash of the tree over each span of leaves alone; a span lies within the log and fits a proof."""
        ...
