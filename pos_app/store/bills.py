"""Bills as they came, packed, and what in them the books do not have so."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date

import msgspec

from pos_app.domain.bill import BillItem, KeptBill
from pos_app.domain.gateway import BillLine
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import encode, instant, maybe_micros, micros

_read_lines = msgspec.json.Decoder(tuple[BillLine, ...]).decode
_read_item = msgspec.json.Decoder(BillItem).decode
_KEEP = "INSERT INTO bills (gateway, day, fetched_at, digest, lines, raw) VALUES (?, ?, ?, ?, ?, ?)"
_PUT_ITEM = (
    "INSERT INTO bill_items (finding, found_at, settled_at, data) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (finding) DO UPDATE SET settled_at = excluded.settled_at, data = excluded.data"
)


class SqlBills:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def days(self, gateway: str) -> tuple[date, ...]:
        rows = self._connection.run("SELECT day FROM bills WHERE gateway = ? ORDER BY day", (gateway,))
        return tuple(date.fromisoformat(row[0]) for row in rows)

    def keep(self, bill: KeptBill, raw: bytes) -> None:
        packed = (encode(bill.lines), zlib.compress(raw))
        self._connection.run(
            _KEEP, (bill.gateway, bill.day.isoformat(), micros(bill.fetched_at), bill.digest, *packed)
        )

    def get(self, gateway: str, day: date) -> KeptBill | None:
        row = self._connection.run(
            "SELECT fetched_at, digest, lines FROM bills WHERE gateway = ? AND day = ?",
            (gateway, day.isoformat()),
        ).one_or_none()
        return None if row is None else KeptBill(gateway, day, instant(row[0]), row[1], _read_lines(row[2]))

    def raw(self, gateway: str, day: date) -> bytes:
        packed = self._connection.run(
            "SELECT raw FROM bills WHERE gateway = ? AND day = ?", (gateway, day.isoformat())
        ).scalar()
        if packed is None:
            raise KeyError(gateway)
        return zlib.decompress(packed)

    def put_item(self, item: BillItem) -> None:
        known = self._connection.run(
            "SELECT data FROM bill_items WHERE finding = ?", (item.finding.key,)
        ).scalar()
        if known is not None and item.settled_at is None:
            return
        self._connection.run(
            _PUT_ITEM, (item.finding.key, micros(item.found_at), maybe_micros(item.settled_at), encode(item))
        )

    def item(self, key: str) -> BillItem:
        data = self._connection.run("SELECT data FROM bill_items WHERE finding = ?", (key,)).scalar()
        if data is None:
            raise KeyError(key)
        return _read_item(data)

    def open_items(self) -> Sequence[BillItem]:
        rows = self._connection.run(
            "SELECT data FROM bill_items WHERE settled_at IS NULL ORDER BY found_at, finding"
        )
        return tuple(_read_item(row[0]) for row in rows)
