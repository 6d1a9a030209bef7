"""The shelves for products and for their cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.cards import Batch, BoxedCard, CardState, HeldCard, VaultCard
from platform_server.domain.catalogue import CataloguePage, ShelfItem
from platform_server.domain.goods import Product


class GoodsShelf(Protocol):
    """Products with their stock."""

    async def put(self, products: Sequence[Product]) -> int:
        """Adds new products, replaces changed ones (their version grows by one); how many of both."""
        ...

    async def take_off(self, product_ids: Collection[str]) -> int:
        """Takes products off sale; the catalogue then names them as removed."""
        ...

    async def find(self, product_ids: Collection[str]) -> Mapping[str, ShelfItem]:
        """By id; unknown ids are left out."""
        ...

    async def page(self, cursor: int, limit: int) -> CataloguePage:
        """What changed after `cursor` (0: everything); a cursor beyond the last change starts over."""
        ...

    async def open_top_ups(self, is_open: bool) -> int:
        """Stock of every top-up becomes many or 0; how many changed."""
        ...


class CardShelf(Protocol):
    """The vault's rows. Whatever changes what can be sold moves the product's stock in the same breath."""

    async def known(self, fingerprints: Collection[str]) -> Mapping[str, str]:
        """Those that are in the vault already, whatever became of the card, with the id of their batch."""
        ...

    async def add(self, batches: Sequence[Batch], cards: Sequence[VaultCard]) -> set[str]:
        """Puts cards on the shelf as AVAILABLE; a batch that is there already grows by its `count`.

        Answers the fingerprints that were in the vault already: their cards are left out, their batch counts less.
        Raises KeyChanged if a batch has a newer data key, or if its key-encryption key was retired.
        """
        ...

    async def allocate(
        self, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        """Reserves up to `quantity` cards valid beyond then, first to expire first; never one twice."""
        ...

    async def release(self, reservation_id: str) -> int:
        """Its RESERVED cards are AVAILABLE again; how many."""
        ...

    async def mark(self, reservation_id: str, before: CardState, after: CardState) -> int:
        """Its cards of one state take the other (neither AVAILABLE); how many."""
        ...

    async def held(self, reservation_id: str) -> tuple[HeldCard, ...]:
        """The cards of a reservation, by line and id."""
        ...

    async def boxed(self, reservation_id: str) -> tuple[BoxedCard, ...]:
        """The same with their ciphertext."""
        ...

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        """What the till says of the slip: "yes" or "unknown", and how many copies."""
        ...

    async def retire_expired(self, now: datetime) -> int:
        """AVAILABLE cards past their time become EXPIRED; how many."""
        ...

    async def one_of_each_key(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        """One card for each data key of the next `limit` batches after that batch id, in their order."""
        ...

    async def batch(self, batch_id: str) -> Batch | None:
        """A batch with its newest data key."""
        ...
