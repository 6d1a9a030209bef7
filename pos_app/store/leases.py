"""Leases and their cards: what is asked for in columns, a lease's rest as one value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from pos_app.domain.catalogue import Payload
from pos_app.domain.lease import Lease, LeasedCard, LeasedState
from pos_app.domain.money import Money
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import encode, maybe_micros, micros

_read = msgspec.json.Decoder(Lease).decode
_PUT = (
    "INSERT INTO leases (lease_id, epoch, state, expires_at, is_over, data) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (lease_id) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at,"
    " is_over = excluded.is_over, data = excluded.data"
)
# Either uniqueness: it was here under this lease, or it is, or was sold, under another.
_TAKE_IN = (
    "INSERT OR IGNORE INTO leased_cards (card_id, lease_id, kit_id, product_id, payload, face, currency, sealed,"
    " state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'held')"
)
_PUT_CARD = (
    "UPDATE leased_cards SET state = ?, sealed = ?, sale_id = ?, line_id = ?"
    " WHERE lease_id = ? AND card_id = ?"
)
_CARD = (
    "SELECT c.card_id, c.lease_id, c.kit_id, c.product_id, c.payload, c.face, c.currency, c.sealed, c.state,"
    " c.sale_id, c.line_id FROM leased_cards AS c"
)
_HELD = _CARD + " JOIN leases AS l ON l.lease_id = c.lease_id WHERE c.state = 'held'"
_IN_ORDER = " ORDER BY l.expires_at, c.num"
_OF_PRODUCT = " AND c.product_id = ?"
_SELLABLE = " AND l.state = 'OPEN' AND l.epoch = ? AND l.expires_at > ?"


class SqlLeases:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def get(self, lease_id: str) -> Lease:
        row = self._connection.run("SELECT data FROM leases WHERE lease_id = ?", (lease_id,)).one_or_none()
        if row is None:
            raise KeyError(lease_id)
        return _read(row[0])

    def put(self, lease: Lease) -> None:
        self._connection.run(
            _PUT,
            (
                lease.lease_id,
                lease.epoch,
                lease.state.value,
                maybe_micros(lease.expires_at),
                int(lease.is_over),
                encode(lease),
            ),
        )

    def all(self) -> tuple[Lease, ...]:
        return tuple(_read(row[0]) for row in self._connection.run("SELECT data FROM leases ORDER BY num"))

    def unfinished(self) -> tuple[Lease, ...]:
        rows = self._connection.run("SELECT data FROM leases WHERE is_over = 0 ORDER BY num")
        return tuple(_read(row[0]) for row in rows)

    def take_in(self, cards: Sequence[LeasedCard]) -> int:
        return sum(self._connection.run(_TAKE_IN, _values(card)).rowcount for card in cards)

    def put_card(self, card: LeasedCard) -> None:
        values = (card.state.value, card.sealed, card.sale_id, card.line_id, card.lease_id, card.card_id)
        if self._connection.run(_PUT_CARD, values).rowcount != 1:
            raise KeyError(card.card_id)

    def cards(self, lease_id: str) -> tuple[LeasedCard, ...]:
        return self._all(_CARD + " WHERE c.lease_id = ? ORDER BY c.num", (lease_id,))

    def of_sale(self, sale_id: str) -> tuple[LeasedCard, ...]:
        return self._all(_CARD + " WHERE c.sale_id = ? ORDER BY c.num", (sale_id,))

    def held(self, product_id: str | None = None) -> tuple[LeasedCard, ...]:
        if product_id is None:
            return self._all(_HELD + _IN_ORDER, ())
        return self._all(_HELD + _OF_PRODUCT + _IN_ORDER, (product_id,))

    def sellable(self, product_id: str, epoch: int, until: datetime) -> tuple[LeasedCard, ...]:
        return self._all(_HELD + _OF_PRODUCT + _SELLABLE + _IN_ORDER, (product_id, epoch, micros(until)))

    def _all(self, statement: str, values: Iterable[Any]) -> tuple[LeasedCard, ...]:
        return tuple(_card(row) for row in self._connection.run(statement, tuple(values)))


def _values(card: LeasedCard) -> tuple[Any, ...]:
    face = card.face
    return (
        card.card_id,
        card.lease_id,
        card.kit_id,
        card.product_id,
        card.payload.value,
        face.minor,
        face.currency,
        card.sealed,
    )


def _card(row: Any) -> LeasedCard:
    card_id, lease_id, kit_id, product_id, payload, face, currency, sealed, state, sale_id, line_id = row
    return LeasedCard(
        card_id=card_id,
        lease_id=lease_id,
        kit_id=kit_id,
        product_id=product_id,
        payload=Payload(payload),
        face=Money(face, currency),
        sealed=sealed,
        state=LeasedState(state),
        sale_id=sale_id,
        line_id=line_id,
    )
