"""Wallets and the journals that move them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from platform_server.store.tables.registry import metadata

wallets = Table(
    "wallets",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("balance_minor", BigInteger, nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("credit_limit_minor", BigInteger, nullable=False),
)

journals = Table(
    "journals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("kind", "reference"),
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
