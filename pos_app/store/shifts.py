"""Shifts, cash that moved beside sales, and what the books say of a drawer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import func, insert, select, update

from pos_app.domain.errors import ShiftAlreadyOpen, ShiftNotOpen
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.shift import CashMovement, Closing, Direction, Shift, ShiftTotals
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import encode, instant, micros, read_closing
from pos_app.store.tables import cash_movements, open_ids, sales, shift_sums, shifts

_CURRENT = select(shifts).where(shifts.c.closed_at.is_(None))
_LAST_CLOSING = (
    select(shifts.c.closing)
    .where(shifts.c.closed_at.is_not(None))
    .order_by(shifts.c.closed_at.desc())
    .limit(1)
)
_OPEN = select(func.count(), func.coalesce(func.sum(sales.c.open_money), 0)).where(sales.c.id.in_(open_ids))


class SqlShifts:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def current(self) -> Shift | None:
        row = self._connection.execute(_CURRENT).one_or_none()
        if row is None:
            return None
        return Shift(
            row.id,
            row.opened_by,
            row.opened_by_name,
            instant(row.opened_at),
            Money(row.opening_cash, row.currency),
            date.fromisoformat(row.business_date),
        )

    def open(self, shift: Shift) -> None:
        current = self.current()
        if current is not None:
            raise ShiftAlreadyOpen(opened_by=current.opened_by_name)
        self._connection.execute(
            insert(shifts).values(
                id=shift.id,
                opened_by=shift.opened_by,
                opened_by_name=shift.opened_by_name,
                opened_at=micros(shift.opened_at),
                opening_cash=shift.opening_cash.minor,
                currency=shift.opening_cash.currency,
                business_date=shift.business_date.isoformat(),
            )
        )

    def move_cash(self, movement: CashMovement) -> None:
        self._connection.execute(
            insert(cash_movements).values(
                id=movement.id,
                shift_id=movement.shift_id,
                direction=movement.direction.value,
                amount=movement.amount.minor,
                currency=movement.amount.currency,
                reason=movement.reason,
                cashier_id=movement.cashier_id,
                at=micros(movement.at),
            )
        )

    def movements(self, shift_id: str) -> tuple[CashMovement, ...]:
        found = (
            select(cash_movements).where(cash_movements.c.shift_id == shift_id).order_by(cash_movements.c.num)
        )
        return tuple(
            CashMovement(
                row.id,
                row.shift_id,
                Direction(row.direction),
                Money(row.amount, row.currency),
                row.reason,
                row.cashier_id,
                instant(row.at),
            )
            for row in self._connection.execute(found)
        )

    def totals(self, shift: Shift) -> ShiftTotals:
        """Takings are net of what was given back; open items are those of every shift, for they are carried over."""
        currency = shift.opening_cash.currency
        sums = self._connection.execute(select(shift_sums).where(shift_sums.c.shift_id == shift.id)).all()
        cash = [row for row in sums if row.tender == Tender.CASH.value]
        moved = {
            way: Money.sum((m.amount for m in self.movements(shift.id) if m.direction is way), currency)
            for way in Direction
        }
        items, money = self._connection.execute(_OPEN).one()
        return ShiftTotals(
            sales=sum(row.sales for row in sums),
            takings=Money(sum(row.taken - row.given_back for row in sums), currency),
            cash_taken=Money(sum(row.taken for row in cash), currency),
            cash_refunded=Money(sum(row.given_back for row in cash), currency),
            moved_in=moved[Direction.IN],
            moved_out=moved[Direction.OUT],
            open_items=items,
            open_money=Money(money, currency),
        )

    def close(self, closing: Closing) -> None:
        closed = replace(closing, shift=replace(closing.shift, closed_at=closing.closed_at))
        done = self._connection.execute(
            update(shifts)
            .where(shifts.c.id == closing.shift.id, shifts.c.closed_at.is_(None))
            .values(closed_at=micros(closing.closed_at), closing=encode(closed))
        )
        if done.rowcount != 1:
            raise ShiftNotOpen

    def last_closing(self) -> Closing | None:
        data = self._connection.execute(_LAST_CLOSING).scalar_one_or_none()
        return None if data is None else read_closing(data)
