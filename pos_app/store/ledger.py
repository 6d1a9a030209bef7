"""The ledger's chain, link by link."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pos_app.domain.ledger import LedgerEntry, LedgerHead, LedgerRefusal, canonical
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros
from pos_app.store.till import SqlTillShelf

_HEAD = "SELECT seq, digest FROM ledger WHERE epoch = ? ORDER BY seq DESC LIMIT 1"
_APPEND = (
    "INSERT INTO ledger (till, epoch, seq, prev, digest, at, business_date, kind, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AFTER = (
    "SELECT till, epoch, seq, prev, at, business_date, kind, body FROM ledger"
    " WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?"
)
_LATEST = "SELECT max(at) FROM ledger WHERE epoch = ?"
_KEEP_ACKED = (
    "INSERT INTO ledger_acks (epoch, seq) VALUES (?, ?)"
    " ON CONFLICT (epoch) DO UPDATE SET seq = max(seq, excluded.seq)"
)

_REFUSAL = "SELECT seq, code, since, tries, next_try_at FROM ledger_refusals WHERE epoch = ?"
_KEEP_REFUSAL = "INSERT OR REPLACE INTO ledger_refusals (epoch, seq, code, since, tries, next_try_at) VALUES (?, ?, ?, ?, ?, ?)"
_NO_REFUSAL = "DELETE FROM ledger_refusals WHERE epoch = ?"


class SqlLedger:
    def __init__(self, connection: BooksConnection, till: SqlTillShelf) -> None:
        self._connection = connection
        self._till = till

    def append(self, kind: str, at: datetime, business_date: date, body: Mapping[str, Any]) -> LedgerEntry:
        who, head = self._till.enrolment(), self.head()
        entry = LedgerEntry(
            who.till_id, who.epoch, head.seq + 1, head.digest, at, business_date, kind, dict(body)
        )
        self._connection.run(
            _APPEND,
            (
                entry.till,
                entry.epoch,
                entry.seq,
                entry.prev,
                entry.digest,
                micros(at),
                business_date.isoformat(),
                kind,
                canonical(entry.body).decode(),
            ),
        )
        return entry

    def head(self) -> LedgerHead:
        row = self._connection.run(_HEAD, (self._epoch,)).one_or_none()
        return LedgerHead() if row is None else LedgerHead(row[0], row[1])

    def after(self, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        rows = self._connection.run(_AFTER, (self._epoch, seq, most))
        return tuple(entry_of(row) for row in rows)

    def latest_at(self) -> datetime | None:
        found = self._connection.run(_LATEST, (self._epoch,)).scalar()
        return None if found is None else instant(found)

    def acked(self) -> int:
        row = self._connection.run(
            "SELECT seq FROM ledger_acks WHERE epoch = ?", (self._epoch,)
        ).one_or_none()
        return 0 if row is None else int(row[0])

    def keep_acked(self, seq: int) -> None:
        self._connection.run(_KEEP_ACKED, (self._epoch, seq))

    def refusal(self) -> LedgerRefusal | None:
        row = self._connection.run(_REFUSAL, (self._epoch,)).one_or_none()
        return (
            None if row is None else LedgerRefusal(row[0], row[1], instant(row[2]), row[3], instant(row[4]))
        )

    def keep_refusal(self, refusal: LedgerRefusal | None) -> None:
        if refusal is None:
            self._connection.run(_NO_REFUSAL, (self._epoch,))
            return
        since, next_try = micros(refusal.since), micros(refusal.next_try_at)
        values = (self._epoch, refusal.seq, refusal.code, since, refusal.tries, next_try)
        self._connection.run(_KEEP_REFUSAL, values)

    @property
    def _epoch(self) -> int:
        who = self._till.known_enrolment()
        return 0 if who is None else who.epoch


def entry_of(row: Any) -> LedgerEntry:
    """A link from its columns, in the order of the fields."""
    till, epoch, seq, prev, at, business_date, kind, body = row
    return LedgerEntry(
        till, epoch, seq, prev, instant(at), date.fromisoformat(business_date), kind, json.loads(body)
    )
