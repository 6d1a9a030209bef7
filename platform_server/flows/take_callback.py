"""Hears a supplier's callback: verified, matched and stored once, it only makes us ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from platform_server.domain.errors import BadRequest, BadSignature
from platform_server.domain.ledger import Strange
from platform_server.domain.top_up import CallbackNotice, TopUp
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.supplier import Supplier
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class TakeCallback:
    """The order that it names is due at once; what it says is never believed (S16).

    `told_days` remembers the days on which forged callbacks were told of: a flood of them writes one row a day.
    """

    open_books: OpenBooks
    supplier: Supplier
    clock: Clock
    told_days: set[int] = field(default_factory=set)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether there is something to ask. Raises BadSignature, BadRequest; an event heard before is False.

        `headers` by lower-case name, doubled ones joined by ", "; `body` as it travelled.
        """
        now = self.clock.now()
        notice = self.supplier.read_callback(headers, body, now)
        if notice is None:
            await self._tell_forged(now)
            raise BadSignature("not a callback of this supplier")
        async with self.open_books() as books:
            if not await books.top_ups.hear(self.supplier.name, notice, now):
                return False
            top_up = await books.top_ups.find(notice.reference)
            misfit = "reference" if top_up is None else top_up.misfit(notice)
            is_news = top_up is not None and top_up.is_news(notice.state)
            if misfit is not None:
                await self._tell_misfit(books, notice, misfit, top_up)
            elif is_news:
                await books.top_ups.call_for(notice.reference, now)
            await books.commit()
        if misfit is not None:
            raise BadRequest.at(f"body.{misfit}", "does not fit an order of ours")
        return is_news

    async def _tell_misfit(
        self, books: Books, notice: CallbackNotice, misfit: str, top_up: TopUp | None
    ) -> None:
        now = self.clock.now()
        subject = self._subject if top_up is None else top_up.id
        odd = Strange(
            "callback_misfit",
            _day(now) if top_up is None else 0,
            f"signed callback {notice.event_id} about {notice.reference}: its {misfit} does not fit",
        )
        await books.audit.open_incidents("" if top_up is None else top_up.shop_id, subject, [odd], now)

    async def _tell_forged(self, now: datetime) -> None:
        day = _day(now)
        if day in self.told_days:
            return
        odd = Strange("callback_forged", day, "callbacks with a false key, signature, time or form came in")
        async with self.open_books() as books:
            await books.audit.open_incidents("", self._subject, [odd], now)
            await books.commit()
        self.told_days.clear()
        self.told_days.add(day)

    @property
    def _subject(self) -> str:
        return f"supplier:{self.supplier.name}"


def _day(now: datetime) -> int:
    return now.date().toordinal()
