"""The shelves for what a shop pays, what its wallet went through, and what was settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from platform_server.domain.money import Money
from platform_server.domain.pricing import PricedGoods, PriceList, PriceTier
from platform_server.domain.settlement import MovedMoney, SettlementSeal
from platform_server.domain.statement import Movement
from platform_server.domain.wallet import Wallet


class PriceShelf(Protocol):
    """Price tiers and the shops that belong to them."""

    async def put(self, tier: PriceTier) -> None:
        """Adds a tier, or replaces the name and all rules of the one of that id."""
        ...

    async def find(self, name: str) -> PriceTier | None:
        """By name, with its rules."""
        ...

    async def tiers(self) -> tuple[PriceTier, ...]:
        """All, by name."""
        ...

    async def assign(self, shop_id: str, tier_id: str | None) -> None:
        """The shop belongs to this tier from now on, or to none."""
        ...

    async def for_goods(self, shop_id: str, goods: Sequence[PricedGoods]) -> PriceList:
        """The shop's rules as far as they can count for these goods."""
        ...

    async def of_shop(self, shop_id: str) -> PriceList:
        """All of the shop's rules; without a tier none, and no mark."""
        ...


class AccountShelf(Protocol):
    """What wallets went through."""

    async def lock(self, shop_id: str) -> Wallet | None:
        """The wallet, which nobody else moves before the commit."""
        ...

    async def balance_before(self, shop_id: str, at: datetime) -> Money:
        """The sum of all postings from before `at`."""
        ...

    async def movements(self, shop_id: str, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """From `since` until before `until`, in the order of time and id."""
        ...

    async def set_limit(self, shop_id: str, limit: Money) -> None:
        """How far below zero the wallet may go; the caller holds the lock."""
        ...


class SettlementShelf(Protocol):
    """Settled days; a journal is settled once."""

    async def lock(self, shop_id: str) -> bool:
        """Nobody else settles this shop before the commit, while it goes on selling; False if there is no such shop."""
        ...

    async def find(self, shop_id: str, day: date) -> SettlementSeal | None:
        """That of one day."""
        ...

    async def last_day(self, shop_id: str) -> date | None:
        """The latest settled one."""
        ...

    async def unsettled(self, shop_id: str, day: date, until: datetime) -> tuple[MovedMoney, ...]:
        """What is in no settlement: sales up to the business date `day`, everything else from before `until`.

        In the order of time and id; an operator's bookings are not settled.
        """
        ...

    async def settled(self, shop_id: str, day: date) -> tuple[MovedMoney, ...]:
        """What is in the settlement of that day, in the same order, with the receipt numbers known at its making."""
        ...

    async def add(self, seal: SettlementSeal, receipt_numbers: Mapping[str, str]) -> None:
        """A new settlement with its journals: by id of the journal, the receipt number of its sale or nothing."""
        ...
