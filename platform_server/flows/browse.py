"""Shows operators what there is: lists, single things, and where the platform stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import NotFound
from platform_server.domain.goods import Brand, Category
from platform_server.domain.overview import Glance, Noun, Row, RowPage, Wanted
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class Browse:
    """One page of a list."""

    peek_books: OpenBooks

    async def __call__(self, noun: Noun, wanted: Wanted) -> RowPage:
        """The newest first; nothing is written."""
        async with self.peek_books() as books:
            return await books.browse.page(noun, wanted)


@dataclass(frozen=True, slots=True)
class LookAt:
    """One thing."""

    peek_books: OpenBooks

    async def __call__(self, noun: Noun, row_id: str) -> Row:
        """Raises NotFound."""
        async with self.peek_books() as books:
            row = await books.browse.one(noun, row_id)
        if row is None:
            raise NotFound(f"no such row of {noun.value}")
        return row


@dataclass(frozen=True, slots=True)
class TakeAGlance:
    """The day so far, and what waits for somebody."""

    peek_books: OpenBooks
    clock: Clock
    zone: tzinfo
    low_stock: int
    low_money_minor: int

    async def __call__(self) -> Glance:
        """Of today in the platform's zone."""
        today = self.clock.now().astimezone(self.zone).date().isoformat()
        async with self.peek_books() as books:
            return await books.browse.glance(today, self.low_stock, self.low_money_minor)


@dataclass(frozen=True, slots=True)
class ReadLabels:
    """The brands and categories there are, for whoever adds a product."""

    peek_books: OpenBooks

    async def __call__(self) -> tuple[tuple[Brand, ...], tuple[Category, ...]]:
        """By Chinese name."""
        async with self.peek_books() as books:
            return await books.browse.brands(), await books.browse.categories()


@dataclass(frozen=True, slots=True)
class ReadProduct:
    """One product whole, for whoever changes it."""

    peek_books: OpenBooks

    async def __call__(self, product_id: str) -> ShelfItem:
        """Raises NotFound."""
        async with self.peek_books() as books:
            found = await books.goods.find({product_id})
        if product_id not in found:
            raise NotFound("no such product")
        return found[product_id]
