"""Gives a till its own ledger back, as it was stored: for one whose books are lost or old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.errors import BadRequest, Revoked
from platform_server.domain.reservation import Caller
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Entries by their canonical text, and how far the platform has the chain of that epoch."""

    entries: Sequence[bytes]
    acked_seq: int


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """Pages of any epoch that the till had."""

    peek_books: OpenBooks
    most: int

    async def __call__(self, caller: Caller, epoch: int, after: int, limit: int | None) -> ReadBack:
        """What follows number `after`. Raises Revoked for an unknown till, BadRequest for an epoch that was never given."""
        async with self.peek_books() as books:
            till = await books.tills.find(caller.till_id)
            if till is None:
                raise Revoked("the till is not known any more")
            if epoch > till.epoch:
                raise BadRequest.at("path.epoch", "this epoch was never given")
            page = await books.ledger.page(till.id, epoch, after, min(limit or self.most, self.most))
            head = await books.ledger.head(till.id, epoch)
        return ReadBack(page, head.seq)
