"""Top-ups at suppliers."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

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
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("request", LargeBinary),
    Column("late_success", Boolean, nullable=False, server_default=false()),
    Index("top_ups_next", "next_at"),
    Index("top_ups_due", "state", "next_at"),
)
