"""The shelves behind the doors: tills' keys, shops' events, and the monitor's figures."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from platform_server.domain.figures import Figures
from platform_server.domain.shop_events import Callback, NumberedEvent, ShopEvent
from platform_server.domain.till_keys import KeyHolder, TillKey


class TillKeyShelf(Protocol):
    """The public keys that tills sign with."""

    async def save(self, key: TillKey) -> None:
        """Adds a key or replaces what is known of it."""
        ...

    async def find(self, keyid: str) -> KeyHolder | None:
        """By key id, with its till."""
        ...

    async def lock(self, keyid: str) -> KeyHolder | None:
        """The same, and nobody else changes the key before this transaction ends."""
        ...

    async def of_till(self, till_id: str) -> tuple[TillKey, ...]:
        """In the order in which they were made."""
        ...


class EventShelf(Protocol):
    """What shops are told. Events are added without a lock and numbered afterwards, so no sale waits for another."""

    async def add(self, event: ShopEvent) -> None:
        """Written with the effect that it tells of; it gets its number later."""
        ...

    async def number(self, now: datetime, limit: int) -> int:
        """Gives the oldest unnumbered events their numbers, each shop's without a gap; how many."""
        ...

    async def after(self, shop_id: str, seq: int, limit: int) -> tuple[NumberedEvent, ...]:
        """A shop's numbered events beyond `seq`, in order."""
        ...

    async def callback(self, shop_id: str) -> Callback | None:
        """Where a shop stands; None before its first event and its first address."""
        ...

    async def save_callback(self, callback: Callback) -> None:
        """Adds or replaces everything but `last_seq`; whoever is delivering now has no say any more."""
        ...

    async def has_work(self, now: datetime) -> bool:
        """Whether there is something to number or to deliver."""
        ...

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Callback, ...]:
        """Those with something to deliver, out of other workers' reach until `until`."""
        ...

    async def save_delivery(self, callback: Callback, taken_until: datetime) -> bool:
        """What became of a delivery, unless somebody else has it by now or it was set anew; whether it was saved."""
        ...

    async def forget(self, before: datetime) -> int:
        """Drops events numbered before then; how many."""
        ...


class FigureShelf(Protocol):
    """What a monitor asks."""

    async def revision(self) -> str | None:
        """The schema that the database has."""
        ...

    async def read(self) -> Figures:
        """All of it at one moment."""
        ...
