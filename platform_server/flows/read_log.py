"""Tells what the platform holds of the tills' entries: signed, and with proofs that anyone can check."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.errors import BadRequest, NotFound
from platform_server.domain.log_point import LogPoint, SignedPoint
from platform_server.domain.merkle import consistency_spans, inclusion_spans
from platform_server.domain.reservation import Caller
from platform_server.ports.books import OpenBooks
from platform_server.ports.signer import Signer
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Which leaf an entry is in the log of `size` leaves, and the hashes that prove it, from the leaf upwards."""

    index: int
    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class TellLog:
    """The shop's log as it stands, with where the till's present chain stands in it."""

    peek_books: OpenBooks
    clock: Clock
    signer: Signer

    async def __call__(self, caller: Caller) -> SignedPoint:
        """Raises NotFound for a till that is not known."""
        async with self.peek_books() as books:
            till = await books.tills.find(caller.till_id)
            if till is None:
                raise NotFound("no such till")
            head = await books.ledger.head(till.id, till.epoch)
            edge = await books.logs.edge(till.shop_id)
        point = LogPoint(till.shop_id, edge.size, edge.root, till.id, till.epoch, head, self.clock.now())
        return sign_point(self.signer, point)


@dataclass(frozen=True, slots=True)
class ProveEntry:
    """That an entry of the till is in the shop's log."""

    peek_books: OpenBooks

    async def __call__(self, caller: Caller, epoch: int, seq: int, size: int | None) -> Inclusion:
        """In the log of `size` leaves, or as it is now. Raises NotFound when it is not in it, BadRequest for a size to come."""
        async with self.peek_books() as books:
            place = await books.logs.place(caller.till_id, epoch, seq)
            present = (await books.logs.edge(caller.shop_id)).size
            size = present if size is None else size
            if size > present:
                raise BadRequest.at("query.size", f"the log has {present} leaves")
            if place is None or place >= size:
                raise NotFound("no such entry in the log")
            path = await books.logs.roots(caller.shop_id, inclusion_spans(place, size))
        return Inclusion(place, size, path)


@dataclass(frozen=True, slots=True)
class ProveGrowth:
    """That the shop's log of an earlier size is the beginning of that of a later one."""

    peek_books: OpenBooks

    async def __call__(self, caller: Caller, first: int, second: int) -> tuple[bytes, ...]:
        """The hashes that prove it; none are needed for equal sizes or from 0. Raises BadRequest for no sizes of the log."""
        async with self.peek_books() as books:
            present = (await books.logs.edge(caller.shop_id)).size
            if not 0 <= first <= second <= present:
                raise BadRequest.at("query.to", f"0 <= from <= to <= {present}")
            spans = consistency_spans(first, second) if 0 < first < second else []
            return await books.logs.roots(caller.shop_id, spans)


def sign_point(signer: Signer, point: LogPoint) -> SignedPoint:
    """With the platform's key."""
    return SignedPoint(point, signer.keyid, signer.sign(point.message))
