"""Orders at suppliers, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.top_up import OPEN_STATES, TopUp, TopUpState
from platform_server.store.dialect import among, engine_of, pick
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import top_ups

_OPEN = [state.value for state in OPEN_STATES]


class SqlTopUps:
    """Implements ports.money_shelves.TopUpShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[TopUp]) -> None:
        if new:
            await self._connection.execute(
                insert(top_ups), [{**_row(top_up), "taken_until": 0} for top_up in new]
            )

    async def of_reservation(self, reservation_id: str) -> tuple[TopUp, ...]:
        query = select(top_ups).where(top_ups.c.reservation_id == reservation_id).order_by(top_ups.c.line_id)
        return tuple(_top_up(row) for row in await self._connection.execute(query))

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[TopUp, ...]:
        at = to_micros(now)
        due = select(top_ups.c.id).where(top_ups.c.state.in_(_OPEN))
        due = due.where(top_ups.c.next_at <= at, top_ups.c.taken_until <= at)
        due = pick(due.order_by(top_ups.c.next_at).limit(limit))
        query = (
            update(top_ups)
            .where(among(engine_of(self._connection), top_ups.c.id, due))
            .values(taken_until=to_micros(until))
        )
        rows = (await self._connection.execute(query.returning(top_ups))).all()
        return tuple(_top_up(row) for row in rows)

    async def save(self, top_up: TopUp, taken_until: datetime | None = None) -> None:
        query = update(top_ups).where(top_ups.c.id == top_up.id)
        until = 0 if taken_until is None else to_micros(taken_until)
        await self._connection.execute(query.values(**_row(top_up), taken_until=until))

    async def count_open(self) -> int:
        query = select(func.count()).select_from(top_ups).where(top_ups.c.state.in_(_OPEN))
        return await self._connection.scalar(query) or 0


def _row(top_up: TopUp) -> dict[str, Any]:
    return {
        "id": top_up.id,
        "reservation_id": top_up.reservation_id,
        "shop_id": top_up.shop_id,
        "line_id": top_up.line_id,
        "product_id": top_up.product_id,
        "account": top_up.account,
        "face_minor": top_up.face.minor,
        "cost_minor": top_up.cost.minor,
        "currency": top_up.cost.currency,
        "state": top_up.state.value,
        "reference": top_up.reference,
        "accepted_at": to_micros(top_up.accepted_at),
        "next_at": to_micros(top_up.next_at),
        "tries": top_up.tries,
        "supplier_order": top_up.supplier_order,
        "reason": top_up.reason,
    }


def _top_up(row: Any) -> TopUp:
    return TopUp(
        id=row.id,
        reservation_id=row.reservation_id,
        shop_id=row.shop_id,
        line_id=row.line_id,
        product_id=row.product_id,
        account=row.account,
        face=Money(row.face_minor, row.currency),
        cost=Money(row.cost_minor, row.currency),
        state=TopUpState(row.state),
        reference=row.reference,
        accepted_at=from_micros(row.accepted_at),
        next_at=from_micros(row.next_at),
        tries=row.tries,
        supplier_order=row.supplier_order,
        reason=row.reason,
    )
