"""What the platform must still hear; nothing is ever deleted unread."""

from __future__ import annotations

from datetime import datetime

from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros

_ADD = (
    "INSERT INTO outbox (id, kind, sale_id, state, tries, next_try_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (kind, sale_id) DO NOTHING"
)
_DUE = (
    "SELECT id, kind, sale_id, state, tries, next_try_at, reason FROM outbox"
    " WHERE state = 'due' AND state <> 'sent' AND next_try_at <= ? ORDER BY num LIMIT ?"
)
_KEEP = "UPDATE outbox SET state = ?, tries = ?, next_try_at = ?, reason = ? WHERE id = ?"
_UNSENT = "SELECT count(*) FROM outbox WHERE state <> 'sent'"


class SqlOutbox:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def add(self, message: Message) -> None:
        added = self._connection.run(
            _ADD,
            (
                message.id,
                message.kind.value,
                message.sale_id,
                message.state.value,
                message.tries,
                micros(message.next_try_at),
                message.reason,
            ),
        )
        if added.rowcount != 1:
            raise ValueError(f"{message.kind} of sale {message.sale_id} is in the outbox already")

    def due(self, now: datetime, most: int) -> tuple[Message, ...]:
        rows = self._connection.run(_DUE, (micros(now), most))
        return tuple(
            Message(
                row[0], MessageKind(row[1]), row[2], MessageState(row[3]), row[4], instant(row[5]), row[6]
            )
            for row in rows
        )

    def keep(self, message: Message) -> None:
        values = (message.state.value, message.tries, micros(message.next_try_at), message.reason, message.id)
        if self._connection.run(_KEEP, values).rowcount != 1:
            raise KeyError(message.id)

    def unsent(self) -> int:
        return int(self._connection.run(_UNSENT).scalar())
