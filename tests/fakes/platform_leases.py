"""The shelf of leases in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from platform_server.domain.cards import CardState
from platform_server.domain.leases import Exposure, Lease, LeasedCard, LeasedState
from tests.fakes.platform_shelves import State


class MemoryLeases:
    def __init__(self, state: State) -> None:
        self.s = state

    async def lock(self, shop_id: str) -> None:
        assert shop_id in self.s.shops

    async def find(self, till_id: str, lease_id: str) -> Lease | None:
        found = [
            each for each in self.s.leases.values() if (each.till_id, each.lease_id) == (till_id, lease_id)
        ]
        return found[0] if found else None

    async def by_id(self, lease: str) -> Lease | None:
        return self.s.leases.get(lease)

    async def save(self, lease: Lease) -> None:
        assert await self.find(lease.till_id, lease.lease_id) in (None, self.s.leases.get(lease.id))
        self.s.leases[lease.id] = lease

    async def live(self, till_id: str, now: datetime) -> tuple[Lease, ...]:
        out = {card.lease_id for card in self.s.leased.values() if card.is_out}
        mine = [
            each
            for i, each in self.s.leases.items()
            if each.till_id == till_id and (i in out or (each.fenced_at is None and each.expires_at > now))
        ]
        return tuple(sorted(mine, key=lambda each: (each.granted_at, each.id)))

    async def page(self, after: str, limit: int) -> tuple[Lease, ...]:
        return tuple(each for i, each in sorted(self.s.leases.items()) if i > after)[:limit]

    async def exposures(self, shop_id: str) -> Mapping[str, Exposure]:
        found: dict[str, Exposure] = {}
        for card in self.s.leased.values():
            lease = self.s.leases[card.lease_id]
            if lease.shop_id == shop_id and card.state is LeasedState.LEASED:
                found[lease.till_id] = found.get(lease.till_id, Exposure()) + Exposure(1, card.face.minor)
        return found

    async def cards(self, lease: str) -> tuple[LeasedCard, ...]:
        return tuple(card for key, card in sorted(self.s.leased.items()) if key[0] == lease)

    async def add_cards(self, cards: Sequence[LeasedCard]) -> None:
        for card in cards:
            assert (card.lease_id, card.card_id) not in self.s.leased
            self.s.leased[card.lease_id, card.card_id] = card

    async def lock_cards(self, lease: str, card_ids: Collection[str]) -> tuple[LeasedCard, ...]:
        return tuple(card for card in await self.cards(lease) if card.card_id in card_ids)

    async def lock_out(self, lease: str) -> tuple[LeasedCard, ...]:
        return tuple(card for card in await self.cards(lease) if card.is_out)

    async def is_out(self, card_id: str) -> bool:
        return any(card.is_out for key, card in self.s.leased.items() if key[1] == card_id)

    async def save_card(self, card: LeasedCard) -> None:
        assert (card.lease_id, card.card_id) in self.s.leased
        self.s.leased[card.lease_id, card.card_id] = card

    async def of_card(self, card_id: str) -> tuple[tuple[Lease, LeasedCard], ...]:
        mine = [card for card in self.s.leased.values() if card.card_id == card_id]
        return tuple((self.s.leases[card.lease_id], card) for card in sorted(mine, key=lambda c: c.leased_at))


def broken_leases(s: State) -> list[str]:
    """As the questions of store/audit.py, for a memory that can break them."""
    wrong = []
    for (lease_id, card_id), leased in s.leased.items():
        card, lease = s.cards[card_id], s.leases[lease_id]
        till = s.tills[lease.till_id]
        if leased.is_out and (card.state.value, card.reservation_id) != (leased.state.value, lease_id):
            wrong.append(f"{card_id} is {card.state} and {leased.state}")
        if leased.state is LeasedState.SOLD and (card.state.value, card.reservation_id) != (
            "DELIVERED",
            lease_id,
        ):
            wrong.append(f"{card_id} is {card.state}, sold")
        if leased.state is LeasedState.LEASED and (lease.fenced_at or till.epoch != lease.epoch):
            wrong.append(f"{card_id} is at an epoch that is over")
        paid = ("lease_sale", f"{lease_id}:{card_id}") in s.journals
        if paid != (leased.state is LeasedState.SOLD) or paid != (leased.journal_id is not None):
            wrong.append(f"{card_id} is {leased.state}, paid {paid}")
    live = Counter(c.card_id for c in s.leased.values() if c.state is not LeasedState.RETURNED)
    wrong += [f"{card_id} is in {count} leases" for card_id, count in live.items() if count > 1]
    out = {i for (_, i), leased in s.leased.items() if leased.state is LeasedState.LEASED}
    wrong += [i for i, c in s.cards.items() if c.state is CardState.LEASED and c.counts and i not in out]
    for till_id in s.tills:
        mine = [lease for lease in s.leases.values() if lease.till_id == till_id]
        ids = {lease.id for lease in mine}
        held = [c for c in s.leased.values() if c.lease_id in ids and c.state is LeasedState.LEASED]
        if len(held) > max((lease.most for lease in mine), default=0):
            wrong.append(f"till {till_id} is beyond its caps")
    return wrong
