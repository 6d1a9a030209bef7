"""Top-ups at suppliers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from platform_server.store.tables.registry import metadata

top_ups = Table(
    "top_ups",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("reservation_id", String(36), ForeignKey("reservations.id"), nullable=False, index=True),
    Column("shop_id", String(36), nullable=False),
    Column("line_id", String(36), nullable=False),
    Column("product_id", String(36), nullable=False),
    Column("account", Text, nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reference", String(40), nullable=False, unique=True),
    Column("accepted_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("supplier_order", Text),
    Column("reason", Text),
    Column("taken_until", BigInteger, nullable=False),
    Index("top_ups_due", "state", "next_at"),
)
