"""Opens the cards of a sale and seals each for its till."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.canonical import binding
from platform_server.domain.cards import BoxedCard, CardState
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation
from platform_server.domain.tills import Till
from platform_server.flows.steps import SealedCard
from platform_server.ports.books import Books
from platform_server.ports.vault import Sealer, Vault

_HANDED_OVER = (CardState.SOLD, CardState.DELIVERED)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Sealing again for a repeat is as good as the first time: only the till can open either."""

    vault: Vault
    sealer: Sealer

    async def __call__(
        self, books: Books, till: Till, reservation: Reservation, only: str | None = None
    ) -> tuple[SealedCard, ...]:
        """The sold cards of a sale, or the one that is asked for, sealed under docs/protocol.md section 7."""
        boxed = [card for card in await books.cards.boxed(reservation.id) if card.held.state in _HANDED_OVER]
        boxed = [card for card in boxed if only in (None, card.held.card_id, card.held.kit_id)]
        products = await books.goods.find({card.held.product_id for card in boxed})
        payloads = {product_id: item.product.payload or "" for product_id, item in products.items()}
        sale = (reservation.shop_id, till.id, till.epoch, reservation.sale_id)
        return tuple(
            SealedCard(
                card_id=card.held.card_id,
                line_id=card.held.line_id,
                product_id=card.held.product_id,
                payload=str(payloads[card.held.product_id]),
                face=Money(card.label.face_minor, card.label.currency),
                sealed=seal_card(self.vault, self.sealer, till, card, sale + (card.held.line_id,)),
            )
            for card in boxed
        )


def seal_card(
    vault: Vault, sealer: Sealer, till: Till, card: BoxedCard, place: tuple[str | int, ...]
) -> bytes:
    """Opens only at this till, and as this card of this `place`: the sale's line or the lease it goes out in."""
    secret = vault.open(card.batch_key, card.label, card.box)
    goods = (card.held.card_id, card.held.product_id, card.label.face_minor, card.label.currency)
    return sealer.seal(secret, till.seal_key, binding("pos-code-1", *place, *goods))
