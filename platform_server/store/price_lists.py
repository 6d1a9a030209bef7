"""Price tiers in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.pricing import (
    LIST_PRICES,
    PriceBreak,
    PricedGoods,
    PriceList,
    PriceRule,
    PriceTier,
    price_mark,
)
from platform_server.store.fast import Fast, Prepared
from platform_server.store.tables import price_rules, price_tiers, shop_tiers

_OF_TIER = price_rules.c.tier_id == price_tiers.c.id
_ORDER = (price_rules.c.scope, price_rules.c.subject, price_rules.c.from_quantity)
_TIER = (price_tiers.c.id, price_tiers.c.name, price_tiers.c.version)
_RULE = [column for column in price_rules.c if column.name != "tier_id"]


def _rules_of_shop(wanted: ColumnElement[bool]) -> Select[Any]:
    """Tier and rules in one statement, so that the mark is that of these very rules."""
    tier = shop_tiers.join(price_tiers, price_tiers.c.id == shop_tiers.c.tier_id)
    return select(*_TIER, *_RULE).select_from(tier.outerjoin(price_rules, wanted)).order_by(*_ORDER)


def _counts_for(scope: str) -> ColumnElement[bool]:
    return and_(price_rules.c.scope == scope, price_rules.c.subject == bindparam(scope))


_FOR_ONE = Prepared(
    _rules_of_shop(
        and_(_OF_TIER, or_(*map(_counts_for, ("product", "brand", "category")), price_rules.c.scope == "all"))
    ).where(shop_tiers.c.shop_id == bindparam("shop_id"))
)


class SqlPrices:
    """Implements ports.account_shelves.PriceShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def put(self, tier: PriceTier) -> None:
        after = {"name": tier.name, "version": price_tiers.c.version + 1}
        query = update(price_tiers).where(price_tiers.c.id == tier.id).values(**after)
        if (await self._connection.execute(query)).rowcount == 0:
            row = {"id": tier.id, "name": tier.name, "version": 1}
            await self._connection.execute(insert(price_tiers).values(**row))
        await self._connection.execute(delete(price_rules).where(price_rules.c.tier_id == tier.id))
        rows = [_row(tier.id, rule, each) for rule in tier.rules for each in rule.breaks]
        if rows:
            await self._connection.execute(insert(price_rules), rows)

    async def find(self, name: str) -> PriceTier | None:
        found = await self._read(price_tiers.c.name == name)
        return found[0] if found else None

    async def tiers(self) -> tuple[PriceTier, ...]:
        return await self._read(price_tiers.c.id.is_not(None))

    async def assign(self, shop_id: str, tier_id: str | None) -> None:
        await self._connection.execute(delete(shop_tiers).where(shop_tiers.c.shop_id == shop_id))
        if tier_id is not None:
            await self._connection.execute(insert(shop_tiers).values(shop_id=shop_id, tier_id=tier_id))

    async def for_goods(self, shop_id: str, goods: Sequence[PricedGoods]) -> PriceList:
        prices = LIST_PRICES
        for each in goods:
            names = {"product": each.product_id, "brand": each.brand_id, "category": each.category_id}
            rows = await self._fast.rows(_FOR_ONE, shop_id=shop_id, **names)
            if not rows:  # the shop has no tier: that one answer is enough
                return LIST_PRICES
            found = _list(rows)
            prices = replace(found, rules={**prices.rules, **found.rules})
        return prices

    async def of_shop(self, shop_id: str) -> PriceList:
        query = _rules_of_shop(_OF_TIER).where(shop_tiers.c.shop_id == shop_id)
        return _list((await self._connection.execute(query)).all())

    async def _read(self, which: ColumnElement[bool]) -> tuple[PriceTier, ...]:
        query = select(*_TIER, *_RULE).select_from(price_tiers.outerjoin(price_rules, _OF_TIER)).where(which)
        rows = (await self._connection.execute(query.order_by(price_tiers.c.name, *_ORDER))).all()
        of_tier = groupby(rows, key=lambda row: (row.id, row.name))
        return tuple(PriceTier(tier_id, name, _rules(list(group))) for (tier_id, name), group in of_tier)


def _row(tier_id: str, rule: PriceRule, each: PriceBreak) -> dict[str, Any]:
    fixed = each.fixed
    return {
        "tier_id": tier_id,
        "scope": rule.scope,
        "subject": rule.subject,
        "from_quantity": each.from_quantity,
        "fixed_minor": None if fixed is None else fixed.minor,
        "currency": None if fixed is None else fixed.currency,
        "rate_bp": each.rate_bp,
    }


def _list(rows: Sequence[Any]) -> PriceList:
    return PriceList.of(price_mark(rows[0].id, rows[0].version), _rules(rows)) if rows else LIST_PRICES


def _rules(rows: Sequence[Any]) -> tuple[PriceRule, ...]:
    told = [row for row in rows if row.scope is not None]
    of_rule = groupby(told, key=lambda row: (row.scope, row.subject))
    return tuple(PriceRule(scope, subject, tuple(map(_break, group))) for (scope, subject), group in of_rule)


def _break(row: Any) -> PriceBreak:
    fixed = None if row.fixed_minor is None else Money(row.fixed_minor, row.currency)
    return PriceBreak(row.from_quantity, fixed, row.rate_bp)
