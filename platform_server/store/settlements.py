"""Settled days in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, case, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.days import BusinessDays
from platform_server.domain.money import Money
from platform_server.domain.settlement import NOT_SETTLED, SALE, MovedMoney, SettlementSeal, SoldLine
from platform_server.domain.wallet import wallet_account
from platform_server.store.inline import APART
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import (
    journals,
    lease_cards,
    leases,
    postings,
    reservation_lines,
    reservations,
    settled_journals,
    settlements,
    shops,
)

_COLUMNS = (
    journals,
    postings.c.amount_minor,
    postings.c.currency,
    reservations.c.till_id,
    reservations.c.sale_id,
    reservations.c.business_date,
    reservation_lines.c.line_id.label("sold_line_id"),
    reservation_lines.c.product_id,
    reservation_lines.c.quantity,
    reservation_lines.c.unit_cost_minor,
    reservation_lines.c.is_top_up,
    leases.c.till_id.label("lease_till_id"),
    # What becomes known of a sale after a person charged it is in no file: a settled day never changes.
    case((lease_cards.c.sold_seq.is_not(None), lease_cards.c.sale_id)).label("lease_sale_id"),
    case((lease_cards.c.sold_seq.is_not(None), lease_cards.c.line_id)).label("lease_line_id"),
    lease_cards.c.product_id.label("lease_product_id"),
    lease_cards.c.cost_minor,
)
_MOVED = (
    journals.join(postings, postings.c.journal_id == journals.c.id)
    .outerjoin(reservations, reservations.c.id == journals.c.reservation_id)
    .outerjoin(reservation_lines, reservation_lines.c.reservation_id == journals.c.reservation_id)
    .outerjoin(lease_cards, lease_cards.c.journal_id == journals.c.id)
    .outerjoin(leases, leases.c.id == lease_cards.c.lease_id)
)
_ORDER = (journals.c.at, journals.c.id, reservation_lines.c.position)


class SqlSettlements:
    """Implements ports.account_shelves.SettlementShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, shop_id: str) -> bool:
        # NO KEY UPDATE: rows that refer to the shop may still be written meanwhile.
        query = select(shops.c.id).where(shops.c.id == shop_id).with_for_update(key_share=True)
        return await self._connection.scalar(query) is not None

    async def find(self, shop_id: str, day: date) -> SettlementSeal | None:
        query = select(settlements).where(
            settlements.c.shop_id == shop_id, settlements.c.day == day.isoformat()
        )
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return SettlementSeal(
            shop_id=row.shop_id,
            day=date.fromisoformat(row.day),
            days=BusinessDays(row.zone, row.change_hour),
            made_at=from_micros(row.made_at),
            count=row.line_count,
            charged=Money(row.charged_minor, row.currency),
            returned=Money(row.returned_minor, row.currency),
            digest=row.digest,
            keyid=row.keyid,
            signature=row.signature,
        )

    async def last_day(self, shop_id: str) -> date | None:
        query = select(func.max(settlements.c.day)).where(settlements.c.shop_id == shop_id)
        day = await self._connection.scalar(query)
        return None if day is None else date.fromisoformat(day)

    async def unsettled(self, shop_id: str, day: date, until: datetime) -> tuple[MovedMoney, ...]:
        is_sale = and_(journals.c.kind == SALE, reservations.c.id.is_not(None))
        is_settled = select(settled_journals.c.journal_id).where(
            settled_journals.c.journal_id == journals.c.id
        )
        query = select(*_COLUMNS).prefix_with(APART).select_from(_MOVED)
        query = query.where(
            journals.c.shop_id == shop_id,
            postings.c.account == wallet_account(shop_id),
            journals.c.kind.not_in(NOT_SETTLED),
            or_(
                and_(is_sale, reservations.c.business_date <= day.isoformat()),
                and_(~is_sale, journals.c.at < to_micros(until)),
            ),
            ~is_settled.exists(),
        )
        return await self._moved(query)

    async def settled(self, shop_id: str, day: date) -> tuple[MovedMoney, ...]:
        source = _MOVED.join(settled_journals, settled_journals.c.journal_id == journals.c.id)
        query = select(*_COLUMNS, settled_journals.c.receipt_number).prefix_with(APART).select_from(source)
        query = query.where(
            settled_journals.c.shop_id == shop_id,
            settled_journals.c.day == day.isoformat(),
            postings.c.account == wallet_account(shop_id),
        )
        return await self._moved(query)

    async def add(self, seal: SettlementSeal, receipt_numbers: Mapping[str, str]) -> None:
        day = {"shop_id": seal.shop_id, "day": seal.day.isoformat()}
        row = {
            "zone": seal.days.zone,
            "change_hour": seal.days.change_hour,
            "made_at": to_micros(seal.made_at),
            "line_count": seal.count,
            "charged_minor": seal.charged.minor,
            "returned_minor": seal.returned.minor,
            "currency": seal.charged.currency,
            "digest": seal.digest,
            "keyid": seal.keyid,
            "signature": seal.signature,
        }
        await self._connection.execute(insert(settlements).values(**day, **row))
        rows = [
            {**day, "journal_id": journal_id, "receipt_number": number}
            for journal_id, number in receipt_numbers.items()
        ]
        if rows:
            await self._connection.execute(insert(settled_journals), rows)

    async def _moved(self, query: Select[Any]) -> tuple[MovedMoney, ...]:
        rows = (await self._connection.execute(query.order_by(*_ORDER))).all()
        return tuple(_one(list(group)) for _, group in groupby(rows, key=lambda row: row.id))


def _of_lease(row: Any) -> tuple[SoldLine, ...]:
    """The one card of a lease that the journal paid for; without a line when a person decided that it was sold."""
    if row.cost_minor is None:
        return ()
    cost = Money(row.cost_minor, row.currency)
    return (SoldLine(row.lease_line_id or "", row.lease_product_id, 1, cost, is_top_up=False),)


def _one(rows: list[Any]) -> MovedMoney:
    """From the rows of one journal, one for each line of its sale."""
    head = rows[0]
    return MovedMoney(
        journal_id=head.id,
        kind=head.kind,
        reference=head.reference,
        at=from_micros(head.at),
        amount=Money(head.amount_minor, head.currency),
        till_id=head.till_id or head.lease_till_id,
        sale_id=head.sale_id or head.lease_sale_id,
        sale_day=date.fromisoformat(head.business_date) if head.business_date else None,
        line_id=head.line_id,
        sold=tuple(
            SoldLine(
                line_id=row.sold_line_id,
                product_id=row.product_id,
                quantity=row.quantity,
                unit_cost=Money(row.unit_cost_minor, row.currency),
                is_top_up=row.is_top_up,
            )
            for row in rows
            if row.sold_line_id is not None
        )
        or _of_lease(head),
        receipt_number=getattr(head, "receipt_number", ""),
    )
