"""Shifts, cash that moved beside sales, and what the books say of a drawer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import func, insert, or_, select, update

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import ShiftAlreadyOpen, ShiftNotOpen
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.shift import CashMovement, Closing, Direction, Shift, ShiftTotals, TenderTotals
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import encode, instant, micros, read_closing
from pos_app.store.tables import attempts, cash_movements, open_ids, refunds, sales, shift_sums, shifts

# Whatever is live has a next step, and there is an index on that.
_LIVE = (
    attempts.c.next_at.is_not(None),
    attempts.c.state.in_((AttemptState.SENT.value, AttemptState.REVERSING.value)),
)
_CURRENT = select(shifts).where(shifts.c.closed_at.is_(None))
_LAST_CLOSING = (
    select(shifts.c.closing)
    .where(shifts.c.closed_at.is_not(None))
    .order_by(shifts.c.closed_at.desc())
    .limit(1)
)
# As the attention list counts: also what is finished but for money that is still on its way.
_OPEN = select(func.count(), func.coalesce(func.sum(sales.c.open_money), 0)).where(
    or_(
        sales.c.id.in_(open_ids),
        sales.c.id.in_(select(attempts.c.sale_id).where(*_LIVE)),
        sales.c.id.in_(select(refunds.c.sale_id).where(refunds.c.next_at.is_not(None))),
    )
)
_CHECKING = select(func.count(), func.coalesce(func.sum(attempts.c.amount), 0)).where(*_LIVE)
# The day narrows it to what the shift can have sold: there is an index on it.
_TAKEN = (
    "SELECT p.tender, count(*), sum(p.amount) FROM sales s JOIN payments p ON p.sale_id = s.id"
    " WHERE s.business_date >= ? AND s.shift_id = ? GROUP BY p.tender"
)
_GIVEN_BACK = "SELECT tender, count(*), sum(amount) FROM refunds WHERE shift_id = ? GROUP BY tender"


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
        checking, checking_money = self._connection.execute(_CHECKING).one()
        return ShiftTotals(
            sales=sum(row.sales for row in sums),
            takings=Money(sum(row.taken - row.given_back for row in sums), currency),
            cash_taken=Money(sum(row.taken for row in cash), currency),
            cash_refunded=Money(sum(row.given_back for row in cash), currency),
            moved_in=moved[Direction.IN],
            moved_out=moved[Direction.OUT],
            open_items=items,
            open_money=Money(money, currency),
            by_tender=self._by_tender(shift),
            checking=checking,
            checking_money=Money(checking_money, currency),
        )

    def _by_tender(self, shift: Shift) -> tuple[TenderTotals, ...]:
        def sums(statement: str, values: tuple[str, ...]) -> dict[str, tuple[int, Money]]:
            rows = self._connection.run(statement, values)
            return {tender: (number, Money(money, currency)) for tender, number, money in rows}

        currency = shift.opening_cash.currency
        taken = sums(_TAKEN, (shift.business_date.isoformat(), shift.id))
        back = sums(_GIVEN_BACK, (shift.id,))
        nothing = (0, Money(0, currency))
        return tuple(
            TenderTotals(each, *taken.get(each.value, nothing), *back.get(each.value, nothing))
            for each in Tender
            if each is not Tender.CASH and (each.value in taken or each.value in back)
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
