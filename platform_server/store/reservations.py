"""Sales as the platform holds them, in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, outerjoin, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.canonical import canonical_json
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, ReservationState, ReservedLine, StepCall, StepDone
from platform_server.ports.sale_shelves import Standing
from platform_server.store.dialect import pick
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.tables import reservation_lines, reservations, steps
from platform_server.store.tills import FIND_TILL, till_from_row

_LINE = [column.label(f"line_{column.name}") for column in reservation_lines.c]
_FREEZABLE = (ReservationState.RESERVED.value, ReservationState.SOLD.value)
_JOINED = outerjoin(reservations, reservation_lines, reservation_lines.c.reservation_id == reservations.c.id)

_FIND_SALE = (
    select(reservations, *_LINE)
    .select_from(_JOINED)
    .where(reservations.c.till_id == bindparam("till_id"), reservations.c.sale_id == bindparam("sale_id"))
    .order_by(reservation_lines.c.position)
)
_FIND = Prepared(_FIND_SALE)
_FIND_AND_HOLD = Prepared(_FIND_SALE.with_for_update(of=reservations))
_ADD, _ADD_LINE, _ADD_STEP = (Prepared(insert(table)) for table in (reservations, reservation_lines, steps))
_CHANGING = (
    "state",
    "attempt",
    "epoch",
    "business_date",
    "held_minor",
    "currency",
    "expires_at",
    "changed_at",
    "evidence",
    "reason",
    "cashier",
    "approved_by",
    "cooling_until",
)
_SAVE = Prepared(
    update(reservations)
    .where(reservations.c.id == bindparam("which"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_FIND_STEP = Prepared(
    select(steps.c.fingerprint).where(
        *(steps.c[name] == bindparam(name) for name in ("till_id", "sale_id", "step", "attempt"))
    )
)


class SqlReservations:
    """Implements ports.sale_shelves.ReservationShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast, *, is_writer: bool) -> None:
        self._connection = connection
        self._fast = fast
        self._is_writer = is_writer

    async def find(self, till_id: str, sale_id: str) -> Reservation | None:
        find = _FIND_AND_HOLD if self._is_writer else _FIND  # until the commit this sale is ours
        rows = await self._fast.rows(find, till_id=till_id, sale_id=sale_id)
        return _reservation(rows) if rows else None

    async def standing(self, till_id: str, call: StepCall) -> Standing:
        sale = {"till_id": till_id, "sale_id": call.sale_id}
        find = _FIND_AND_HOLD if self._is_writer else _FIND
        step = {**sale, "step": call.step, "attempt": call.attempt}
        tills, rows, steps_done = await self._fast.together(
            (FIND_TILL, {"till_id": till_id}), (find, sale), (_FIND_STEP, step)
        )
        return Standing(
            till_from_row(tills[0]) if tills else None,
            _reservation(rows) if rows else None,
            str(steps_done[0].fingerprint) if steps_done else None,
        )

    async def by_id(self, reservation_id: str) -> Reservation | None:
        query = select(reservations.c.till_id, reservations.c.sale_id)
        rows = (await self._connection.execute(query.where(reservations.c.id == reservation_id))).all()
        return await self.find(rows[0].till_id, rows[0].sale_id) if rows else None

    async def of_sale(self, sale_id: str) -> tuple[Reservation, ...]:
        tills = select(reservations.c.till_id).where(reservations.c.sale_id == sale_id)
        till_ids = list(await self._connection.scalars(tills.order_by(reservations.c.till_id)))
        found = [await self.find(till_id, sale_id) for till_id in till_ids]
        return tuple(reservation for reservation in found if reservation is not None)

    async def refund(self, reservation_id: str, line_id: str, amount: Money) -> bool:
        line = reservation_lines.c
        after = line.refunded_minor + amount.minor
        query = update(reservation_lines).where(
            line.reservation_id == reservation_id,
            line.line_id == line_id,
            after <= line.unit_cost_minor * line.quantity,
        )
        return (await self._connection.execute(query.values(refunded_minor=after))).rowcount == 1

    async def steps_of(self, till_id: str, sale_id: str) -> tuple[StepDone, ...]:
        query = select(steps).where(steps.c.till_id == till_id, steps.c.sale_id == sale_id)
        rows = await self._connection.execute(query.order_by(steps.c.at, steps.c.step, steps.c.attempt))
        return tuple(StepDone(row.step, row.attempt, from_micros(row.at)) for row in rows)

    async def add(self, reservation: Reservation) -> None:
        row = {**_row(reservation), "id": reservation.id, "sale_id": reservation.sale_id}
        row |= {"shop_id": reservation.shop_id, "till_id": reservation.till_id}
        row |= {"frozen_at": None, "frozen_why": None, "handed_at": None}
        await self._fast.later(_ADD, **row)
        await self._add_lines(reservation)

    async def save(self, reservation: Reservation) -> None:
        await self._fast.later(_SAVE, which=reservation.id, **_row(reservation))

    async def replace_lines(self, reservation: Reservation) -> None:
        query = delete(reservation_lines).where(reservation_lines.c.reservation_id == reservation.id)
        await self._connection.execute(query)
        await self._add_lines(reservation)

    async def overdue(self, now: datetime, limit: int) -> tuple[Reservation, ...]:
        late = select(reservations.c.till_id, reservations.c.sale_id)
        late = late.where(
            reservations.c.state == ReservationState.RESERVED.value,
            reservations.c.expires_at <= to_micros(now),
        )
        late = pick(late.order_by(reservations.c.expires_at).limit(limit))
        keys = (await self._connection.execute(late)).all()
        found = [await self.find(key.till_id, key.sale_id) for key in keys]
        return tuple(reservation for reservation in found if reservation is not None)

    async def freeze(self, reservation_id: str, why: str, at: datetime) -> bool:
        query = update(reservations).where(
            reservations.c.id == reservation_id,
            reservations.c.state.in_(_FREEZABLE),
            reservations.c.cooling_until.is_not(None),
            reservations.c.handed_at.is_(None),
            reservations.c.frozen_at.is_(None),
        )
        query = query.values(frozen_at=to_micros(at), frozen_why=why)
        return (await self._connection.execute(query)).rowcount == 1

    async def thaw(self, reservation_id: str) -> bool:
        query = update(reservations).where(
            reservations.c.id == reservation_id,
            reservations.c.state.in_(_FREEZABLE),
            reservations.c.frozen_at.is_not(None),
        )
        query = query.values(frozen_at=None, frozen_why=None)
        return (await self._connection.execute(query)).rowcount == 1

    async def frozen(self) -> tuple[Reservation, ...]:
        are_frozen = reservations.c.frozen_at.is_not(None)
        return await self._found(and_(are_frozen, reservations.c.state.in_(_FREEZABLE)))

    async def note_handed(self, reservation_id: str, at: datetime) -> bool:
        query = update(reservations).where(
            reservations.c.id == reservation_id,
            reservations.c.frozen_at.is_(None),
            reservations.c.handed_at.is_(None),
        )
        return (await self._connection.execute(query.values(handed_at=to_micros(at)))).rowcount == 1

    async def _found(self, which: ColumnElement[bool]) -> tuple[Reservation, ...]:
        query = select(reservations.c.till_id, reservations.c.sale_id).where(which)
        keys = (await self._connection.execute(query.order_by(reservations.c.frozen_at))).all()
        found = [await self.find(key.till_id, key.sale_id) for key in keys]
        return tuple(reservation for reservation in found if reservation is not None)

    async def find_step(self, till_id: str, call: StepCall) -> str | None:
        key = {"till_id": till_id, "sale_id": call.sale_id, "step": call.step, "attempt": call.attempt}
        row = await self._fast.one(_FIND_STEP, **key)
        return None if row is None else str(row.fingerprint)

    async def add_step(self, shop_id: str, till_id: str, call: StepCall, at: datetime) -> None:
        row: dict[str, Any] = {
            "shop_id": shop_id,
            "till_id": till_id,
            "sale_id": call.sale_id,
            "step": call.step,
        }
        row |= {"attempt": call.attempt, "fingerprint": call.fingerprint, "at": to_micros(at)}
        await self._fast.later(_ADD_STEP, **row)

    async def _add_lines(self, reservation: Reservation) -> None:
        rows = [
            {
                "reservation_id": reservation.id,
                "line_id": line.line_id,
                "position": position,
                "product_id": line.product_id,
                "quantity": line.quantity,
                "unit_cost_minor": line.unit_cost.minor,
                "is_top_up": line.is_top_up,
                "fields": canonical_json(dict(line.fields)).decode(),
                "refunded_minor": 0,
            }
            for position, line in enumerate(reservation.lines)
        ]
        for row in rows:
            await self._fast.later(_ADD_LINE, **row)


