"""Shuts delivered codes into the vault, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from platform_server.domain.cards import Batch, VaultCard, secret_fault
from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import BadRequest, KeyChanged, NotFound
from platform_server.domain.goods import CardSecret, CodeLotDraft, Payload, Product
from platform_server.flows.keep_suppliers import check_suppliers
from platform_server.flows.shut_cards import Marked, as_kit, ids_for, new_batch, shut_cards
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids

_Unit = tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class LotReport:
    """What became of one lot, counted in units (a kit is one); `batch_id` is None if nothing of it was new."""

    product_id: str
    batch_id: str | None
    imported: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class ImportCodes:
    """All given lots in one transaction; a code that is known in any spelling is refused, and a kit that holds one."""

    open_books: OpenBooks
    vault: Vault
    clock: Clock
    ids: Ids

    async def __call__(self, lots: Sequence[CodeLotDraft]) -> tuple[LotReport, ...]:
        """A report for each lot.

        Raises NotFound for a product that does not exist or is a top-up, Forbidden for a supplier without a valid
        authorisation, BadRequest for a secret that is no card of its product, Collided if another program brings the
        codes of a kit at the same time.
        """
        marked = [[self._marked(unit) for unit in lot.units] for lot in lots]
        async with self.open_books() as books:
            suppliers = {lot.provenance.supplier_id for lot in lots}
            await check_suppliers(books, suppliers, self.clock.now().date())
            items = await books.goods.find({lot.product_id for lot in lots})
            marks = {mark for units in marked for unit in units for mark, _ in unit}
            seen = set(await books.cards.known(marks))
            made = [
                self._shut(_product_of(lot, items), lot, units, seen)
                for lot, units in zip(lots, marked, strict=True)
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
            _report(batch, cards, len(lot.units), lost)
            for lot, (batch, cards) in zip(lots, made, strict=True)
        )

    def _marked(self, unit: Sequence[CardSecret]) -> _Unit:
        return tuple((self.vault.fingerprint(secret), secret) for secret in unit)

    def _shut(
        self, product: Product, lot: CodeLotDraft, units: Sequence[_Unit], seen: set[str]
    ) -> tuple[Batch, list[VaultCard]]:
        fresh = _fresh(units, seen)
        batch = new_batch(product, lot.supplier_batch, lot.provenance, self.vault, self.clock, self.ids)
        cards: list[VaultCard] = []
        for unit in fresh:
            shut = shut_cards(self.vault, batch, unit, ids_for(batch, len(unit), self.ids))
            cards += as_kit(shut) if product.card_kind == "kit" else shut
        return replace(batch, count=sum(len(unit) for unit in fresh)), cards


def code_product(items: Mapping[str, ShelfItem], product_id: str) -> tuple[Product, Payload]:
    """The product and what its cards consist of. Raises NotFound if it does not exist or is a top-up."""
    item = items.get(product_id)
    if item is None or item.product.payload is None:
        raise NotFound(f"no product {product_id} that is sold as a code")
    return item.product, item.product.payload


def _product_of(lot: CodeLotDraft, items: Mapping[str, ShelfItem]) -> Product:
    """The lot's product, whose cards they are."""
    product, payload = code_product(items, lot.product_id)
    for number, unit in enumerate(lot.units, start=1):
        where = f"lot {lot.supplier_batch} card {number}"
        if len(unit) != product.parts:
            raise BadRequest.at(where, f"has {len(unit)} codes, its product is sold with {product.parts}")
        for secret in unit:
            fault = secret_fault(payload, secret)
            if fault is not None:
                raise BadRequest.at(where, fault)
    return product


def _fresh(units: Sequence[_Unit], seen: set[str]) -> list[_Unit]:
    """The units none of whose codes was seen before; those of the others stay unseen."""
    fresh = []
    for unit in units:
        marks = {mark for mark, _ in unit}
        if len(marks) == len(unit) and seen.isdisjoint(marks):
            seen |= marks
            fresh.append(unit)
    return fresh


def _report(batch: Batch, cards: Sequence[VaultCard], units: int, lost: set[str]) -> LotReport:
    added = sum(card.is_unit and card.fingerprint not in lost for card in cards)
    return LotReport(batch.product_id, batch.key.batch_id if cards else None, added, units - added)
