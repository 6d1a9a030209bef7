"""Orders at suppliers, in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.money import Money
from platform_server.domain.top_up import (
    OPEN_STATES,
    Attempt,
    AttemptKind,
    CallbackNotice,
    Taken,
    TopUp,
    TopUpState,
)
from platform_server.store.dialect import among, engine_of, insert_if_absent, pick
from platform_server.store.instants import (
    expiry_to_micros,
    from_micros,
    maybe_from_micros,
    maybe_to_micros,
    micros_to_expiry,
    to_micros,
)
from platform_server.store.tables import callback_inbox, top_up_attempts, top_ups

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

    async def find(self, reference: str) -> TopUp | None:
        query = select(top_ups).where(top_ups.c.reference == reference)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _top_up(row)

    async def in_states(self, states: Collection[TopUpState], limit: int) -> tuple[TopUp, ...]:
        query = select(top_ups).where(top_ups.c.state.in_([state.value for state in states]))
        query = query.order_by(top_ups.c.accepted_at, top_ups.c.id).limit(limit)
        return tuple(_top_up(row) for row in await self._connection.execute(query))

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Taken, ...]:
        at = to_micros(now)
        due = select(top_ups.c.id).where(top_ups.c.next_at <= at, top_ups.c.taken_until <= at)
        due = pick(due.order_by(top_ups.c.next_at).limit(limit))
        query = update(top_ups).where(among(engine_of(self._connection), top_ups.c.id, due))
        query = query.values(taken_until=to_micros(until), fence=top_ups.c.fence + 1)
        rows = (await self._connection.execute(query.returning(top_ups))).all()
        return tuple(_taken(row) for row in rows)

    async def take(self, reference: str) -> Taken | None:
        query = update(top_ups).where(top_ups.c.reference == reference).values(fence=top_ups.c.fence + 1)
        row = (await self._connection.execute(query.returning(top_ups))).one_or_none()
        return None if row is None else _taken(row)

    async def save(self, taken: Taken, top_up: TopUp, taken_until: datetime | None = None) -> bool:
        row = _row(top_up)
        row["taken_until"] = 0 if taken_until is None else to_micros(taken_until)
        was_left_alone = top_ups.c.calls == taken.calls
        row["next_at"] = case((was_left_alone, row["next_at"]), else_=top_ups.c.next_at)
        query = update(top_ups).where(top_ups.c.id == top_up.id, top_ups.c.fence == taken.number)
        return (await self._connection.execute(query.values(**row))).rowcount == 1

    async def call_for(self, reference: str, now: datetime) -> None:
        query = update(top_ups).where(top_ups.c.reference == reference)
        await self._connection.execute(query.values(calls=top_ups.c.calls + 1, next_at=to_micros(now)))

    async def count_open(self) -> int:
        query = select(func.count()).select_from(top_ups).where(top_ups.c.state.in_(_OPEN))
        return await self._connection.scalar(query) or 0

    async def note_sent(self, attempt: Attempt) -> None:
        row = {
            "top_up_id": attempt.top_up_id,
            "number": attempt.number,
            "kind": attempt.kind.value,
            "sent_at": to_micros(attempt.sent_at),
            "digest": attempt.digest,
            "answered_at": maybe_to_micros(attempt.answered_at),
            "outcome": attempt.outcome,
        }
        await self._connection.execute(insert(top_up_attempts).values(**row))

    async def note_answered(self, taken: Taken, outcome: str, at: datetime) -> None:
        table = top_up_attempts.c
        query = update(top_up_attempts).where(
            table.top_up_id == taken.top_up.id, table.number == taken.number, table.kind == taken.kind.value
        )
        await self._connection.execute(query.values(outcome=outcome, answered_at=to_micros(at)))

    async def attempts(self, top_up_id: str) -> tuple[Attempt, ...]:
        table = top_up_attempts.c
        query = select(top_up_attempts).where(table.top_up_id == top_up_id)
        query = query.order_by(table.number, table.sent_at, table.kind)
        return tuple(_attempt(row) for row in await self._connection.execute(query))

    async def hear(self, supplier: str, notice: CallbackNotice, at: datetime) -> bool:
        row = {
            "supplier": supplier,
            "event_id": notice.event_id,
            "reference": notice.reference,
            "state": None if notice.state is None else notice.state.value,
            "received_at": to_micros(at),
        }
        return await insert_if_absent(self._connection, callback_inbox, row)


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
        "next_at": expiry_to_micros(top_up.next_at),
        "tries": top_up.tries,
        "supplier_order": top_up.supplier_order,
        "reason": top_up.reason,
        "request": top_up.request,
        "late_success": top_up.late_success,
    }


def _taken(row: Any) -> Taken:
    return Taken(_top_up(row), row.fence, row.calls)


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
        next_at=micros_to_expiry(row.next_at),
        tries=row.tries,
        supplier_order=row.supplier_order,
        reason=row.reason,
        request=row.request,
        late_success=row.late_success,
    )


def _attempt(row: Any) -> Attempt:
    return Attempt(
        top_up_id=row.top_up_id,
        number=row.number,
        kind=AttemptKind(row.kind),
        sent_at=from_micros(row.sent_at),
        digest=row.digest,
        answered_at=maybe_from_micros(row.answered_at),
        outcome=row.outcome,
    )
