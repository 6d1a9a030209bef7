"""Puts products on the shelf and opens or closes the top-ups among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.goods import Product
from platform_server.flows.tell_shop import tell_catalogue
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class PutProducts:
    """Add or replace products; one that did not change keeps its version and stays where the cursor is."""

    open_books: OpenBooks

    async def __call__(self, products: Sequence[Product]) -> int:
        """How many were new or changed."""
        async with self.open_books() as books:
            changed = await books.goods.put(products)
            if changed:
                await tell_catalogue(books)
            await books.commit()
        return changed


@dataclass(frozen=True, slots=True)
class TakeOffProducts:
    """Take products off sale; tills are told that they are gone."""

    open_books: OpenBooks

    async def __call__(self, product_ids: Sequence[str]) -> int:
        """How many were on sale before."""
        async with self.open_books() as books:
            changed = await books.goods.take_off(product_ids)
            if changed:
                await tell_catalogue(books)
            await books.commit()
        return changed


@dataclass(frozen=True, slots=True)
class OpenTopUps:
    """Top-ups can be sold exactly when there is a supplier."""

    open_books: OpenBooks

    async def __call__(self, is_open: bool) -> int:
        """How many products changed."""
        async with self.open_books() as books:
            changed = await books.goods.open_top_ups(is_open)
            if changed:
                await tell_catalogue(books)
            await books.commit()
        return changed
