"""Where a shop wants to be called, what it was told, and telling it again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from platform_server.domain.endpoints import check_url
from platform_server.domain.errors import BadRequest, NotFound
from platform_server.domain.reservation import Caller
from platform_server.domain.shop_events import Callback, NumberedEvent
from platform_server.flows.steps import check_epoch
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a shop's events, and the number of its last one."""

    events: tuple[NumberedEvent, ...]
    last_seq: int


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """The truth: a callback is only a nudge to come and read."""

    peek_books: OpenBooks
    most: int = 500

    async def __call__(self, shop_id: str, after: int, limit: int | None) -> Told:
        """Beyond `after`, in order."""
        async with self.peek_books() as books:
            events = await books.events.after(shop_id, after, min(limit or self.most, self.most))
            callback = await books.events.callback(shop_id)
        return Told(events, 0 if callback is None else callback.last_seq)


@dataclass(frozen=True, slots=True)
class ReadCallback:
    """Where a shop stands."""

    peek_books: OpenBooks
    clock: Clock

    async def __call__(self, shop_id: str) -> Callback:
        """Of a shop that never gave an address: one without."""
        async with self.peek_books() as books:
            return await _callback(books, shop_id, self.clock)


@dataclass(frozen=True, slots=True)
class SetCallback:
    """A new address is told what happens from now on; None ends it."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, caller: Caller, epoch: int, url: str | None) -> Callback:
        """By a till. Raises BadRequest for an address of another form, and what check_epoch raises."""
        async with self.open_books() as books:
            await check_epoch(books, caller, epoch)
            return await self._set(books, caller.shop_id, url)

    async def of_shop(self, shop_id: str, url: str | None) -> Callback:
        """By an operator. Raises NotFound and BadRequest."""
        async with self.open_books() as books:
            if await books.tills.find_shop(shop_id) is None:
                raise NotFound(f"no shop {shop_id}")
            return await self._set(books, shop_id, url)

    async def _set(self, books: Books, shop_id: str, url: str | None) -> Callback:
        if url is not None:
            try:
                check_url(url)
            except ValueError as fault:
                raise BadRequest.at("body.url", str(fault)) from fault
        known = await _callback(books, shop_id, self.clock)
        if known.url == url and known.parked_at is None:
            return known
        fresh = Callback(shop_id, url, known.last_seq, known.last_seq, self.clock.now())
        await books.events.save_callback(fresh)
        await books.commit()
        return fresh


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Tell a shop again from a number on, and at once, also one that was parked."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, shop_id: str, first: int) -> Callback:
        """Raises NotFound for a shop without an address, BadRequest for a number that is still to come."""
        async with self.open_books() as books:
            known = await books.events.callback(shop_id)
            if known is None or known.url is None:
                raise NotFound("the shop has given no address")
            if not 1 <= first <= known.last_seq + 1:
                raise BadRequest.at("from", f"between 1 and {known.last_seq + 1}")
            again = replace(known.told(first - 1, self.clock.now()), parked_at=None)
            await books.events.save_callback(again)
            await books.commit()
        return again


async def _callback(books: Books, shop_id: str, clock: Clock) -> Callback:
    found = await books.events.callback(shop_id)
    return Callback(shop_id, None, 0, 0, clock.now()) if found is None else found
