"""Sales as the platform holds them, and the calls that made them so."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from platform_server.store.tables.registry import metadata

reservations = Table(
    "reservations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False),
    Column("sale_id", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("evidence", Text),
    Column("reason", Text),
    Column("cashier", String(64)),
    Column("approved_by", String(64)),
    Column("cooling_until", BigInteger),
    Column("frozen_at", BigInteger),
    Column("frozen_why", Text),
    Column("handed_at", BigInteger),
    UniqueConstraint("till_id", "sale_id"),
    Index("reservations_overdue", "state", "expires_at"),
    Index("reservations_sale", "sale_id"),
)

reservation_lines = Table(
    "reservation_lines",
    metadata,
    Column("reservation_id", String(36), ForeignKey("reservations.id"), primary_key=True),
    Column("line_id", String(36), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("product_id", String(36), ForeignKey("products.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_cost_minor", BigInteger, nullable=False),
    Column("is_top_up", Boolean, nullable=False),
    Column("fields", Text, nullable=False),
    Column("refunded_minor", BigInteger, nullable=False, server_default="0"),
)

steps = Table(
    "steps",
    metadata,
    Column("shop_id", String(36), primary_key=True),
    Column("till_id", String(36), primary_key=True),
    Column("sale_id", String(36), primary_key=True),
    Column("step", String(8), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
)
