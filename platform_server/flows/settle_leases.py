"""Reads from a till's own ledger what became of leased cards; what does not fit is told and blocks nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from platform_server.domain.cards import CardState
from platform_server.domain.leases import (
    DeletedCards,
    Lease,
    LeasedCard,
    LeasedState,
    SoldOffline,
    lease_facts,
)
from platform_server.domain.ledger import Strange
from platform_server.domain.wallet import till_actor
from platform_server.flows.lease_cards import Took, sell_card
from platform_server.ports.books import Books
from platform_server.ports.world import Ids


@dataclass(frozen=True, slots=True)
class SettleLeases:
    """Entries are read once, in their order, in the transaction that stores them."""

    books: Books
    ids: Ids
    till_id: str
    now: datetime

    async def __call__(self, entries: Sequence[Mapping[str, Any]]) -> list[Strange]:
        """What is odd in them."""
        found: list[Strange] = []
        for entry in entries:
            try:
                facts = lease_facts(entry)
            except ValueError as fault:
                found.append(Strange("lease_unreadable", entry["seq"], str(fault)))
                continue
            sold = [fact.card_id for fact in facts if isinstance(fact, SoldOffline)]
            if len(set(sold)) < len(sold):
                found.append(Strange("lease_sold_twice", entry["seq"], "names a card twice"))
            for fact in facts:
                if isinstance(fact, SoldOffline):
                    found += await self._sold(fact)
                else:
                    found += await self._deleted(fact)
        return found

    async def _sold(self, fact: SoldOffline) -> list[Strange]:
        lease = await self.books.leases.find(self.till_id, fact.lease_id)
        cards = () if lease is None else await self.books.leases.lock_cards(lease.id, [fact.card_id])
        if lease is None or not cards:
            return [_odd("lease_unknown", fact, "sells a card that this till never had")]
        card = cards[0]
        if not card.is_out:
            return await self._sold_again(fact, card)
        took = Took(
            journal_id=self.ids.new_id(),
            actor=till_actor(self.till_id),
            at=self.now,
            seq=fact.seq,
            sale_id=fact.sale_id,
            line_id=fact.line_id,
        )
        await sell_card(self.books, lease, card, took)
        return _doubts(fact, lease, card)

    async def _sold_again(self, fact: SoldOffline, card: LeasedCard) -> list[Strange]:
        """The card had come to its end already."""
        if card.state is LeasedState.RETURNED:
            # It may be with another customer by now; if it is still on the shelf it stays there for nobody.
            await self.books.cards.move(fact.card_id, CardState.AVAILABLE, CardState.QUARANTINED)
            return [_odd("lease_sold_returned", fact, "sells a card that had come back")]
        if card.sale_id is None:  # a person had charged it; now we know the sale
            await self.books.leases.save_card(replace(card, sale_id=fact.sale_id, line_id=fact.line_id))
        elif (card.sale_id, card.line_id) != (fact.sale_id, fact.line_id):
            return [_odd("lease_sold_twice", fact, f"sells a card of sale {card.sale_id}")]
        return []

    async def _deleted(self, fact: DeletedCards) -> list[Strange]:
        lease = await self.books.leases.find(self.till_id, fact.lease_id)
        cards = () if lease is None else await self.books.leases.lock_cards(lease.id, fact.card_ids)
        for card in cards:
            if card.is_out and card.deleted_seq is None:
                await self.books.leases.save_card(replace(card, deleted_seq=fact.seq))
        if len(cards) < len(set(fact.card_ids)):
            return [Strange("lease_unknown", fact.seq, "gives back a card that this till never had")]
        return []


def _doubts(fact: SoldOffline, lease: Lease, card: LeasedCard) -> list[Strange]:
    found = []
    if card.deleted_seq is not None:
        found.append(_odd("lease_sold_deleted", fact, "sells a card that the till had destroyed"))
    if fact.at >= lease.expires_at:
        found.append(_odd("lease_sold_late", fact, "sells a card after its lease had run out"))
    return found


def _odd(kind: str, fact: SoldOffline, words: str) -> Strange:
    return Strange(kind, fact.seq, f"sale {fact.sale_id} {words}: {fact.card_id}")
