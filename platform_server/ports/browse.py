"""What the operators' pages read."""

from __future__ import annotations

from typing import Protocol

from platform_server.domain.goods import Brand, Category
from platform_server.domain.overview import Glance, Noun, Row, RowPage, Wanted


class BrowseShelf(Protocol):
    """Lists of every noun, in pages; no cell ever holds a code, a PIN, a key or a hash of one."""

    async def page(self, noun: Noun, wanted: Wanted) -> RowPage:
        """The newest first."""
        ...

    async def one(self, noun: Noun, row_id: str) -> Row | None:
        """By id."""
        ...

    async def glance(self, business_date: str, low_stock: int, low_money_minor: int) -> Glance:
        """The day's sales by shop; products below `low_stock` and wallets below `low_money_minor` available."""
        ...

    async def brands(self) -> tuple[Brand, ...]:
        """All, by Chinese name."""
        ...

    async def categories(self) -> tuple[Category, ...]:
        """All, by Chinese name."""
        ...
