"""What the platform's own books say was delivered, read from its vault with its keys: the oracle of the system tests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from platform_server.app.places import Places
from platform_server.app.wiring import Platform, build_world, open_platform
from platform_server.domain.cards import CardState
from platform_server.settings import Settings
from pos_app.domain.card_code import CardSecret


@dataclass(frozen=True)
class DeliveredSale:
    """One sale as the platform holds it; `secrets` are (product id, code in clear) of what was handed over."""

    sale_id: str
    state: str
    secrets: tuple[tuple[str, CardSecret], ...]
    card_ids: tuple[str, ...]


def delivered(data: Path, keys: Path | None, sale_ids: list[str]) -> dict[str, DeliveredSale]:
    """The sales of the first shop's first till, those of `sale_ids` that the platform has heard of."""

    async def read() -> dict[str, DeliveredSale]:
        places = Places.of(data, keys)
        world = build_world(Settings(), None)
        async with open_platform(places, world, is_alone=False) as platform:
            return await _read(platform, sale_ids)

    return asyncio.run(read())


async def _read(platform: Platform, sale_ids: list[str]) -> dict[str, DeliveredSale]:
    found = {}
    async with platform.store.peek_books() as books:
        shop = await books.tills.first_shop()
        assert shop is not None
        (till,) = await books.tills.of_shop(shop.id)
        for sale_id in sale_ids:
            reservation = await books.reservations.find(till.id, sale_id)
            if reservation is None:
                continue
            boxed = [
                card
                for card in await books.cards.boxed(reservation.id)
                if card.held.state in (CardState.SOLD, CardState.DELIVERED)
            ]
            secrets = []
            for card in boxed:
                secret = platform.vault.open(card.batch_key, card.label, card.box)
                clear = CardSecret(secret.number, secret.pin, secret.link, None)
                secrets.append((card.held.product_id, clear))
            found[sale_id] = DeliveredSale(
                sale_id, reservation.state.value, tuple(secrets), tuple(card.held.card_id for card in boxed)
            )
    return found
