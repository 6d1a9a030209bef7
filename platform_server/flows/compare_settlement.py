"""Compares settled days with what the tills wrote into their own ledgers, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.comparison import Difference, compare
from platform_server.domain.settlement import Settlement
from platform_server.flows.settle import read_stories, story_start
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class CompareSettlement:
    """One shop's files beside the ledgers that its tills have pushed."""

    peek_books: OpenBooks

    async def __call__(self, settlements: Sequence[Settlement]) -> tuple[Difference, ...]:
        """Every line that differs. Raises ValueError for files of several shops."""
        if len({each.shop_id for each in settlements}) != 1:
            raise ValueError("the files are of one shop")
        async with self.peek_books() as books:
            since = min(story_start(each.day, each.lines, each.days) for each in settlements)
            stories = await read_stories(books, settlements[0].shop_id, since)
        return compare(settlements, stories)
