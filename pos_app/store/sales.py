"""Sales and their lines, payments and refunds; a sale that became PAID enters the day's sums here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pos_app.domain.errors import NoSuchSale
from pos_app.domain.sale import Sale, SaleLine, SaleSearch, SaleState, SaleSummary
from pos_app.store.best_sellers import count_sold
from pos_app.store.connection import BooksConnection
from pos_app.store.reports import add_paid_sale
from pos_app.store.rows import as_text, encode, maybe_micros, micros, read_sale
from pos_app.store.sale_rows import COLUMNS, LINE_COLUMNS, read_lines, sale_of
from pos_app.store.sale_search import find_sales
from pos_app.store.tables.messages import IS_WITHDRAWING
from pos_app.store.till import SqlTillShelf

_MARKS = ", ".join("?" * (COLUMNS.count(",") + 1))
_OPEN = (
    "IN (SELECT id FROM sales WHERE is_open = 1"  # noqa: S608  # fixed words
    " UNION SELECT sale_id FROM papers WHERE state <> 'printed' AND sale_id IS NOT NULL"
    " UNION SELECT sale_id FROM outbox WHERE " + IS_WITHDRAWING + ")"
)
_INSERT = f"INSERT INTO sales ({COLUMNS}) VALUES ({_MARKS})"  # noqa: S608  # fixed column names
_UPDATE = (
    "UPDATE sales SET state = ?, paid_at = ?, receipt_number = ?, expires_at = ?, trouble = ?, masked = ?,"
    " at = ?, local_hour = ?, is_open = ?, open_money = ?, is_offline = ?, cools_until = ?,"
    " is_doubtful = ? WHERE id = ?"
)
_INSERT_LINE = (
    "INSERT INTO sale_lines (sale_id, line_id, position, product_id, quantity, price, cost, fields, account_end,"
    " top_up_state, top_up_reference, top_up_reason, refunded, product)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# What can change of a line once the sale has begun.
_UPDATE_LINE = (
    "UPDATE sale_lines SET top_up_state = ?, top_up_reference = ?, top_up_reason = ?, refunded = ?"
    " WHERE sale_id = ? AND line_id = ?"
)
# What the platform charges is known when it has reserved.
_UPDATE_COST = "UPDATE sale_lines SET cost = ?, product = ? WHERE sale_id = ? AND line_id = ?"
_INSERT_PAYMENT = (
    "INSERT INTO payments (sale_id, position, tender, amount, received, change, reference)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_PAYMENTS = (
    "SELECT sale_id, tender, amount, received, change, reference FROM payments"
    " WHERE sale_id {which} ORDER BY sale_id, position"
)
_SALES = f"SELECT {COLUMNS} FROM sales WHERE id {{which}} ORDER BY created_at, id"  # noqa: S608  # fixed names
_LINES = (
    f"SELECT sale_id, {LINE_COLUMNS} FROM sale_lines"  # noqa: S608  # fixed names
    " WHERE sale_id {which} ORDER BY sale_id, position"
)
_NEXT_NUMBER = (
    "INSERT INTO counters (name, value) VALUES ('receipt', 1)"
    " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
)
_SKIP_NUMBERS = (
    "INSERT INTO counters (name, value) VALUES ('receipt', ?)"
    " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
)


class SqlSales:
    """`local` turns an instant into the shop's time; before `day_change_hour` it is still the day before."""

    def __init__(
        self,
        connection: BooksConnection,
        till: SqlTillShelf,
        local: Callable[[datetime], datetime],
        day_change_hour: int,
    ) -> None:
        self._connection = connection
        self._till = till
        self._local = local
        self._day_change_hour = day_change_hour

    def get(self, sale_id: str) -> Sale:
        found = self._load("= ?", (sale_id,))
        if not found:
            raise NoSuchSale(sale_id=sale_id)
        return found[0]

    def open_sales(self) -> tuple[Sale, ...]:
        return self._load(_OPEN, ())

    def search(self, search: SaleSearch) -> tuple[SaleSummary, ...]:
        who = self._till.known_enrolment()
        return find_sales(self._connection, search, "" if who is None else who.till_code)

    def put(self, sale: Sale) -> None:
        if sale.state is SaleState.BASKET or sale.created_at is None or sale.business_date is None:
            raise ValueError("a basket is kept by keep_basket")
        before = self._connection.run("SELECT paid_at FROM sales WHERE id = ?", (sale.id,)).one_or_none()
        if before is None:
            self._insert(sale)
        else:
            self._update(sale)
        if sale.paid_at is not None and (before is None or before[0] is None):
            self._became_paid(sale, sale.paid_at)

    def next_receipt_number(self) -> str:
        number = self._connection.run(_NEXT_NUMBER).scalar()
        return f"{self._till.enrolment().till_code}-{number:06d}"

    def skip_receipt_numbers(self, last: int) -> int:
        given = self._connection.run("SELECT value FROM counters WHERE name = 'receipt'").scalar() or 0
        self._connection.run(_SKIP_NUMBERS, (last,))
        return int(given) + 1

    def basket(self) -> Sale | None:
        data = self._connection.run("SELECT sale FROM basket").scalar()
        return None if data is None else read_sale(data)

    def keep_basket(self, sale: Sale | None) -> None:
        if sale is None:
            self._connection.run("DELETE FROM basket")
        else:
            self._connection.run("INSERT OR REPLACE INTO basket (one, sale) VALUES (1, ?)", (encode(sale),))

    def _load(self, which: str, values: tuple[str, ...]) -> tuple[Sale, ...]:
        """The sales whose id is `which`, oldest first: three queries, however many they are."""
        run = self._connection.run
        rows = run(_SALES.format(which=which), values).all()
        if not rows:
            return ()
        currency = {row[0]: row[2] for row in rows}
        lines, payments = read_lines(
            run(_LINES.format(which=which), values), run(_PAYMENTS.format(which=which), values), currency
        )
        return tuple(sale_of(row, tuple(lines[row[0]]), tuple(payments[row[0]])) for row in rows)

    def _insert(self, sale: Sale) -> None:
        at, local_hour = self._when(sale)
        first = sale.lines[0].product.names
        self._connection.run(
            _INSERT,
            (
                sale.id,
                sale.state.value,
                sale.currency,
                maybe_micros(sale.created_at),
                sale.cashier_id,
                sale.shift_id,
                None if sale.business_date is None else sale.business_date.isoformat(),
                maybe_micros(sale.paid_at),
                sale.receipt_number,
                maybe_micros(sale.expires_at),
                sale.trouble,
                as_text(sale.masked),
                at,
                local_hour,
                sale.total.minor,
                len(sale.lines),
                as_text([first.zh, first.en]),
                int(sale.is_open),
                sale.open_money.minor,
                int(sale.is_offline),
                maybe_micros(sale.cools_until),
                int(sale.is_doubtful),
            ),
        )
        self._connection.run_many(
            _INSERT_LINE, [_line_values(sale, position) for position in range(len(sale.lines))]
        )

    def _update(self, sale: Sale) -> None:
        at, local_hour = self._when(sale)
        self._connection.run(
            _UPDATE,
            (
                sale.state.value,
                maybe_micros(sale.paid_at),
                sale.receipt_number,
                maybe_micros(sale.expires_at),
                sale.trouble,
                as_text(sale.masked),
                at,
                local_hour,
                int(sale.is_open),
                sale.open_money.minor,
                int(sale.is_offline),
                maybe_micros(sale.cools_until),
                int(sale.is_doubtful),
                sale.id,
            ),
        )
        if sale.state is SaleState.RESERVED:
            costs = [
                (line.product.wholesale.minor, encode(line.product), sale.id, line.line_id)
                for line in sale.lines
            ]
            self._connection.run_many(_UPDATE_COST, costs)
        changed = [
            (
                *_top_up_values(line),
                None if line.refunded is None else line.refunded.minor,
                sale.id,
                line.line_id,
            )
            for line in sale.lines
            if line.top_up is not None or line.refunded is not None
        ]
        if changed:
            self._connection.run_many(_UPDATE_LINE, changed)

    def _became_paid(self, sale: Sale, paid_at: datetime) -> None:
        payments = [
            (
                sale.id,
                position,
                payment.tender.value,
                payment.amount.minor,
                payment.received.minor,
                payment.change.minor,
                payment.reference,
            )
            for position, payment in enumerate(sale.payments)
        ]
        if payments:
            self._connection.run_many(_INSERT_PAYMENT, payments)
        add_paid_sale(self._connection, sale, self._local(paid_at))
        count_sold(self._connection, [(line.product.id, line.quantity) for line in sale.lines])

    def _when(self, sale: Sale) -> tuple[int, int]:
        at = sale.paid_at or sale.created_at
        assert at is not None  # noqa: S101  # `put` has looked
        return micros(at), self._local(at).hour


def _line_values(sale: Sale, position: int) -> tuple[Any, ...]:
    line = sale.lines[position]
    return (
        sale.id,
        line.line_id,
        position,
        line.product.id,
        line.quantity,
        line.price.minor,
        line.product.wholesale.minor,
        as_text(line.fields),
        line.account[-4:] if line.account else None,
        *_top_up_values(line),
        None if line.refunded is None else line.refunded.minor,
        encode(line.product),
    )


def _top_up_values(line: SaleLine) -> tuple[str | None, str | None, str | None]:
    if line.top_up is None:
        return None, None, None
    return line.top_up.state.value, line.top_up.reference, line.top_up.reason
