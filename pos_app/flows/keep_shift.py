"""Keep the shift: open it, move cash, open the drawer, count, close."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.attention import unsent_in
from pos_app.domain.errors import AmountInvalid, ShiftAlreadyOpen, ShiftNotOpen
from pos_app.domain.money import Money
from pos_app.domain.payment import MOST_CASH_MINOR
from pos_app.domain.shift import CashCount, CashMovement, Closing, Direction, Shift, ShiftTotals
from pos_app.domain.staff import Cashier, Permission, must_say_why
from pos_app.flows.day import now_and_today
from pos_app.flows.look_up import attention_of
from pos_app.flows.sign_receipt import sign_zero
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.printer import Printer


@dataclass(frozen=True)
class OpenShift:
    """From here on money may be taken."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, opening_cash: Money) -> Shift:
        cashier.must_be_allowed(Permission.KEEP_SHIFT)
        check_amount(opening_cash, least=0)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            current = books.shifts.current()
            if current is not None:
                raise ShiftAlreadyOpen(opened_by=current.opened_by_name)
            shift = Shift(self.clock.new_id(), cashier.id, cashier.name, now, opening_cash, today)
            books.shifts.open(shift)
            body = {"shift_id": shift.id, "cashier_id": cashier.id, "opening_minor": opening_cash.minor}
            books.ledger.append("shift_opened", now, today, body)
            books.commit()
        return shift


@dataclass(frozen=True)
class MoveCash:
    """Cash in or out beside sales, with a reason; then the drawer opens."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, direction: Direction, amount: Money, reason: str) -> CashMovement:
        cashier.must_be_allowed(Permission.MOVE_CASH)
        check_amount(amount, least=1)
        why = must_say_why(reason)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            movement = CashMovement(self.clock.new_id(), shift.id, direction, amount, why, cashier.id, now)
            books.shifts.move_cash(movement)
            body = {
                "shift_id": shift.id,
                "cashier_id": cashier.id,
                "direction": direction.value,
                "amount_minor": amount.minor,
                "reason": why,
            }
            books.ledger.append("cash_moved", now, today, body)
            books.commit()
        return movement


@dataclass(frozen=True)
class OpenDrawer:
    """Open the drawer without a sale: written down first, with a name and a reason, then done."""

    open_books: OpenBooks
    clock: Clock
    printer: Printer
    day_change_hour: int

    def __call__(self, cashier: Cashier, reason: str) -> None:
        cashier.must_be_allowed(Permission.OPEN_DRAWER)
        why = must_say_why(reason)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            books.ledger.append("drawer_opened", now, today, {"cashier_id": cashier.id, "reason": why})
            books.commit()
        self.printer.open_drawer()


@dataclass(frozen=True)
class KickDrawer:
    """The drawer springs open as cash comes in; a shop whose drawer has no cable says so in its settings."""

    printer: Printer
    is_wanted: bool

    def __call__(self) -> bool:
        """Whether it was told to open; PaperTrouble when it could not be."""
        if self.is_wanted:
            self.printer.open_drawer()
        return self.is_wanted


@dataclass(frozen=True)
class CountShift:
    """What the books say of the open shift."""

    open_to_read: OpenToRead
    clock: Clock

    def __call__(self) -> tuple[Shift, ShiftTotals]:
        with self.open_to_read() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            return shift, _totals(books, shift, self.clock)


@dataclass(frozen=True)
class CloseShift:
    """Close on a counted drawer. Open items never hold it up: they are on the slip and stay in the attention list."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, count: CashCount) -> Closing:
        cashier.must_be_allowed(Permission.KEEP_SHIFT)
        check_amount(count.total, least=0)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            shift = books.shifts.current()
            if shift is None:
                raise ShiftNotOpen
            totals = _totals(books, shift, self.clock)
            expected = totals.expected_cash(shift.opening_cash)
            closed = replace(shift, closed_at=now)
            closing = Closing(closed, totals, expected, count.total, cashier.name, now)
            books.shifts.close(closing)
            body = {
                "shift_id": shift.id,
                "cashier_id": cashier.id,
                "sales": totals.sales,
                "takings_minor": totals.takings.minor,
                "expected_minor": expected.minor,
                "counted_minor": count.total.minor,
                "open_items": totals.open_items,
                "unsent": totals.unsent,
            }
            entry = books.ledger.append("shift_closed", now, today, body)
            sign_zero(books, closing, entry)
            books.commit()
        return closing


def _totals(books: Books, shift: Shift, clock: Clock) -> ShiftTotals:
    """With what the platform has not heard, which no sum shows."""
    return replace(books.shifts.totals(shift), unsent=unsent_in(attention_of(books, clock)))


def check_amount(amount: Money, least: int) -> None:
    """AmountInvalid for less than `least` minor units, or more cash than a counter ever sees."""
    if not least <= amount.minor <= MOST_CASH_MINOR:
        raise AmountInvalid(text=amount.plain())
