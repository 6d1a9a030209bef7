"""What an operator does with a single card: out of quarantine, or void for good."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.cards import CardRecord, CardState, HeldCard
from platform_server.domain.errors import BadRequest, Forbidden, NotFound
from platform_server.flows.keep_secret import check_words
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock

_MAY_BE_VOID = (CardState.QUARANTINED, CardState.AVAILABLE, CardState.EXPIRED, CardState.MASTER)


@dataclass(frozen=True, slots=True)
class ListQuarantine:
    """Cards that were sold and taken back before anybody can have seen them."""

    peek_books: OpenBooks

    async def __call__(self, after: str, limit: int) -> tuple[HeldCard, ...]:
        """In the order of their ids, those after that id."""
        async with self.peek_books() as books:
            return await books.cards.in_state(CardState.QUARANTINED, after, limit)


@dataclass(frozen=True, slots=True)
class ReleaseQuarantine:
    """Back on the shelf, on the supplier's word that the code is unused; `proof` is his reference."""

    open_books: OpenBooks
    clock: Clock
    vault: Vault

    async def __call__(self, authority: Authority, card_id: str, proof: str) -> None:
        """Raises NotFound, BadRequest without a proof, Forbidden with {state} for a card that is not there."""
        if not proof.strip():
            raise BadRequest.at("proof", "the supplier's reference")
        async with self.open_books() as books:
            card = await _find(books, card_id)
            check_words(self.vault, [card.boxed], "reason", authority.reason, proof)
            await _move(books, card, CardState.AVAILABLE, (CardState.QUARANTINED,))
            detail = {"proof": proof, "reservation_id": card.reservation_id}
            action = Action.by(authority, self.clock.now(), "quarantine_released", f"card:{card_id}", detail)
            await books.actions.append(action)
            await books.commit()


@dataclass(frozen=True, slots=True)
class VoidCard:
    """A card that belongs to nobody is never sold: one of the quarantine, the shelf or the expired."""

    open_books: OpenBooks
    clock: Clock
    vault: Vault

    async def __call__(self, authority: Authority, card_id: str) -> None:
        """Raises NotFound, and Forbidden with {state}: what a customer has goes by a claim."""
        async with self.open_books() as books:
            card = await _find(books, card_id)
            check_words(self.vault, [card.boxed], "reason", authority.reason)
            before = await _move(books, card, CardState.VOID, _MAY_BE_VOID)
            detail = {"before": before.value, "reservation_id": card.reservation_id}
            action = Action.by(authority, self.clock.now(), "card_voided", f"card:{card_id}", detail)
            await books.actions.append(action)
            await books.commit()


async def _find(books: Books, card_id: str) -> CardRecord:
    card = await books.cards.find(card_id)
    if card is None:
        raise NotFound("no such card")
    if not card.boxed.held.counts:
        raise BadRequest.at("card", f"is part of a kit; name its first, {card.boxed.held.kit_id}")
    return card


async def _move(
    books: Books, card: CardRecord, after: CardState, befores: tuple[CardState, ...]
) -> CardState:
    held = card.boxed.held
    if await books.leases.is_out(held.card_id):
        raise Forbidden("it was leased to a till and is settled with its lease", state=held.state.value)
    if held.state not in befores or not await books.cards.move(held.card_id, held.state, after):
        raise Forbidden("the card is not free", state=held.state.value)
    return held.state