def _row(reservation: Reservation) -> dict[str, Any]:
    return {
        "state": reservation.state.value,
        "attempt": reservation.attempt,
        "epoch": reservation.epoch,
        "business_date": reservation.business_date,
        "held_minor": reservation.held.minor,
        "currency": reservation.held.currency,
        "expires_at": to_micros(reservation.expires_at),
        "changed_at": to_micros(reservation.changed_at),
        "evidence": reservation.evidence,
        "reason": reservation.reason,
        "cashier": reservation.cashier,
        "approved_by": reservation.approved_by,
        "cooling_until": maybe_to_micros(reservation.cooling_until),
    }


def _reservation(rows: Sequence[Any]) -> Reservation:
    head = rows[0]
    return Reservation(
        id=head.id,
        shop_id=head.shop_id,
        till_id=head.till_id,
        sale_id=head.sale_id,
        state=ReservationState(head.state),
        attempt=head.attempt,
        epoch=head.epoch,
        business_date=head.business_date,
        lines=tuple(_line(row, head.currency) for row in rows if row.line_line_id is not None),
        held=Money(head.held_minor, head.currency),
        expires_at=from_micros(head.expires_at),
        changed_at=from_micros(head.changed_at),
        evidence=head.evidence,
        reason=head.reason,
        cashier=head.cashier,
        approved_by=head.approved_by,
        cooling_until=maybe_from_micros(head.cooling_until),
        frozen_at=maybe_from_micros(head.frozen_at),
        frozen_why=head.frozen_why,
        handed_at=maybe_from_micros(head.handed_at),
    )


def _line(row: Any, currency: str) -> ReservedLine:
    return ReservedLine(
        line_id=row.line_line_id,
        product_id=row.line_product_id,
        quantity=row.line_quantity,
        unit_cost=Money(row.line_unit_cost_minor, currency),
        is_top_up=bool(row.line_is_top_up),
        fields=json.loads(row.line_fields),
    )
