"""Price tiers: made and replaced by an operator, and given to shops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import NotFound
from platform_server.domain.pricing import PriceRule, PriceTier
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class PutTier:
    """Add a price tier, or replace all rules of the one of that name; its shops' tills fetch the catalogue anew."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, name: str, rules: Sequence[PriceRule], by: Authority) -> PriceTier:
        """The tier as it is now."""
        async with self.open_books() as books:
            known = await books.prices.find(name)
            tier = PriceTier(self.ids.new_id() if known is None else known.id, name, tuple(rules))
            if known is None or set(known.rules) != set(tier.rules):
                await books.prices.put(tier)
                detail = {"name": name, "rules": len(tier.rules)}
                now = self.clock.now()
                await books.actions.append(Action.by(by, now, "price_tier_put", f"tier:{tier.id}", detail))
                await books.commit()
        return tier


@dataclass(frozen=True, slots=True)
class AssignTier:
    """Let a shop belong to a price tier, or to none."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, shop_id: str, name: str | None, by: Authority) -> None:
        """Raises NotFound for a shop or a tier that does not exist."""
        async with self.open_books() as books:
            if await books.tills.find_shop(shop_id) is None:
                raise NotFound("no such shop")
            tier = None if name is None else await books.prices.find(name)
            if name is not None and tier is None:
                raise NotFound(f"no price tier is called {name}")
            await books.prices.assign(shop_id, None if tier is None else tier.id)
            now, detail = self.clock.now(), {"tier": name}
            await books.actions.append(Action.by(by, now, "price_tier_assigned", f"shop:{shop_id}", detail))
            await books.commit()


@dataclass(frozen=True, slots=True)
class ListTiers:
    """All price tiers with their rules."""

    peek_books: OpenBooks

    async def __call__(self) -> tuple[PriceTier, ...]:
        """By name."""
        async with self.peek_books() as books:
            return await books.prices.tiers()
