"""Attempts at gateways: what is asked for in columns, the rest as one value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from pos_app.domain.attempt import Attempt
from pos_app.domain.errors import NoSuchAttempt
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import encode, maybe_micros, micros

_read = msgspec.json.Decoder(Attempt).decode
_PUT = (
    "INSERT INTO attempts (number, sale_id, gateway, state, amount, sent_at, next_at, code_digest, gateway_number,"
    " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state,"
    " next_at = excluded.next_at, gateway_number = excluded.gateway_number, data = excluded.data"
)
_COUNTER = (
    "INSERT INTO counters (name, value) VALUES ('attempt', 1)"
    " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
)


class SqlAttempts:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def get(self, number: str) -> Attempt:
        found = self._all("number = ?", (number,))
        if not found:
            raise NoSuchAttempt(number=number)
        return found[0]

    def put(self, attempt: Attempt) -> None:
        self._connection.run(
            _PUT,
            (
                attempt.number,
                attempt.sale_id,
                attempt.gateway,
                attempt.state.value,
                attempt.amount.minor,
                micros(attempt.sent_at),
                maybe_micros(attempt.next_at),
                attempt.code_digest,
                attempt.gateway_number,
                encode(attempt),
            ),
        )

    def next_counter(self) -> int:
        return int(self._connection.run(_COUNTER).scalar())

    def of_sale(self, sale_id: str) -> tuple[Attempt, ...]:
        return self._all("sale_id = ? ORDER BY num", (sale_id,))

    def with_code(self, code_digest: str) -> Attempt | None:
        found = self._all("code_digest = ? AND code_digest <> '' ORDER BY num DESC LIMIT 1", (code_digest,))
        return found[0] if found else None

    def due(self, now: datetime, most: int) -> tuple[Attempt, ...]:
        return self._all(
            "next_at IS NOT NULL AND next_at <= ? ORDER BY next_at, num LIMIT ?", (micros(now), most)
        )

    def unsettled(self) -> tuple[Attempt, ...]:
        # A live attempt always has a next step, and the index of those is small.
        return self._all("next_at IS NOT NULL AND state IN ('sent', 'reversing') ORDER BY num", ())

    def find(self, number: str) -> Attempt | None:
        found = self._all("number = ? OR gateway_number = ? ORDER BY num LIMIT 1", (number, number))
        return found[0] if found else None

    def sent_between(self, gateway: str, start: datetime, end: datetime) -> tuple[Attempt, ...]:
        which = "gateway = ? AND sent_at >= ? AND sent_at < ? ORDER BY sent_at"
        return self._all(which, (gateway, micros(start), micros(end)))

    def _all(self, which: str, values: Iterable[Any]) -> tuple[Attempt, ...]:
        rows = self._connection.run(f"SELECT data FROM attempts WHERE {which}", tuple(values))  # noqa: S608  # ours
        return tuple(_read(row[0]) for row in rows)
