"""Makes vault cards of secrets: the one place where a batch is made and a secret is shut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from platform_server.domain.cards import Batch, CardLabel, CardState, VaultCard, mask_code, use_fingerprint
from platform_server.domain.goods import CardSecret, Product, Provenance
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids

Marked = tuple[str, CardSecret]  # a fingerprint and its secret


def new_batch(
    product: Product, supplier_batch: str, provenance: Provenance, vault: Vault, clock: Clock, ids: Ids
) -> Batch:
    """Without cards so far. Of a loop there is a card for each sale, made when it is sold."""
    key = vault.new_batch_key(ids.new_id())
    uses = 0 if product.card_kind == "loop" else product.uses
    return Batch(key, product.id, supplier_batch, clock.now(), 0, product.face, provenance, uses)


def ids_for(batch: Batch, codes: int, ids: Ids) -> list[str]:
    """As many as `shut_cards` wants for that number of codes."""
    return [ids.new_id() for _ in range(codes * max(1, batch.uses))]


def shut_cards(
    vault: Vault, batch: Batch, marked: Sequence[Marked], ids: Sequence[str]
) -> tuple[VaultCard, ...]:
    """Each secret under its id, bound to its batch, and a card for each of its uses.

    Needs no disk, and some 20 us for each.
    """
    uses = max(1, batch.uses)
    cards: list[VaultCard] = []
    for place, one in enumerate(marked):
        mine = ids[place * uses : (place + 1) * uses]
        card = _shut(vault, batch, one, mine[0])
        cards += (
            [replace(card, state=CardState.MASTER)] if batch.uses == 0 else [card, *_more_uses(card, mine)]
        )
    return tuple(cards)


def _shut(vault: Vault, batch: Batch, marked: Marked, card_id: str) -> VaultCard:
    mark, secret = marked
    face = (batch.face.minor, batch.face.currency)
    label = CardLabel(card_id, batch.product_id, *face, batch.key.batch_id, batch.key.version)
    return VaultCard(label, mark, mask_code(secret), vault.shut(batch.key, label, secret), secret.expires_at)


def _more_uses(card: VaultCard, ids: Sequence[str]) -> Iterator[VaultCard]:
    """The first use is the card itself; the others point to its box."""
    for use, card_id in enumerate(ids[1:], start=2):
        yield replace(
            card,
            label=replace(card.label, card_id=card_id),
            fingerprint=use_fingerprint(card.fingerprint, use),
            box=b"",
            source_id=card.label.card_id,
        )


def as_kit(cards: Sequence[VaultCard]) -> list[VaultCard]:
    """All of a kit is sold until the first of its codes expires; the first card stands on the shelf for the others."""
    kit_id = cards[0].label.card_id
    sell_by = min((card.sell_by for card in cards if card.sell_by is not None), default=None)
    first, *others = (replace(card, kit_id=kit_id, sell_by=sell_by) for card in cards)
    return [first, *(replace(card, state=CardState.IN_KIT) for card in others)]
