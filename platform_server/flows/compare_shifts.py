"""Adds up anew what the tills' ledgers tell of money: each closed shift against its entries, and a day for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from platform_server.domain.canonical import read_plain_json
from platform_server.domain.days import BusinessDays
from platform_server.domain.ledger import Strange
from platform_server.domain.takings import Takings, add_up, closing_differs, opens_shift, tells_takings
from platform_server.domain.tills import Till
from platform_server.ports.books import Books, OpenBooks

_AT_ONCE = 500  # entries, from the end of the shift to its beginning
_MARGIN = timedelta(days=1)  # a till's clock may be behind, and its day may begin before ours


@dataclass(frozen=True, slots=True)
class CompareShifts:
    """In the transaction that stores the closings, so each is compared once."""

    books: Books
    till_id: str
    epoch: int

    async def __call__(self, entries: Sequence[Mapping[str, Any]]) -> list[Strange]:
        """What is odd in the closings among entries that are stored now."""
        found = []
        for entry in entries:
            if entry["kind"] == "shift_closed":
                what = await self._differs(entry)
                if what:
                    found.append(Strange("shift_differs", entry["seq"], what))
        return found

    async def _differs(self, closing: Mapping[str, Any]) -> str:
        shift_id = closing["body"].get("shift_id")
        try:
            told = await self._entries_of(shift_id, closing["seq"])
            return "" if told is None else closing_differs(closing, add_up(told))
        except ValueError as fault:
            return str(fault)

    async def _entries_of(self, shift_id: str, until: int) -> list[Mapping[str, Any]] | None:
        """From its opening on; None for a shift that began before this chain, which nobody can add up here."""
        found = []
        for last in range(until, 0, -_AT_ONCE):
            after = max(last - _AT_ONCE, 0)
            page = await self.books.ledger.page(self.till_id, self.epoch, after, last - after)
            for entry in (read_plain_json(text) for text in reversed(page) if tells_takings(text)):
                if entry["body"].get("shift_id") == shift_id:
                    found.append(entry)
                if opens_shift(entry, shift_id):
                    return found
        return None


@dataclass(frozen=True, slots=True)
class TellTakings:
    """What each till of a shop took on a business date, by its own entries; of any epoch."""

    peek_books: OpenBooks
    days: BusinessDays

    async def __call__(self, shop_id: str, day: date) -> Sequence[tuple[Till, Takings]]:
        """In the order of enrolment. Raises ValueError for an entry that has not its form."""
        since = self.days.start_of(day) - _MARGIN
        told = []
        async with self.peek_books() as books:
            for till in await books.tills.of_shop(shop_id):
                texts = [text async for text in books.ledger.since(till.id, since) if tells_takings(text)]
                entries = [read_plain_json(text) for text in texts]
                told.append(
                    (till, add_up(each for each in entries if each["business_date"] == day.isoformat()))
                )
        return told
