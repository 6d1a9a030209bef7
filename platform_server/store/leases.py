"""Leases in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.leases import OUT, Exposure, Lease, LeasedCard, LeasedState
from platform_server.domain.money import Money
from platform_server.store.dialect import insert_or
from platform_server.store.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.tables import lease_cards, leases, shops

_OUT = lease_cards.c.state.in_([state.value for state in OUT])


class SqlLeases:
    """Implements ports.lease_shelf.LeaseShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, shop_id: str) -> None:
        # NO KEY UPDATE: rows that refer to the shop may still be written meanwhile.
        query = select(shops.c.id).where(shops.c.id == shop_id).with_for_update(key_share=True)
        await self._connection.execute(query)

    async def find(self, till_id: str, lease_id: str) -> Lease | None:
        return await self._one(and_(leases.c.till_id == till_id, leases.c.lease_id == lease_id))

    async def by_id(self, lease: str) -> Lease | None:
        return await self._one(leases.c.id == lease)

    async def _one(self, which: ColumnElement[bool]) -> Lease | None:
        row = (await self._connection.execute(select(leases).where(which))).one_or_none()
        return None if row is None else _lease(row)

    async def save(self, lease: Lease) -> None:
        changing = {
            "most": lease.most,
            "most_minor": lease.most_amount.minor,
            "fenced_at": maybe_to_micros(lease.fenced_at),
            "fenced_why": lease.fenced_why,
        }
        row = {
            "id": lease.id,
            "shop_id": lease.shop_id,
            "till_id": lease.till_id,
            "lease_id": lease.lease_id,
            "epoch": lease.epoch,
            "granted_at": to_micros(lease.granted_at),
            "expires_at": to_micros(lease.expires_at),
            "currency": lease.most_amount.currency,
        }
        query = insert_or(self._connection, leases).values(**row, **changing)
        await self._connection.execute(query.on_conflict_do_update(index_elements=["id"], set_=changing))

    async def live(self, till_id: str, now: datetime) -> tuple[Lease, ...]:
        is_open = and_(leases.c.fenced_at.is_(None), leases.c.expires_at > to_micros(now))
        has_out = select(lease_cards.c.card_id).where(lease_cards.c.lease_id == leases.c.id, _OUT).exists()
        query = select(leases).where(leases.c.till_id == till_id, or_(is_open, has_out))
        rows = await self._connection.execute(query.order_by(leases.c.granted_at, leases.c.id))
        return tuple(_lease(row) for row in rows)

    async def page(self, after: str, limit: int) -> tuple[Lease, ...]:
        query = select(leases).where(leases.c.id > after).order_by(leases.c.id).limit(limit)
        return tuple(_lease(row) for row in await self._connection.execute(query))

    async def exposures(self, shop_id: str) -> Mapping[str, Exposure]:
        total = func.sum(lease_cards.c.face_minor).label("total")
        query = select(leases.c.till_id, func.count().label("cards"), total)
        query = query.join_from(leases, lease_cards, lease_cards.c.lease_id == leases.c.id)
        query = query.where(leases.c.shop_id == shop_id, lease_cards.c.state == LeasedState.LEASED.value)
        rows = await self._connection.execute(query.group_by(leases.c.till_id))
        return {row.till_id: Exposure(row.cards, int(row.total)) for row in rows}

    async def cards(self, lease: str) -> tuple[LeasedCard, ...]:
        query = select(lease_cards).where(lease_cards.c.lease_id == lease).order_by(lease_cards.c.card_id)
        return tuple(_card(row) for row in await self._connection.execute(query))

    async def add_cards(self, cards: Sequence[LeasedCard]) -> None:
        if cards:
            await self._connection.execute(insert(lease_cards), [_row(card) for card in cards])

    async def lock_cards(self, lease: str, card_ids: Collection[str]) -> tuple[LeasedCard, ...]:
        return await self._lock(lease_cards.c.lease_id == lease, lease_cards.c.card_id.in_(card_ids))

    async def lock_out(self, lease: str) -> tuple[LeasedCard, ...]:
        return await self._lock(lease_cards.c.lease_id == lease, _OUT)

    async def is_out(self, card_id: str) -> bool:
        return bool(await self._lock(lease_cards.c.card_id == card_id, _OUT))

    async def _lock(self, *which: ColumnElement[bool]) -> tuple[LeasedCard, ...]:
        query = select(lease_cards).where(*which).order_by(lease_cards.c.card_id).with_for_update()
        return tuple(_card(row) for row in await self._connection.execute(query))

    async def save_card(self, card: LeasedCard) -> None:
        mine = (lease_cards.c.lease_id == card.lease_id, lease_cards.c.card_id == card.card_id)
        await self._connection.execute(update(lease_cards).where(*mine).values(**_row(card)))

    async def of_card(self, card_id: str) -> tuple[tuple[Lease, LeasedCard], ...]:
        query = select(lease_cards).where(lease_cards.c.card_id == card_id)
        rows = await self._connection.execute(query.order_by(lease_cards.c.leased_at))
        cards = [_card(row) for row in rows]
        found = [(await self.by_id(card.lease_id), card) for card in cards]
        return tuple((lease, card) for lease, card in found if lease is not None)


def _lease(row: Any) -> Lease:
    return Lease(
        id=row.id,
        shop_id=row.shop_id,
        till_id=row.till_id,
        lease_id=row.lease_id,
        epoch=row.epoch,
        granted_at=from_micros(row.granted_at),
        expires_at=from_micros(row.expires_at),
        most=row.most,
        most_amount=Money(row.most_minor, row.currency),
        fenced_at=maybe_from_micros(row.fenced_at),
        fenced_why=row.fenced_why,
    )


def _row(card: LeasedCard) -> dict[str, Any]:
    return {
        "lease_id": card.lease_id,
        "card_id": card.card_id,
        "product_id": card.product_id,
        "face_minor": card.face.minor,
        "cost_minor": card.cost.minor,
        "currency": card.cost.currency,
        "leased_at": to_micros(card.leased_at),
        "changed_at": to_micros(card.changed_at),
        "state": card.state.value,
        "deleted_seq": card.deleted_seq,
        "sold_seq": card.sold_seq,
        "sale_id": card.sale_id,
        "line_id": card.line_id,
        "journal_id": card.journal_id,
    }


def _card(row: Any) -> LeasedCard:
    return LeasedCard(
        lease_id=row.lease_id,
        card_id=row.card_id,
        product_id=row.product_id,
        face=Money(row.face_minor, row.currency),
        cost=Money(row.cost_minor, row.currency),
        leased_at=from_micros(row.leased_at),
        changed_at=from_micros(row.changed_at),
        state=LeasedState(row.state),
        deleted_seq=row.deleted_seq,
        sold_seq=row.sold_seq,
        sale_id=row.sale_id,
        line_id=row.line_id,
        journal_id=row.journal_id,
    )
