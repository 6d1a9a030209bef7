"""Give a customer's money back for what could not be delivered, in cash, and write it down first."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.errors import ShiftNotOpen, WrongState
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Cashier, Permission
from pos_app.flows.day import now_and_today
from pos_app.ports.books import OpenBooks
from pos_app.ports.clock import Clock


@dataclass(frozen=True)
class GiveBack:
    """The price of one line that failed for good; never more than was taken, never twice (I9)."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, sale_id: str, line_id: str) -> Money:
        """The amount to hand over; WrongState when this line's money is not owed."""
        cashier.must_be_allowed(Permission.SELL)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            sale = books.sales.get(sale_id)
            line = next((line for line in sale.refund_lines if line.line_id == line_id), None)
            if line is None:
                raise WrongState(sale_id=sale_id, state=sale.state.value)
            given = self._close_if_last(sale.with_refund(line_id, line.total))
            books.sales.put(given)
            books.sales.refunded(given, given.line(line_id), now)
            body = {
                "sale_id": sale_id,
                "line_id": line_id,
                "amount_minor": line.total.minor,
                "cashier_id": cashier.id,
                "shift_id": shift.id,
            }
            books.ledger.append("money_given_back", now, today, body)
            books.commit()
        return line.total

    def _close_if_last(self, sale: Sale) -> Sale:
        if sale.state is SaleState.REFUND_DUE and not sale.refund_lines:
            return sale.moved_to(SaleState.REFUNDED)
        return sale
