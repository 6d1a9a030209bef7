"""Products in SQL, and the catalogue's order of change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.catalogue import MANY, CataloguePage, ShelfItem, ShelfRow
from platform_server.domain.goods import Names, Payload, Product, ProductKind, Shape
from platform_server.store.dialect import reserve_changes
from platform_server.store.fast import Fast, Prepared
from platform_server.store.inline import APART
from platform_server.store.product_rows import product_from_row, product_to_row, shelf_row
from platform_server.store.tables import brands, categories, products

_AT_ONCE = 500  # how many values an IN list may have on every database
_SHELF = select(
    products,
    brands.c.name_zh.label("brand_zh"),
    brands.c.name_en.label("brand_en"),
    categories.c.name_zh.label("category_zh"),
    categories.c.name_en.label("category_en"),
).select_from(products.join(brands).join(categories))

_NAMES = {
    "brand_zh": brands.c.name_zh,
    "brand_en": brands.c.name_en,
    "category_zh": categories.c.name_zh,
    "category_en": categories.c.name_en,
}
_FLAT = select(
    products.c.is_on_sale,
    products.c.changed_seq,
    *(_NAMES[name].label(name) if name in _NAMES else products.c[name] for name in ShelfRow._fields),
).select_from(products.join(brands).join(categories))

_FIND = Prepared(_SHELF.where(products.c.id == bindparam("product_id")))
_FEW = 8  # lines of a sale


class SqlGoods:
    """Implements ports.goods_shelves.GoodsShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def put(self, wanted: Sequence[Product]) -> int:
        wanted = list({product.id: product for product in wanted}.values())
        await self._put_names(brands, {product.brand.id: product.brand.names for product in wanted})
        await self._put_names(categories, {product.category.id: product.category.names for product in wanted})
        rows = [product_to_row(product) for product in wanted]
        known = await self._digests([row["id"] for row in rows])
        fresh = [row for row in rows if row["id"] not in known]
        changed = [row for row in rows if row["id"] in known and known[row["id"]] != row["digest"]]
        first = await reserve_changes(self._connection, len(fresh) + len(changed))
        for seq, row in enumerate([*fresh, *changed], start=first):
            row["changed_seq"] = seq
            row["is_on_sale"] = True
        if fresh:
            await self._connection.execute(insert(products), [{**row, "stock": 0} for row in fresh])
        for row in changed:
            del row["version"]
            query = update(products).where(products.c.id == row["id"])
            await self._connection.execute(query.values(**row, version=products.c.version + 1))
        return len(fresh) + len(changed)

    async def take_off(self, product_ids: Collection[str]) -> int:
        query = select(products.c.id).where(products.c.id.in_(product_ids), products.c.is_on_sale)
        ids = list(await self._connection.scalars(query))
        await self._touch(ids, is_on_sale=False, digest="")
        return len(ids)

    async def find(self, product_ids: Collection[str]) -> Mapping[str, ShelfItem]:
        found = {}
        if len(product_ids) <= _FEW:
            for product_id in product_ids:
                for row in await self._fast.rows(_FIND, product_id=product_id):
                    found[row.id] = _item(row)
            return found
        for chunk in _chunks(product_ids):
            for row in await self._connection.execute(_SHELF.where(products.c.id.in_(chunk))):
                found[row.id] = _item(row)
        return found

    async def shapes(self, product_ids: Collection[str]) -> Mapping[str, Shape]:
        found = {}
        columns = (products.c[name] for name in ("id", "kind", "payload", "card_kind", "parts", "uses"))
        query = select(*columns)
        for chunk in _chunks(product_ids):
            for row in await self._connection.execute(query.where(products.c.id.in_(chunk))):
                payload = None if row.payload is None else Payload(row.payload)
                found[row.id] = Shape(ProductKind(row.kind), payload, row.card_kind, row.parts, row.uses)
        return found

    async def by_barcode(self, barcodes: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for chunk in _chunks(barcodes):
            query = select(products.c.barcode, products.c.id).where(products.c.barcode.in_(chunk))
            for row in await self._connection.execute(query.order_by(products.c.id)):
                found[row.barcode] = (*found.get(row.barcode, ()), row.id)
        return found

    async def page(self, cursor: int, limit: int) -> CataloguePage:
        last = await self._connection.scalar(select(func.max(products.c.changed_seq))) or 0
        if cursor > last:  # of another life of this store: begin again
            cursor = 0
        count = select(func.count()).prefix_with(APART).select_from(products).where(products.c.is_on_sale)
        total = await self._connection.scalar(count) or 0
        query = _FLAT.prefix_with(APART).where(products.c.changed_seq > cursor)
        rows = (await self._connection.execute(query.order_by(products.c.changed_seq).limit(limit))).all()
        items = tuple(shelf_row(row[2:]) for row in rows if row.is_on_sale)
        removed = tuple(row.id for row in rows if not row.is_on_sale)
        end = rows[-1].changed_seq if rows else cursor
        return CataloguePage(items, removed, end, end >= last, total)

    async def open_top_ups(self, is_open: bool) -> int:
        stock = MANY if is_open else 0
        query = select(products.c.id).where(
            products.c.kind == ProductKind.TOP_UP.value, products.c.stock != stock
        )
        ids = list(await self._connection.scalars(query))
        await self._touch(ids, stock=stock)
        return len(ids)

    async def _touch(self, ids: Sequence[str], **values: Any) -> None:
        """Each gets a place of its own in the order of change."""
        if not ids:
            return
        first = await reserve_changes(self._connection, len(ids))
        query = update(products).where(products.c.id == bindparam("which"))
        query = query.values(changed_seq=bindparam("seq"), **values)
        rows = [{"which": product_id, "seq": first + i} for i, product_id in enumerate(ids)]
        await self._connection.execute(query, rows)

    async def _put_names(self, table: Table, wanted: Mapping[str, Names]) -> None:
        known: dict[str, Names] = {}
        for chunk in _chunks(wanted):
            for row in await self._connection.execute(select(table).where(table.c.id.in_(chunk))):
                known[row.id] = Names(row.name_zh, row.name_en)
        fresh = [key for key in wanted if key not in known]
        if fresh:
            rows = [{"id": key, "name_zh": wanted[key].zh, "name_en": wanted[key].en} for key in fresh]
            await self._connection.execute(insert(table), rows)
        for key in [key for key in wanted if key in known and known[key] != wanted[key]]:
            query = update(table).where(table.c.id == key)
            await self._connection.execute(query.values(name_zh=wanted[key].zh, name_en=wanted[key].en))
            column = products.c.brand_id if table is brands else products.c.category_id
            bearers = list(await self._connection.scalars(select(products.c.id).where(column == key)))
            await self._touch(bearers, version=products.c.version + 1)

    async def _digests(self, ids: Sequence[str]) -> dict[str, str]:
        known: dict[str, str] = {}
        for chunk in _chunks(ids):
            query = select(products.c.id, products.c.digest).where(products.c.id.in_(chunk))
            known.update({row.id: row.digest for row in await self._connection.execute(query)})
        return known


def _item(row: Any) -> ShelfItem:
    brand, category = Names(row.brand_zh, row.brand_en), Names(row.category_zh, row.category_en)
    return ShelfItem(product_from_row(row, brand, category), row.stock, bool(row.is_on_sale))


def _chunks(values: Collection[str]) -> list[list[str]]:
    everything = list(values)
    return [everything[i : i + _AT_ONCE] for i in range(0, len(everything), _AT_ONCE)]
