"""Hands out the catalogue, whole or what changed since."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.catalogue import CataloguePage
from platform_server.domain.errors import BadRequest
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class PublishCatalogue:
    """Pages follow the order of change, so a product that changes meanwhile comes once more at the end."""

    peek_books: OpenBooks
    most: int

    async def __call__(self, cursor: str | None, limit: int | None) -> CataloguePage:
        """Raises BadRequest for a cursor that was never given or a limit out of 1..most."""
        wanted = self.most if limit is None else limit
        if not 1 <= wanted <= self.most:
            raise BadRequest.at("query.limit", f"between 1 and {self.most}")
        async with self.peek_books() as books:
            return await books.goods.page(_parse(cursor), wanted)


def _parse(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise BadRequest.at("query.cursor", "not a cursor of this catalogue")
    return int(cursor)
