"""Wallets and the journals that move them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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

wallets = Table(
    "wallets",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("balance_minor", BigInteger, nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("credit_limit_minor", BigInteger, nullable=False),
    CheckConstraint("held_minor >= 0", name="wallets_hold"),
)

journals = Table(
    "journals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(100), nullable=False, server_default="platform"),
    Column("note", Text, nullable=False, server_default=""),
    Column("reservation_id", String(36)),
    Column("line_id", String(36)),
    UniqueConstraint("kind", "reference"),
    Index("journals_of_shop", "shop_id", "at"),
)

postings = Table(
    "postings",
    metadata,
    Column("journal_id", String(36), ForeignKey("journals.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account", String(64), nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
)
