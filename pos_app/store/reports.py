"""The day's figures: kept as sums while sales are made, so that a report never counts sales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from pos_app.domain.catalogue import Names
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment
from pos_app.domain.refund import Refund
from pos_app.domain.report import DayFigures, DayReport, Share
from pos_app.domain.sale import Sale
from pos_app.store.connection import BooksConnection
from pos_app.store.till import SqlTillShelf

_ADD = (
    "INSERT INTO day_sums (day, kind, key, zh, en, number, takings, margin, refunds)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, kind, key) DO UPDATE SET zh = excluded.zh,"
    " en = excluded.en, number = number + excluded.number, takings = takings + excluded.takings,"
    " margin = margin + excluded.margin, refunds = refunds + excluded.refunds"
)
_DAY = "SELECT kind, key, zh, en, number, takings, margin, refunds FROM day_sums WHERE day = ?"
_FIGURES = "SELECT number, takings, margin, refunds FROM day_sums WHERE day = ? AND kind = 'day'"
_FIRST = "SELECT min(day) FROM day_sums WHERE kind = 'day' AND number > 0"
_PIECES = "SELECT key, sum(number) FROM day_sums WHERE kind = 'product' AND day >= ? GROUP BY key"
_ADD_TO_SHIFT = (
    "INSERT INTO shift_sums (shift_id, tender, sales, taken, given_back) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (shift_id, tender) DO UPDATE SET sales = sales + excluded.sales,"
    " taken = taken + excluded.taken, given_back = given_back + excluded.given_back"
)

_Sum = tuple[str, str, str, str, str, int, int, int, int]


class SqlReports:
    def __init__(self, connection: BooksConnection, till: SqlTillShelf) -> None:
        self._connection = connection
        self._till = till

    def day(self, day: date) -> DayReport:
        currency = self._till.currency
        names = dict(tuple(row) for row in self._connection.run("SELECT id, name FROM people"))
        figures = (0, 0, 0, 0)
        hours = [0] * 24
        shares: dict[str, list[Share]] = {"product": [], "tender": [], "cashier": []}
        rows = self._connection.run(_DAY, (day.isoformat(),))
        for kind, key, zh, en, number, takings, margin, refunds in rows:
            if kind == "day":
                figures = (number, takings, margin, refunds)
            elif kind == "hour":
                hours[int(key)] = takings
            else:
                known = names.get(key) if kind == "cashier" else None
                said = Names(known, known) if known else Names(zh, en)
                money = Money(takings, currency), Money(margin, currency)
                shares[kind].append(Share(key, said, number, *money))
        week_before = self._connection.run(_FIGURES, ((day - timedelta(days=7)).isoformat(),)).one_or_none()
        return DayReport(
            day=day,
            figures=_figures(figures, currency),
            week_before=_figures(week_before or (0, 0, 0, 0), currency),
            by_hour=tuple(Money(minor, currency) for minor in hours),
            by_product=_sorted(shares["product"]),
            by_tender=_sorted(shares["tender"]),
            by_cashier=_sorted(shares["cashier"]),
        )

    def pieces_since(self, day: date) -> Mapping[str, int]:
        return {
            key: number for key, number in self._connection.run(_PIECES, (day.isoformat(),)) if number > 0
        }

    def first_day(self) -> date | None:
        found = self._connection.run(_FIRST).scalar()
        return None if found is None else date.fromisoformat(found)


def add_paid_sale(connection: BooksConnection, sale: Sale, local: datetime) -> None:
    """A sale that became PAID enters its day and its shift; `local` is when it was paid, on the shop's clock."""
    assert sale.business_date is not None  # noqa: S101  # given when the sale was started
    day, total = sale.business_date.isoformat(), sale.total.minor
    margin, cashier = total - sale.cost.minor, sale.cashier_id or ""
    sums: list[_Sum] = [
        (day, "day", "", "", "", 1, total, margin, 0),
        (day, "hour", f"{local.hour:02d}", "", "", 1, total, margin, 0),
        (day, "cashier", cashier, cashier, cashier, 1, total, margin, 0),
    ]
    for line in sale.lines:
        names, taken = line.product.names, line.total.minor
        earned = taken - line.cost.minor
        sums.append((day, "product", line.product.id, names.zh, names.en, line.quantity, taken, earned, 0))
    for payment, earned in zip(sale.payments, shared_out(margin, sale.payments), strict=True):
        tender = payment.tender.value
        sums.append((day, "tender", tender, tender, tender, 1, payment.amount.minor, earned, 0))
    connection.run_many(_ADD, sums)
    if sale.shift_id is not None:
        to_shift = [
            (sale.shift_id, payment.tender.value, int(first), payment.amount.minor, 0)
            for first, payment in ((position == 0, payment) for position, payment in enumerate(sale.payments))
        ]
        connection.run_many(_ADD_TO_SHIFT, to_shift)


def take_off_refund(connection: BooksConnection, sale: Sale, refund: Refund, local: datetime) -> None:
    """Money of a line that goes back leaves the day and the shift in which it went, and the tender it leaves by.

    The line's pieces and its cost are taken off with the last of its price; `sale` has this refund in it.
    """
    line, amount = sale.line(refund.line_id), refund.amount.minor
    is_whole = line.kept.is_zero
    lost = (line.cost.minor if is_whole else 0) - amount
    pieces = -line.quantity if is_whole else 0
    names, cashier, tender = line.product.names, sale.cashier_id or "", refund.tender.value
    on = refund.business_date.isoformat()
    sums: list[_Sum] = [
        (on, "day", "", "", "", 0, -amount, lost, amount),
        (on, "hour", f"{local.hour:02d}", "", "", 0, -amount, lost, amount),
        (on, "cashier", cashier, cashier, cashier, 0, -amount, lost, amount),
        (on, "product", line.product.id, names.zh, names.en, pieces, -amount, lost, amount),
        (on, "tender", tender, tender, tender, 0, -amount, lost, amount),
    ]
    connection.run_many(_ADD, sums)
    if refund.shift_id:
        connection.run_many(_ADD_TO_SHIFT, [(refund.shift_id, tender, 0, 0, amount)])


def shared_out(margin: int, payments: tuple[Payment, ...]) -> list[int]:
    """A sale's margin over its payments by their amounts, the last one taking what does not divide."""
    total = sum(payment.amount.minor for payment in payments)
    if total == 0:
        return [margin, *(0 for _ in payments[1:])]
    shares = [margin * payment.amount.minor // total for payment in payments]
    shares[-1] += margin - sum(shares)
    return shares


def _figures(row: Iterable[int], currency: str) -> DayFigures:
    sales, takings, margin, refunds = row
    return DayFigures(sales, Money(takings, currency), Money(margin, currency), Money(refunds, currency))


def _sorted(shares: list[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda share: (-share.takings.minor, share.key)))
