"""The shelves for products and for their cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.cards import Batch, BoxedCard, CardRecord, CardState, HeldCard, VaultCard
from platform_server.domain.catalogue import CataloguePage, ShelfItem
from platform_server.domain.goods import Product, Shape


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

    async def shapes(self, product_ids: Collection[str]) -> Mapping[str, Shape]:
        """What of each known product cannot change."""
        ...

    async def by_barcode(self, barcodes: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The ids of the products that bear each of these barcodes, those that are off sale too."""
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
        """Puts cards away in their states (a MASTER makes the stock many); a batch that is there grows by its `count`.

        Answers the fingerprints that were in the vault already: their cards are left out, their batch counts less.
        Raises KeyChanged if a batch has a newer data key, or if its key-encryption key was retired, and Collided if a
        code of a kit came in by another program meanwhile.
        """
        ...

    async def allocate(
        self, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        """Reserves up to `quantity` cards valid beyond then, first to expire first; never one twice.

        The further cards of a kit come with its first, so there may be more cards than `quantity`.
        """
        ...

    async def copy_master(
        self,
        product_id: str,
        card_ids: Sequence[str],
        reservation_id: str,
        line_id: str,
        good_until: datetime,
    ) -> tuple[HeldCard, ...]:
        """A fresh RESERVED card for each id, of the product's MASTER valid beyond then; none when there is none."""
        ...

    async def release(self, reservation_id: str) -> int:
        """Its RESERVED cards are on the shelf again, kits whole; how many count."""
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

    async def find(self, card_id: str) -> CardRecord | None:
        """Everything that is written of it."""
        ...

    async def find_code(self, fingerprint: str) -> CardRecord | None:
        """The same, by the keyed hash of its code."""
        ...

    async def move(self, card_id: str, before: CardState, after: CardState) -> bool:
        """One card, or the kit whose first it is, takes another state in one step; False if it was not in the first.

        What is AVAILABLE again belongs to no sale.
        """
        ...

    async def in_state(self, state: CardState, after: str, limit: int) -> tuple[HeldCard, ...]:
        """Cards of a state in the order of their ids, those after that id; of a kit the first."""
        ...

    async def uses_of(self, card_id: str, limit: int) -> tuple[str, ...]:
        """The cards that are further uses of the code of this one."""
        ...

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        """What the till says of the slip: "yes" or "unknown", and how many copies."""
        ...

    async def retire_expired(self, now: datetime) -> int:
        """AVAILABLE and MASTER cards past their time become EXPIRED, kits whole; how many count."""
        ...

    async def one_of_each_key(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        """One card for each data key of the next `limit` batches after that batch id, in their order."""
        ...

    async def batch(self, batch_id: str) -> Batch | None:
        """A batch with its newest data key."""
        ...
