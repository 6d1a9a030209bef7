"""Batches and cards as rows, and rows as batches and cards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select

from platform_server.domain.cards import (
    Batch,
    BatchKey,
    BoxedCard,
    CardLabel,
    CardRecord,
    CardState,
    HeldCard,
    VaultCard,
)
from platform_server.domain.goods import Provenance
from platform_server.domain.money import Money
from platform_server.store.instants import expiry_to_micros, from_micros, micros_to_expiry, to_micros
from platform_server.store.tables import batch_keys, batches, cards

_SOURCE = cards.alias("source")
TOLD = tuple(cards.c[name] for name in ("id", "line_id", "product_id", "state", "masked", "kit_id"))


def with_key() -> Select[Any]:
    """Cards with all that opening them needs; one whose key is gone is there too, and does not open.

    A further use of a code has the box of its source, and its key.
    """
    face = (batches.c.face_minor, batches.c.currency, batch_keys.c.kek_id, batch_keys.c.wrapped_key)
    version = func.coalesce(_SOURCE.c.version, cards.c.version)
    boxed = (
        func.coalesce(_SOURCE.c.id, cards.c.id).label("box_id"),
        version.label("version"),
        func.coalesce(_SOURCE.c.box, cards.c.box).label("box"),
    )
    mine = and_(batch_keys.c.batch_id == cards.c.batch_id, batch_keys.c.version == version)
    bearers = cards.join(batches, cards.c.batch_id == batches.c.id)
    bearers = bearers.outerjoin(_SOURCE, _SOURCE.c.id == cards.c.source_id).outerjoin(batch_keys, mine)
    return select(*TOLD, cards.c.batch_id, *boxed, *face).select_from(bearers)


def boxed_card(row: Any) -> BoxedCard:
    """Of a row of `with_key`."""
    label = CardLabel(row.box_id, row.product_id, row.face_minor, row.currency, row.batch_id, row.version)
    key = BatchKey(row.batch_id, row.kek_id or "", row.wrapped_key or b"", row.version)
    return BoxedCard(held_card(row), label, row.box, key)


RECORDED = [
    *(cards.c[name] for name in ("reservation_id", "fingerprint", "sell_by", "printed", "copies")),
    *(
        batches.c[name]
        for name in ("supplier_batch", "imported_at", "supplier_id", "reference", "received_at")
    ),
]


def card_record(row: Any) -> CardRecord:
    """Of a row of `with_key` with RECORDED."""
    return CardRecord(
        boxed=boxed_card(row),
        reservation_id=row.reservation_id,
        fingerprint=row.fingerprint,
        sell_by=micros_to_expiry(row.sell_by),
        printed=row.printed,
        copies=row.copies,
        supplier_batch=row.supplier_batch,
        imported_at=from_micros(row.imported_at),
        provenance=Provenance(row.supplier_id, row.reference, from_micros(row.received_at)),
    )


def key_row(key: BatchKey) -> dict[str, Any]:
    """A data key that was made just now."""
    return {
        "batch_id": key.batch_id,
        "version": key.version,
        "kek_id": key.kek_id,
        "made_under": key.kek_id,
        "wrapped_key": key.wrapped,
    }


def batch_row(batch: Batch) -> dict[str, Any]:
    """A batch without cards so far."""
    return {
        "id": batch.key.batch_id,
        "product_id": batch.product_id,
        "supplier_batch": batch.supplier_batch,
        "imported_at": to_micros(batch.imported_at),
        "count": 0,  # grows as its cards come
        "face_minor": batch.face.minor,
        "currency": batch.face.currency,
        "key_version": batch.key.version,
        "uses": batch.uses,
        "supplier_id": batch.provenance.supplier_id,
        "reference": batch.provenance.reference,
        "received_at": to_micros(batch.provenance.received_at),
    }


def batch_of(row: Any) -> Batch:
    """Of a row of batches with its newest data key."""
    key = BatchKey(row.id, row.kek_id, row.wrapped_key, row.key_version)
    face = Money(row.face_minor, row.currency)
    came = Provenance(row.supplier_id, row.reference, from_micros(row.received_at))
    imported_at = from_micros(row.imported_at)
    return Batch(key, row.product_id, row.supplier_batch, imported_at, row.count, face, came, row.uses)


def card_row(card: VaultCard) -> dict[str, Any]:
    """A card that comes into the vault."""
    return {
        "id": card.label.card_id,
        "product_id": card.label.product_id,
        "batch_id": card.label.batch_id,
        "state": card.state.value,
        "kit_id": card.kit_id,
        "source_id": card.source_id,
        "sell_by": expiry_to_micros(card.sell_by),
        "fingerprint": card.fingerprint,
        "masked": card.masked,
        "version": card.label.version,
        "box": card.box,
        "copies": 0,
    }


def held_card(row: Any) -> HeldCard:
    """Of a row of cards."""
    return HeldCard(row.id, row.line_id or "", row.product_id, CardState(row.state), row.masked, row.kit_id)
