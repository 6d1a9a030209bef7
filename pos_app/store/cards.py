"""Sealed card codes, each bound to one line of one sale (I1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pos_app.domain.card_code import CardCode, CardState
from pos_app.domain.catalogue import Payload
from pos_app.domain.money import Money
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import maybe_instant, maybe_micros, micros

_CARD = (
    "SELECT c.card_id, c.sale_id, c.line_id, c.product_id, c.payload, c.face, c.currency, c.sealed, c.state,"
    " c.copies, c.acked_at, c.epoch, c.lease_id FROM cards AS c"
)
_OF_SALE = (
    _CARD + " JOIN sale_lines AS l ON l.sale_id = c.sale_id AND l.line_id = c.line_id"
    " WHERE c.sale_id = ? ORDER BY l.position, c.card_id"
)
_NOT_TOLD = _CARD + " WHERE c.lease_id IS NOT NULL AND c.acked_at IS NULL ORDER BY c.sale_id, c.card_id"
_TO_SHRED = (
    _CARD + " WHERE c.sealed IS NOT NULL AND c.acked_at IS NOT NULL AND c.acked_at < ? ORDER BY c.acked_at"
)
# A card of another sale or line is not touched by the update, so nothing is returned.
_PUT = (
    "INSERT INTO cards (card_id, sale_id, line_id, product_id, payload, face, currency, sealed, state, copies,"
    " acked_at, epoch, lease_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (card_id) DO UPDATE SET sealed = excluded.sealed, state = excluded.state,"
    " copies = excluded.copies, acked_at = excluded.acked_at"
    " WHERE sale_id = excluded.sale_id AND line_id = excluded.line_id RETURNING card_id"
)


class SqlCards:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def get(self, card_id: str) -> CardCode:
        row = self._connection.run(_CARD + " WHERE c.card_id = ?", (card_id,)).one_or_none()
        if row is None:
            raise KeyError(card_id)
        return _card(row)

    def of_sale(self, sale_id: str) -> tuple[CardCode, ...]:
        return tuple(_card(row) for row in self._connection.run(_OF_SALE, (sale_id,)))

    def put(self, card: CardCode) -> None:
        kept = self._connection.run(
            _PUT,
            (
                card.card_id,
                card.sale_id,
                card.line_id,
                card.product_id,
                card.payload.value,
                card.face.minor,
                card.face.currency,
                card.sealed,
                card.state.value,
                card.copies,
                maybe_micros(card.acked_at),
                card.epoch,
                card.lease_id,
            ),
        ).all()
        if not kept:
            raise ValueError(f"card {card.card_id} belongs to another sale")

    def leased_not_told(self) -> tuple[CardCode, ...]:
        return tuple(_card(row) for row in self._connection.run(_NOT_TOLD))

    def to_shred(self, acked_before: datetime) -> tuple[CardCode, ...]:
        rows = self._connection.run(_TO_SHRED, (micros(acked_before),))
        return tuple(_card(row) for row in rows)


def _card(row: Any) -> CardCode:
    return CardCode(
        row[0],
        row[1],
        row[2],
        row[3],
        Payload(row[4]),
        Money(row[5], row[6]),
        row[7],
        CardState(row[8]),
        row[9],
        maybe_instant(row[10]),
        row[11],
        row[12],
    )
