"""What the platform must still hear; nothing is ever deleted unread."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros
from pos_app.store.tables.messages import IS_OPEN

_FIELDS = "id, kind, sale_id, state, tries, next_try_at, since, reason"
_ADD = (
    f"INSERT INTO outbox ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # fixed column names
    " ON CONFLICT (kind, sale_id) DO NOTHING"
)
_OPEN = f"SELECT {_FIELDS} FROM outbox WHERE {IS_OPEN} ORDER BY num"  # noqa: S608  # fixed words
_DUE = (
    f"SELECT {_FIELDS} FROM outbox WHERE {IS_OPEN} AND state = 'due' AND next_try_at <= ?"  # noqa: S608  # fixed words
    " ORDER BY num LIMIT ?"
)
_GET = f"SELECT {_FIELDS} FROM outbox WHERE id = ?"  # noqa: S608  # fixed words
_KEEP = "UPDATE outbox SET state = ?, tries = ?, next_try_at = ?, reason = ? WHERE id = ?"
_UNSENT = f"SELECT count(*) FROM outbox WHERE {IS_OPEN}"  # noqa: S608  # fixed words


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
                micros(message.since),
                message.reason,
            ),
        )
        if added.rowcount != 1:
            raise ValueError(f"{message.kind} of sale {message.sale_id} is in the outbox already")

    def get(self, message_id: str) -> Message:
        row = self._connection.run(_GET, (message_id,)).one_or_none()
        if row is None:
            raise KeyError(message_id)
        return _message(row)

    def due(self, now: datetime, most: int) -> tuple[Message, ...]:
        return tuple(_message(row) for row in self._connection.run(_DUE, (micros(now), most)))

    def open_messages(self) -> tuple[Message, ...]:
        return tuple(_message(row) for row in self._connection.run(_OPEN))

    def keep(self, message: Message) -> None:
        values = (message.state.value, message.tries, micros(message.next_try_at), message.reason, message.id)
        if self._connection.run(_KEEP, values).rowcount != 1:
            raise KeyError(message.id)

    def unsent(self) -> int:
        return int(self._connection.run(_UNSENT).scalar())


def _message(row: Any) -> Message:
    return Message(
        row[0],
        MessageKind(row[1]),
        row[2],
        MessageState(row[3]),
        row[4],
        instant(row[5]),
        instant(row[6]),
        row[7],
    )
