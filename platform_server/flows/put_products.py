"""Puts products on the shelf and opens or closes the top-ups among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from platform_server.domain.errors import Forbidden
from platform_server.domain.goods import Product
from platform_server.domain.goods_policy import faults
from platform_server.flows.tell_shop import tell_catalogue
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class PutProducts:
    """Add or replace products; one that did not change keeps its version and stays where the cursor is."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, products: Sequence[Product]) -> int:
        """How many were new or changed. Raises Forbidden with the first of shelf_faults."""
        async with self.open_books() as books:
            for fault in await shelf_faults(books, products, self.clock.now().date()):
                raise Forbidden(f"product {products[fault.place].id}: {fault.what}")
            changed = await books.goods.put(products)
            if changed:
                await tell_catalogue(books)
            await books.commit()
        return changed


@dataclass(frozen=True, slots=True)
class ShelfFault:
    """Why a product may not be put on sale: its place among those asked for, and one sentence."""

    place: int
    what: str


async def shelf_faults(books: Books, products: Sequence[Product], today: date) -> tuple[ShelfFault, ...]:
    """What forbids it: the policy, a supplier without a valid authorisation, a card that would become another kind."""
    suppliers = await books.suppliers.find({product.supplier_id for product in products})
    shapes = await books.goods.shapes([product.id for product in products])
    found = []
    for place, product in enumerate(products):
        said = list(faults(product))
        file = suppliers.get(product.supplier_id)
        why_not = f"no supplier {product.supplier_id} is on file" if file is None else file.why_not(today)
        if why_not is not None:
            said.append(f"{why_not}: nothing of it is put on sale")
        if shapes.get(product.id, product.shape) != product.shape:
            said.append("it is known as another kind of card; make a new product and take this one off")
        found += [ShelfFault(place, what) for what in said]
    return tuple(found)


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
