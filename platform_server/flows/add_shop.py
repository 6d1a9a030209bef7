"""Opens a further shop."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.money import Money
from platform_server.domain.tills import Shop
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class AddShop:
    """With an empty wallet and no credit."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, authority: Authority, name: str, currency: str) -> Shop:
        """Raises ValueError for an empty or long name, or a currency that is none."""
        name = name.strip()
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise ValueError(f"a shop's name has 1 to {_LONGEST_NAME} characters")
        nothing = Money(0, currency)
        shop = Shop(self.ids.new_id(), name, currency)
        async with self.open_books() as books:
            await books.tills.add_shop(shop)
            await books.wallets.open(shop.id, nothing)
            now = self.clock.now()
            await books.actions.append(
                Action.by(authority, now, "add_shop", f"shop:{shop.id}", {"currency": currency})
            )
            await books.commit()
        return shop
