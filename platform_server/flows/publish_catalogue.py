"""Hands out the catalogue, whole or what changed since, at the prices of the shop that asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from platform_server.domain.catalogue import CataloguePage
from platform_server.domain.errors import BadRequest
from platform_server.ports.books import OpenBooks

_CURSOR = re.compile(r"([0-9]{1,18})(?:-([0-9a-f]{8}))?")


@dataclass(frozen=True, slots=True)
class PublishCatalogue:
    """Pages follow the order of change, so a product that changes meanwhile comes once more at the end."""

    peek_books: OpenBooks
    most: int

    async def __call__(self, shop_id: str, cursor: str | None, limit: int | None) -> CataloguePage:
        """From the beginning when the shop's prices are not those of the cursor.

        Raises BadRequest for a cursor that was never given or a limit out of 1..most.
        """
        wanted = self.most if limit is None else limit
        if not 1 <= wanted <= self.most:
            raise BadRequest.at("query.limit", f"between 1 and {self.most}")
        place, mark = _parse(cursor)
        async with self.peek_books() as books:
            prices = await books.prices.of_shop(shop_id)
            page = await books.goods.page(place if mark == prices.mark else 0, wanted)
        if not prices.mark:
            return page
        return replace(page, items=tuple(prices.tell_row(row) for row in page.items), mark=prices.mark)


def _parse(cursor: str | None) -> tuple[int, str]:
    if not cursor:
        return 0, ""
    told = _CURSOR.fullmatch(cursor)
    if told is None:
        raise BadRequest.at("query.cursor", "not a cursor of this catalogue")
    return int(told[1]), told[2] or ""
