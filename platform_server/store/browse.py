"""What the operators' pages read, in SQL that both databases speak."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.claims import UNDECIDED
from platform_server.domain.goods import Brand, Category, Names, ProductKind
from platform_server.domain.money import Money
from platform_server.domain.overview import COUNTED, Cell, Glance, Noun, Row, RowPage, ShopDay, Wanted
from platform_server.domain.top_up import OPEN_STATES, TopUpState
from platform_server.store.goods_listings import GOODS
from platform_server.store.inline import APART
from platform_server.store.instants import NEVER, from_micros
from platform_server.store.listing import Listing
from platform_server.store.tables import (
    brands,
    categories,
    claims,
    incidents,
    products,
    reservation_lines,
    reservations,
    shops,
    top_ups,
    wallets,
)
from platform_server.store.trade_listings import TRADE

_LISTINGS = {**GOODS, **TRADE}
_FEW = 8  # rows of each short list at a glance


class SqlBrowse:
    """Implements ports.browse.BrowseShelf; its queries may read much, so they run apart."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(self, noun: Noun, wanted: Wanted) -> RowPage:
        listing = _LISTINGS[noun]
        chosen = listing.query.where(*_conditions(listing, wanted))
        counted = chosen.with_only_columns(listing.row_id.label("row_id")).order_by(None).limit(COUNTED + 1)
        count = select(func.count()).prefix_with(APART).select_from(counted.subquery())
        total = await self._connection.scalar(count) or 0
        query = chosen.prefix_with(APART).order_by(*listing.order).offset(wanted.skip).limit(wanted.limit)
        return RowPage(await self._rows(listing, query), total)

    async def one(self, noun: Noun, row_id: str) -> Row | None:
        listing = _LISTINGS[noun]
        query = listing.query.prefix_with(APART).where(listing.row_id == row_id)
        rows = await self._rows(listing, query.limit(1))
        return rows[0] if rows else None

    async def glance(self, business_date: str, low_stock: int, low_money_minor: int) -> Glance:
        undecided = [state.value for state in UNDECIDED]
        open_states = [state.value for state in OPEN_STATES]
        available = wallets.c.balance_minor - wallets.c.held_minor + wallets.c.credit_limit_minor
        codes = (products.c.is_on_sale, products.c.kind == ProductKind.CODE.value)
        low = (*codes, products.c.stock < low_stock)
        return Glance(
            shops=await self._shop_days(business_date),
            low_products=await self._few(Noun.PRODUCTS, *low, order=products.c.stock),
            low_wallets=await self._few(Noun.WALLETS, available < low_money_minor, order=available),
            open_incidents=await self._count(select(incidents.c.kind).where(incidents.c.seen_at.is_(None))),
            open_claims=await self._count(select(claims.c.id).where(claims.c.state.in_(undecided))),
            open_top_ups=await self._count(select(top_ups.c.id).where(top_ups.c.state.in_(open_states))),
            manual_top_ups=await self._count(
                select(top_ups.c.id).where(top_ups.c.state == TopUpState.MANUAL.value)
            ),
            sold_out=await self._count(select(products.c.id).where(*codes, products.c.stock == 0)),
        )

    async def brands(self) -> tuple[Brand, ...]:
        query = select(brands).order_by(brands.c.name_zh, brands.c.id)
        rows = await self._connection.execute(query)
        return tuple(Brand(row.id, Names(row.name_zh, row.name_en)) for row in rows)

    async def categories(self) -> tuple[Category, ...]:
        query = select(categories).order_by(categories.c.name_zh, categories.c.id)
        rows = await self._connection.execute(query)
        return tuple(Category(row.id, Names(row.name_zh, row.name_en)) for row in rows)

    async def _shop_days(self, business_date: str) -> tuple[ShopDay, ...]:
        cost = func.coalesce(func.sum(reservation_lines.c.quantity * reservation_lines.c.unit_cost_minor), 0)
        sold = reservations.join(reservation_lines, reservation_lines.c.reservation_id == reservations.c.id)
        query = (
            select(
                reservations.c.shop_id,
                shops.c.name,
                shops.c.currency,
                func.count(reservations.c.id.distinct()).label("sales"),
                cost.label("cost"),
            )
            .prefix_with(APART)
            .select_from(sold.join(shops, shops.c.id == reservations.c.shop_id))
            .where(
                reservations.c.business_date == business_date, reservations.c.state.in_(("SOLD", "DELIVERED"))
            )
            .group_by(reservations.c.shop_id, shops.c.name, shops.c.currency)
            .order_by(cost.desc(), reservations.c.shop_id)
        )
        return tuple(
            ShopDay(row.shop_id, row.name, row.sales, Money(int(row.cost), row.currency))
            for row in await self._connection.execute(query)
        )

    async def _few(
        self, noun: Noun, *conditions: ColumnElement[bool], order: ColumnElement[Any]
    ) -> tuple[Row, ...]:
        listing = _LISTINGS[noun]
        query = listing.query.prefix_with(APART).where(*conditions).order_by(order, listing.row_id)
        return await self._rows(listing, query.limit(_FEW))

    async def _rows(self, listing: Listing, query: Select[Any]) -> tuple[Row, ...]:
        found = await self._connection.execute(query)
        return tuple(_row(listing, row) for row in found.mappings())

    async def _count(self, query: Select[Any]) -> int:
        counted = query.limit(COUNTED + 1).subquery()
        count = select(func.count()).prefix_with(APART).select_from(counted)
        return await self._connection.scalar(count) or 0


def _conditions(listing: Listing, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        pattern = "%" + _escaped(wanted.text.lower()) + "%"
        found = [func.lower(column).like(pattern, escape="!") for column in listing.found_by]
        conditions.append(or_(false(), *found, *(column == wanted.text for column in listing.named_by)))
    if wanted.state and listing.state is not None:
        conditions.append(listing.state == wanted.state)
    if wanted.of:
        conditions.append(or_(false(), *(column == wanted.of for column in listing.belongs_to)))
    return conditions


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _row(listing: Listing, row: RowMapping) -> Row:
    cells: dict[str, Cell] = {}
    for name, value in row.items():
        if name == "row_id" or value is None:
            continue
        if name in listing.instants:
            cells[name] = None if value == NEVER else from_micros(value)
        elif name in listing.money:
            cells[name] = Money(int(value), row["currency"])
        else:
            cells[name] = value
    return Row(row["row_id"], cells)
