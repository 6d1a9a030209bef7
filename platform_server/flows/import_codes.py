"""Shuts delivered codes into the vault, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from platform_server.domain.cards import Batch, VaultCard
from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import KeyChanged, NotFound
from platform_server.domain.goods import CodeLotDraft, Payload, Product
from platform_server.flows.shut_cards import Marked, new_batch, shut_cards
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class LotReport:
    """What became of one lot; `batch_id` is None if no card of it was new."""

    product_id: str
    batch_id: str | None
    imported: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class ImportCodes:
    """All given lots in one transaction; a code that is known in any spelling is refused."""

    open_books: OpenBooks
    vault: Vault
    clock: Clock
    ids: Ids

    async def __call__(self, lots: Sequence[CodeLotDraft]) -> tuple[LotReport, ...]:
        """A report for each lot. Raises NotFound for a product that does not exist or is a top-up."""
        marked = [[(self.vault.fingerprint(card), card) for card in lot.cards] for lot in lots]
        async with self.open_books() as books:
            items = await books.goods.find({lot.product_id for lot in lots})
            seen = set(await books.cards.known({mark for cards in marked for mark, _ in cards}))
            made = [
                self._shut(code_product(items, lot.product_id)[0], lot.supplier_batch, cards, seen)
                for lot, cards in zip(lots, marked, strict=True)
            ]
            filled = [(batch, cards) for batch, cards in made if cards]
            try:
                lost = await books.cards.add(
                    [batch for batch, _ in filled], [card for _, cards in filled for card in cards]
                )
            except KeyChanged:
                self.vault.learn()
                raise
            await books.commit()
        return tuple(
            _report(batch, cards, len(lot.cards), lost)
            for lot, (batch, cards) in zip(lots, made, strict=True)
        )

    def _shut(
        self, product: Product, supplier_batch: str, marked: Sequence[Marked], seen: set[str]
    ) -> tuple[Batch, tuple[VaultCard, ...]]:
        fresh = []
        for mark, card in marked:
            if mark not in seen:
                seen.add(mark)
                fresh.append((mark, card))
        batch = new_batch(product, supplier_batch, self.vault, self.clock, self.ids)
        cards = shut_cards(self.vault, batch, fresh, [self.ids.new_id() for _ in fresh])
        return replace(batch, count=len(cards)), cards


def code_product(items: Mapping[str, ShelfItem], product_id: str) -> tuple[Product, Payload]:
    """The product and what its cards consist of. Raises NotFound if it does not exist or is a top-up."""
    item = items.get(product_id)
    if item is None or item.product.payload is None:
        raise NotFound(f"no product {product_id} that is sold as a code")
    return item.product, item.product.payload


def _report(batch: Batch, cards: Sequence[VaultCard], count: int, lost: set[str]) -> LotReport:
    added = sum(card.fingerprint not in lost for card in cards)
    return LotReport(batch.product_id, batch.key.batch_id if cards else None, added, count - added)
