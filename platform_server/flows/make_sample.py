"""Fills an empty platform with a sample market and a shop that has money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from platform_server.domain.goods import CodeLotDraft, Product
from platform_server.domain.money import Money
from platform_server.domain.suppliers import SupplierFile
from platform_server.flows.import_codes import ImportCodes
from platform_server.flows.keep_shop import CreditWallet, OpenShop
from platform_server.flows.keep_suppliers import PutSuppliers
from platform_server.flows.put_products import PutProducts

SHOP_NAME = "Demo shop / \u793a\u4f8b\u5c0f\u5e97"
_CREDIT = Money(2_000_000, "CNY")
_PRODUCTS_AT_ONCE = 5_000
_CARDS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was new."""

    products: int
    cards: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class MakeSample:
    """Products, codes, and a shop with 20,000.00 yuan; a second run with the same market adds nothing."""

    put_suppliers: PutSuppliers
    put_products: PutProducts
    import_codes: ImportCodes
    open_shop: OpenShop
    credit_wallet: CreditWallet

    async def __call__(
        self, suppliers: Sequence[SupplierFile], products: Sequence[Product], lots: Iterable[CodeLotDraft]
    ) -> SampleReport:
        """Raises NotFound if a lot is not of these products, and what PutProducts raises."""
        await self.put_suppliers(suppliers)
        new_products = 0
        for start in range(0, len(products), _PRODUCTS_AT_ONCE):
            new_products += await self.put_products(products[start : start + _PRODUCTS_AT_ONCE])
        cards = duplicates = 0
        for chunk in _in_chunks(lots):
            for report in await self.import_codes(chunk):
                cards += report.imported
                duplicates += report.duplicates
        shop, is_new = await self.open_shop(SHOP_NAME, _CREDIT.currency)
        if is_new:
            await self.credit_wallet(shop.id, _CREDIT, "sample")
        return SampleReport(new_products, cards, duplicates)


def _in_chunks(lots: Iterable[CodeLotDraft]) -> Iterable[Sequence[CodeLotDraft]]:
    chunk: list[CodeLotDraft] = []
    size = 0
    for lot in lots:
        chunk.append(lot)
        size += len(lot.cards)
        if size >= _CARDS_AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
