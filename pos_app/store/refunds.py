"""Refunds: money that goes back by the way it came, and leaves the day's figures when it is written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from pos_app.domain.refund import Refund
from pos_app.domain.sale import Sale
from pos_app.store.connection import BooksConnection
from pos_app.store.reports import take_off_refund
from pos_app.store.rows import encode, maybe_micros, micros

_read = msgspec.json.Decoder(Refund).decode
_ADD = (
    "INSERT INTO refunds (number, sale_id, line_id, tender, amount, state, at, business_date, shift_id, next_at,"
    " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PUT = "UPDATE refunds SET state = ?, next_at = ?, data = ? WHERE number = ?"


class SqlRefunds:
    """`local` turns an instant into the shop's time."""

    def __init__(self, connection: BooksConnection, local: Callable[[datetime], datetime]) -> None:
        self._connection = connection
        self._local = local

    def add(self, refund: Refund, sale: Sale) -> None:
        self._connection.run(
            _ADD,
            (
                refund.number,
                refund.sale_id,
                refund.line_id,
                refund.tender.value,
                refund.amount.minor,
                refund.state.value,
                micros(refund.at),
                refund.business_date.isoformat(),
                refund.shift_id,
                maybe_micros(refund.next_at),
                encode(refund),
            ),
        )
        take_off_refund(self._connection, sale, refund, self._local(refund.at))

    def put(self, refund: Refund) -> None:
        values = (refund.state.value, maybe_micros(refund.next_at), encode(refund), refund.number)
        if self._connection.run(_PUT, values).rowcount != 1:
            raise KeyError(refund.number)

    def get(self, number: str) -> Refund:
        found = self._all("number = ?", (number,))
        if not found:
            raise KeyError(number)
        return found[0]

    def of_sale(self, sale_id: str) -> tuple[Refund, ...]:
        return self._all("sale_id = ? ORDER BY num", (sale_id,))

    def due(self, now: datetime, most: int) -> tuple[Refund, ...]:
        return self._all(
            "next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, num LIMIT ?", (micros(now), most)
        )

    def unsettled(self) -> tuple[Refund, ...]:
        return self._all("next_at IS NOT NULL ORDER BY num", ())

    def since(self, at: datetime) -> tuple[Refund, ...]:
        return self._all("at >= ? ORDER BY num", (micros(at),))

    def _all(self, which: str, values: tuple[Any, ...]) -> tuple[Refund, ...]:
        rows = self._connection.run(f"SELECT data FROM refunds WHERE {which}", values)  # noqa: S608  # ours
        return tuple(_read(row[0]) for row in rows)
