"""Brings a document of goods onto the shelf, all of it or nothing, and writes one of what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from platform_server.domain.errors import BadRequest
from platform_server.domain.goods import Product
from platform_server.domain.goods_file import NEW, read_goods, write_goods
from platform_server.domain.plain_reader import Fault
from platform_server.flows.put_products import shelf_faults
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class GoodsReport:
    """How many suppliers and products were new or changed; of a dry run, would have been."""

    suppliers: int
    products: int


@dataclass(frozen=True, slots=True)
class LoadGoods:
    """A product without an id is the one that bears its barcode, or a new one."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, document: Any, *, is_dry_run: bool) -> GoodsReport:
        """Raises BadRequest with one fault for each place that is wrong; then nothing was written."""
        file = read_goods(document)
        _refuse(file.faults)
        async with self.open_books() as books:
            suppliers = await books.suppliers.put(file.suppliers)
            products, twins = await self._with_ids(books, file.products)
            found = await shelf_faults(books, products, self.clock.now().date())
            _refuse((*twins, *(Fault(f"products[{each.place}]", each.what) for each in found)))
            changed = await books.goods.put(products)
            if not is_dry_run:
                await books.commit()
        return GoodsReport(suppliers, changed)

    async def _with_ids(self, books: Books, products: Sequence[Product]) -> tuple[list[Product], list[Fault]]:
        wanted = {product.barcode for product in products if product.id == NEW and product.barcode}
        known = await books.goods.by_barcode(wanted)
        named, twins = [], []
        for place, product in enumerate(products):
            if product.id == NEW:
                bearers = known.get(product.barcode or "", ())
                if len(bearers) > 1:
                    what = f"{len(bearers)} products bear the barcode {product.barcode}; say the id"
                    twins.append(Fault(f"products[{place}]", what))
                named.append(replace(product, id=bearers[0] if bearers else self.ids.new_id()))
            else:
                named.append(product)
        return named, twins


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        errors = [{"where": fault.where, "what": fault.what} for fault in faults]
        raise BadRequest("\n".join(map(str, faults)), errors=errors)


@dataclass(frozen=True, slots=True)
class TellGoods:
    """Everything on file and everything on sale, as LoadGoods reads it."""

    peek_books: OpenBooks

    async def __call__(self) -> dict[str, Any]:
        """Plain JSON; products in the order of their ids."""
        products: list[Product] = []
        async with self.peek_books() as books:
            suppliers = await books.suppliers.all()
            cursor, is_complete = 0, False
            while not is_complete:
                page = await books.goods.page(cursor, _AT_ONCE)
                items = await books.goods.find([row.id for row in page.items])
                products += [item.product for item in items.values()]
                cursor, is_complete = page.cursor, page.is_complete
        return write_goods(suppliers, sorted(products, key=lambda product: product.id))
