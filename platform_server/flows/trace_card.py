"""Tells the whole history of a card, and where what is written about it contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.actions import ActionHead
from platform_server.domain.cards import CardRecord, mask_code
from platform_server.domain.errors import NotFound
from platform_server.domain.goods import CardSecret
from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.trace import CardFacts, SoldIn, Trace, contradictions_of, events_of
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Vault

_MOST_USES = 200


@dataclass(frozen=True, slots=True)
class TraceCard:
    """Found by the code itself, by card, or by sale; nothing is written and no code is told."""

    peek_books: OpenBooks
    vault: Vault

    async def by_code(self, text: str) -> tuple[Trace, ...]:
        """`text` is what stands on the card: number and PIN, or the PIN, or the link. Raises NotFound."""
        async with self.peek_books() as books:
            for secret in _readings(text):
                card = await books.cards.find_code(self.vault.fingerprint(secret))
                if card is not None:
                    return await self._trace_uses(books, card)
        raise NotFound("no such code was ever imported; a card with number and PIN is found by both together")

    async def _trace_uses(self, books: Books, first: CardRecord) -> tuple[Trace, ...]:
        """A code that is sold more than once has a card for each of its uses."""
        ids = await books.cards.uses_of(first.boxed.held.card_id, _MOST_USES)
        uses = [await books.cards.find(card_id) for card_id in ids]
        cards = [first, *(card for card in uses if card is not None)]
        return tuple([await self._trace(books, card) for card in cards])

    async def by_card(self, card_id: str) -> tuple[Trace, ...]:
        """Raises NotFound."""
        async with self.peek_books() as books:
            card = await books.cards.find(card_id)
            if card is None:
                raise NotFound("no such card")
            return (await self._trace(books, card),)

    async def by_sale(self, sale_id: str, masked: str = "") -> tuple[Trace, ...]:
        """Every card of the sale, or those whose mask ends so; also those taken back. Raises NotFound."""
        async with self.peek_books() as books:
            held = [
                card
                for sale in await books.reservations.of_sale(sale_id)
                for card in await books.cards.held(sale.id)
            ]
            records = [await books.cards.find(card.card_id) for card in held if card.masked.endswith(masked)]
            if not records:
                raise NotFound("no such sale has such a card")
            return tuple([await self._trace(books, card) for card in records if card is not None])

    async def _trace(self, books: Books, card: CardRecord) -> Trace:
        facts = await _gather(books, card)
        held = card.boxed.held
        found = [*self._against_box(card), *await _against_chains(books, facts), *contradictions_of(facts)]
        head: ActionHead = await books.actions.head()
        return Trace(
            card_id=held.card_id,
            product_id=held.product_id,
            masked=held.masked,
            state=held.state,
            events=events_of(facts),
            contradictions=tuple(dict.fromkeys(found)),
            head=head,
        )

    def _against_box(self, card: CardRecord) -> list[str]:
        """The cipher text is bound to its row, so a row that was given another's content is found."""
        boxed = card.boxed
        try:
            secret = self.vault.open(boxed.batch_key, boxed.label, boxed.box)
        except ValueError:
            return ["the sealed code does not belong to this row"]
        is_use = boxed.label.card_id != boxed.held.card_id  # its fingerprint is made of that of its source
        fingerprint = card.fingerprint if is_use else self.vault.fingerprint(secret)
        same = (fingerprint, mask_code(secret)) == (card.fingerprint, boxed.held.masked)
        return [] if same else ["fingerprint or mask are of another code"]


def _readings(text: str) -> list[CardSecret]:
    """What somebody may mean by the words of a card."""
    words = text.split()
    if len(words) == 1:
        word = words[0]
        return [CardSecret(pin=word), CardSecret(link=word), CardSecret(number=word)]
    readings = [
        CardSecret(number="".join(words[:cut]), pin="".join(words[cut:])) for cut in range(1, len(words))
    ]
    return [*readings, CardSecret(pin="".join(words))] if words else []


async def _gather(books: Books, card: CardRecord) -> CardFacts:
    item_id = card.boxed.held.item_id  # what is done to a kit is done to its first card
    actions = await books.actions.about([f"card:{item_id}", f"batch:{card.boxed.label.batch_id}"])
    ids = [card.reservation_id, *(each.action.detail.get("reservation_id") for each in actions)]
    sales, claims = [], []
    for reservation_id in dict.fromkeys(each for each in ids if each is not None):
        sale = await books.reservations.by_id(reservation_id)
        if sale is not None:
            sales.append(SoldIn(sale, await books.reservations.steps_of(sale.till_id, sale.sale_id)))
            for claim in await books.claims.of_reservation(reservation_id):
                new_card = claim.decision.new_card_id if claim.decision else None
                if item_id in (claim.card_id, new_card):
                    claims.append(claim)
    subjects = [f"claim:{claim.id}" for claim in claims]
    actions = tuple(sorted((*actions, *await books.actions.about(subjects)), key=lambda each: each.seq))
    leased = await books.leases.of_card(item_id)
    words = [card.boxed.held.card_id, *(sold.sale.sale_id for sold in sales)]
    words += [each.sale_id for _, each in leased if each.sale_id is not None]
    entries = await books.ledger.naming(words, card.imported_at)
    return CardFacts(card, tuple(sales), tuple(claims), actions, entries, leased)


async def _against_chains(books: Books, facts: CardFacts) -> list[str]:
    found = []
    broken = await books.actions.verify()
    if broken is not None:
        found.append(f"the chain of actions breaks at {broken}")
    for till_id, entries in facts.entries.items():
        found += [
            f"entry {each.seq} of till {till_id} was changed"
            for each in await _changed(books, till_id, entries)
        ]
    return found


async def _changed(books: Books, till_id: str, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Those whose text is not what its own hash, or the entry after it, says."""
    changed = []
    for entry in entries:
        hashes = await books.ledger.hashes(till_id, entry.epoch, entry.seq - 1, entry.seq)
        if hashes.get(entry.seq) != entry.hash or hashes.get(entry.seq - 1, entry.prev) != entry.prev:
            changed.append(entry)
    return changed
