"""The ledger's chain, link by link, each signed where it is appended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pos_app.domain.errors import RolledBack
from pos_app.domain.ledger import (
    LedgerEntry,
    LedgerHead,
    LedgerRefusal,
    LogPoint,
    canonical,
    first_bad_signature,
    first_break,
)
from pos_app.domain.till import Enrolment
from pos_app.ports.signer import Signer
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros
from pos_app.store.till import SqlTillShelf

_HEAD = "SELECT seq, digest FROM ledger WHERE epoch = ? ORDER BY seq DESC LIMIT 1"
_APPEND = (
    "INSERT INTO ledger (till, epoch, seq, prev, digest, at, business_date, kind, body, kid, sig)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AFTER = (
    "SELECT till, epoch, seq, prev, at, business_date, kind, body, kid, sig FROM ledger"
    " WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?"
)
_LATEST = "SELECT max(at) FROM ledger WHERE epoch = ?"
_KEEP_POINT = (
    "INSERT INTO log_checkpoints (day, epoch, seq, told) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (day) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, told = excluded.told"
)
_LAST_BEFORE = (
    "SELECT epoch, seq, digest FROM ledger WHERE till = ? AND epoch < ? ORDER BY epoch DESC, seq DESC LIMIT 1"
)
_IS_SIGNED = "SELECT 1 FROM ledger WHERE epoch = ? AND seq <= ? AND sig IS NOT NULL ORDER BY seq DESC LIMIT 1"
# From the end: the sale whose goods have just come was paid a few entries ago.
_SALE_PAID = (
    "SELECT digest FROM ledger WHERE kind = 'sale_paid' AND instr(body, ?) > 0 ORDER BY num DESC LIMIT 1"
)
_AT_ONCE = 1_000
_KEEP_ACKED = (
    "INSERT INTO ledger_acks (epoch, seq) VALUES (?, ?)"
    " ON CONFLICT (epoch) DO UPDATE SET seq = max(seq, excluded.seq)"
)

_REFUSAL = "SELECT seq, code, since, tries, next_try_at FROM ledger_refusals WHERE epoch = ?"
_KEEP_REFUSAL = "INSERT OR REPLACE INTO ledger_refusals (epoch, seq, code, since, tries, next_try_at) VALUES (?, ?, ?, ?, ?, ?)"
_NO_REFUSAL = "DELETE FROM ledger_refusals WHERE epoch = ?"


class SqlLedger:
    """Signs what it appends; the flows do not see it."""

    def __init__(self, connection: BooksConnection, till: SqlTillShelf, signer: Signer) -> None:
        self._connection = connection
        self._till = till
        self._signer = signer

    def append(self, kind: str, at: datetime, business_date: date, body: Mapping[str, Any]) -> LedgerEntry:
        if self._till.rolled_back() is not None:
            raise RolledBack
        who, head = self._till.enrolment(), self.head()
        if head.seq == 0:
            body = {**body, **self._before(who)}
        facts = LedgerEntry(
            till=who.till_id,
            epoch=who.epoch,
            seq=head.seq + 1,
            prev=head.digest,
            at=at,
            business_date=business_date,
            kind=kind,
            body=dict(body),
            kid=self._signer.kid,
        )
        entry = replace(facts, sig=self._signer.sign(facts.signing_input))
        self._put(entry)
        return entry

    def head(self) -> LedgerHead:
        return self._head_of(self._epoch)

    def keep_copy(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            if first_break((entry,), self._head_of(entry.epoch)) is None:
                self._put(entry)

    def after(self, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        return self.of_epoch(self._epoch, seq, most)

    def of_epoch(self, epoch: int, seq: int, most: int) -> tuple[LedgerEntry, ...]:
        return tuple(entry_of(row) for row in self._connection.run(_AFTER, (epoch, seq, most)))

    def epochs(self) -> tuple[int, ...]:
        return tuple(self._connection.run("SELECT DISTINCT epoch FROM ledger ORDER BY epoch").scalars())

    def digest_of_sale(self, sale_id: str) -> str:
        row = self._connection.run(_SALE_PAID, (f'"sale_id":"{sale_id}"',)).one_or_none()
        if row is None:
            raise KeyError(sale_id)
        return str(row[0])

    def first_bad_signature(self, after: int) -> int | None:
        is_signed = bool(self._connection.run(_IS_SIGNED, (self._epoch, after)).all())
        while entries := self.after(after, _AT_ONCE):
            bad = first_bad_signature(entries, self._signer.holds, is_signed)
            if bad is not None:
                return bad
            is_signed = is_signed or entries[-1].sig is not None
            after = entries[-1].seq
        return None

    def latest_at(self) -> datetime | None:
        found = self._connection.run(_LATEST, (self._epoch,)).scalar()
        return None if found is None else instant(found)

    def acked(self) -> int:
        row = self._connection.run(
            "SELECT seq FROM ledger_acks WHERE epoch = ?", (self._epoch,)
        ).one_or_none()
        return 0 if row is None else int(row[0])

    def keep_acked(self, seq: int, epoch: int | None = None) -> None:
        self._connection.run(_KEEP_ACKED, (self._epoch if epoch is None else epoch, seq))

    def former_unsent(self, most: int) -> tuple[LedgerEntry, ...]:
        acks = dict(self._connection.run("SELECT epoch, seq FROM ledger_acks").all())
        for epoch in range(1, self._epoch):  # two lookups each, and a till has few of them
            if unsent := self.of_epoch(epoch, acks.get(epoch, 0), most):
                return unsent
        return ()

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

    def keep_point(self, point: LogPoint) -> None:
        day = point.at.astimezone(UTC).date().isoformat()
        self._connection.run(_KEEP_POINT, (day, point.epoch, point.seq, point.told))

    def points(self) -> tuple[LogPoint, ...]:
        rows = self._connection.run("SELECT epoch, seq, told FROM log_checkpoints ORDER BY day")
        return tuple(_point(*row) for row in rows)

    def _put(self, entry: LedgerEntry) -> None:
        self._connection.run(
            _APPEND,
            (
                entry.till,
                entry.epoch,
                entry.seq,
                entry.prev,
                entry.digest,
                micros(entry.at),
                entry.business_date.isoformat(),
                entry.kind,
                canonical(entry.body).decode(),
                entry.kid,
                entry.sig,
            ),
        )

    def _head_of(self, epoch: int) -> LedgerHead:
        row = self._connection.run(_HEAD, (epoch,)).one_or_none()
        return LedgerHead() if row is None else LedgerHead(row[0], row[1])

    def _before(self, who: Enrolment) -> dict[str, Any]:
        """Where the epoch before ended, for the first entry of a new one: else nobody could see that end being cut."""
        row = self._connection.run(_LAST_BEFORE, (who.till_id, who.epoch)).one_or_none()
        return {} if row is None else {"before": {"epoch": row[0], "seq": row[1], "head": row[2]}}

    @property
    def _epoch(self) -> int:
        who = self._till.known_enrolment()
        return 0 if who is None else who.epoch


def entry_of(row: Any) -> LedgerEntry:
    """A link from its columns, in the order of the fields."""
    till, epoch, seq, prev, at, business_date, kind, body, kid, sig = row
    day = date.fromisoformat(business_date)
    return LedgerEntry(till, epoch, seq, prev, instant(at), day, kind, json.loads(body), kid, sig)


def _point(epoch: int, seq: int, told: str) -> LogPoint:
    read = json.loads(told)
    return LogPoint(epoch, seq, read["till"]["head"], datetime.fromisoformat(read["at"]), told)
