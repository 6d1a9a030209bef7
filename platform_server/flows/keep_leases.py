"""What an operator sees of leases, and decides: into quarantine, and what became of what lies there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import BadRequest, Forbidden, NotFound
from platform_server.domain.leases import Lease, LeasedCard, LeasedState
from platform_server.domain.reservation import Caller
from platform_server.flows.grant_lease import LeaseView
from platform_server.flows.keep_secret import check_words
from platform_server.flows.lease_cards import Took, fence_lease, sell_card, void_card
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class ReadLeases:
    """Leases with their cards, without a code."""

    peek_books: OpenBooks
    clock: Clock

    async def page(self, after: str, limit: int) -> tuple[LeaseView, ...]:
        """In the order of our ids, those after that id."""
        async with self.peek_books() as books:
            return await self._views(books, await books.leases.page(after, limit))

    async def of_till(self, caller: Caller) -> tuple[LeaseView, ...]:
        """Of one till, those that are not settled, the oldest first."""
        async with self.peek_books() as books:
            return await self._views(books, await books.leases.live(caller.till_id, self.clock.now()))

    async def _views(self, books: Books, leases: Sequence[Lease]) -> tuple[LeaseView, ...]:
        now = self.clock.now()
        both = [(lease, await books.leases.cards(lease.id)) for lease in leases]
        return tuple(LeaseView(lease, lease.state(cards, now), cards) for lease, cards in both)


@dataclass(frozen=True, slots=True)
class QuarantineLease:
    """End a lease: what may have been sold lies apart until the till's ledger, its return or a person says more."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, authority: Authority, lease_id: str) -> int:
        """By our id; how many cards. Raises NotFound, and Forbidden when it is over already."""
        now = self.clock.now()
        async with self.open_books() as books:
            lease = await _lock(books, lease_id)
            if lease.fenced_at is not None:
                raise Forbidden("the lease is over already", state="FENCED")
            count = await fence_lease(books, lease, authority.reason, now)
            action = Action.by(authority, now, "lease_quarantined", f"lease:{lease.id}", {"cards": count})
            await books.actions.append(action)
            await books.commit()
        return count


@dataclass(frozen=True, slots=True)
class SettleLease:
    """Decide quarantined cards: unsold on the supplier's word, or sold, and the shop pays.

    Their till is stolen, or sells on under a later epoch because an old copy of its books was put back: nobody can say
    that no slip is out. The supplier's word that a code was never used gives the money back, and never the card to
    the shelf.
    """

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    vault: Vault

    async def unsold(
        self, authority: Authority, lease_id: str, proof: str, card_ids: Sequence[str] = ()
    ) -> int:
        """Void (no ids: all of them), money back; `proof` is the supplier's reference. How many."""
        if not proof.strip():
            raise BadRequest.at("proof", "the supplier's reference")
        now = self.clock.now()
        async with self.open_books() as books:
            lease = await _lock(books, lease_id)
            cards = await _quarantined(books, lease, card_ids)
            await self._check_words(books, lease, authority.reason, proof)
            for card in cards:
                await void_card(books, lease, card, now)
            await _note(books, authority, now, "lease_card_freed", cards, proof)
            await _note(books, authority, now, "card_voided", cards, proof)
            await books.commit()
        return len(cards)

    async def sold(self, authority: Authority, lease_id: str, card_ids: Sequence[str] = ()) -> int:
        """The shop pays for them (no ids: for all); a ledger that comes later only adds the sale. How many."""
        now = self.clock.now()
        async with self.open_books() as books:
            lease = await _lock(books, lease_id)
            cards = await _quarantined(books, lease, card_ids)
            await self._check_words(books, lease, authority.reason)
            for card in cards:
                took = Took(self.ids.new_id(), authority.actor, now)
                await sell_card(books, lease, card, took)
            await _note(books, authority, now, "lease_card_charged", cards, None)
            await books.commit()
        return len(cards)

    async def _check_words(self, books: Books, lease: Lease, *words: str) -> None:
        check_words(self.vault, await books.cards.boxed(lease.id), "reason", *words)


async def _lock(books: Books, lease_id: str) -> Lease:
    lease = await books.leases.by_id(lease_id)
    if lease is None:
        raise NotFound("no such lease")
    await books.leases.lock(lease.shop_id)
    again = await books.leases.by_id(lease_id)  # as it is now that it is ours
    return again or lease


async def _quarantined(books: Books, lease: Lease, card_ids: Sequence[str]) -> tuple[LeasedCard, ...]:
    if not card_ids:
        out = await books.leases.lock_out(lease.id)
        return tuple(card for card in out if card.state is LeasedState.QUARANTINED)
    cards = await books.leases.lock_cards(lease.id, card_ids)
    if len(cards) < len(set(card_ids)):
        raise NotFound("a card is not of this lease")
    for card in cards:
        if card.state is not LeasedState.QUARANTINED:
            raise Forbidden("not in quarantine", state=card.state.value, card_id=card.card_id)
    return cards


async def _note(
    books: Books,
    authority: Authority,
    at: datetime,
    what: str,
    cards: Sequence[LeasedCard],
    proof: str | None,
) -> None:
    for card in cards:
        detail = {"lease": card.lease_id, "cost_minor": card.cost.minor, "proof": proof}
        await books.actions.append(Action.by(authority, at, what, f"card:{card.card_id}", detail))
