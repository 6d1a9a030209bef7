"""Codes that tills hold in advance."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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

leases = Table(
    "leases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False, index=True),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False),
    Column("lease_id", String(36), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("granted_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("most", Integer, nullable=False),
    Column("most_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("fenced_at", BigInteger),
    Column("fenced_why", Text),
    UniqueConstraint("till_id", "lease_id"),
)

lease_cards = Table(
    "lease_cards",
    metadata,
    Column("lease_id", String(36), ForeignKey("leases.id"), primary_key=True),
    Column("card_id", String(36), primary_key=True),
    Column("product_id", String(36), nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("leased_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("deleted_seq", BigInteger),
    Column("sold_seq", BigInteger),
    Column("sale_id", String(36)),
    Column("line_id", String(36)),
    Column("journal_id", String(36), index=True),
    Index("lease_cards_card", "card_id", "state"),
    Index("lease_cards_state", "state"),
)
