"""What a till sees of the shelf: products with their stock, in pages that follow a cursor."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.goods import Product

MANY = 101  # stock above 100 is told as "many"


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A product, how many can be sold now, and whether it is on sale at all."""

    product: Product
    stock: int
    is_on_sale: bool = True


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Products changed after a cursor, in the order of change; `cursor` is where the next question starts."""

    items: tuple[ShelfItem, ...]
    removed: tuple[str, ...]
    cursor: int
    is_complete: bool
    total: int


def visible_stock(stock: int) -> int | str:
    """0..100 exactly, above it "many"."""
    return stock if stock < MANY else "many"
