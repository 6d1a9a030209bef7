"""Shuts delivered codes into the vault, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.cards import Batch, CardLabel, VaultCard, mask_code
from platform_server.domain.errors import NotFound
from platform_server.domain.goods import CardSecret, CodeLotDraft
from platform_server.domain.money import Money
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
        now = self.clock.now()
        async with self.open_books() as books:
            items = await books.goods.find({lot.product_id for lot in lots})
            seen = await books.cards.known({mark for cards in marked for mark, _ in cards})
            batches: list[Batch] = []
            cards: list[VaultCard] = []
            reports = []
            for lot, marks in zip(lots, marked, strict=True):
                item = items.get(lot.product_id)
                if item is None or item.product.payload is None:
                    raise NotFound(f"no product {lot.product_id} that is sold as a code")
                fresh = []
                for mark, card in marks:
                    if mark not in seen:
                        seen.add(mark)
                        fresh.append((mark, card))
                batch = self._batch(lot, len(fresh), now)
                if fresh:
                    batches.append(batch)
                    cards += [self._shut(batch, item.product.face, mark, card) for mark, card in fresh]
                batch_id = batch.key.batch_id if fresh else None
                reports.append(LotReport(lot.product_id, batch_id, len(fresh), len(marks) - len(fresh)))
            await books.cards.add(batches, cards)
            await books.commit()
        return tuple(reports)

    def _batch(self, lot: CodeLotDraft, count: int, now: datetime) -> Batch:
        key = self.vault.new_batch_key(self.ids.new_id())
        return Batch(key, lot.product_id, lot.supplier_batch, now, count)

    def _shut(self, batch: Batch, face: Money, mark: str, card: CardSecret) -> VaultCard:
        batch_id = batch.key.batch_id
        label = CardLabel(self.ids.new_id(), batch.product_id, face.minor, face.currency, batch_id)
        box = self.vault.shut(batch.key, label, card)
        return VaultCard(label, mark, mask_code(card), box, card.expires_at)
