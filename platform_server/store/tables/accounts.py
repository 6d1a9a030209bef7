"""Price tiers and settled days."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from platform_server.store.tables.registry import metadata

price_tiers = Table(
    "price_tiers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
)

price_rules = Table(
    "price_rules",
    metadata,
    Column("tier_id", String(36), ForeignKey("price_tiers.id"), primary_key=True),
    Column("scope", String(8), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("from_quantity", Integer, primary_key=True, autoincrement=False),
    Column("fixed_minor", BigInteger),
    Column("currency", String(3)),
    Column("rate_bp", Integer),
)

shop_tiers = Table(
    "shop_tiers",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("tier_id", String(36), ForeignKey("price_tiers.id"), nullable=False),
)

settlements = Table(
    "settlements",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("change_hour", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("charged_minor", BigInteger, nullable=False),
    Column("returned_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("keyid", String(36), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

settled_journals = Table(
    "settled_journals",
    metadata,
    Column("journal_id", String(36), ForeignKey("journals.id"), primary_key=True),
    Column("shop_id", String(36), nullable=False),
    Column("day", String(10), nullable=False),
    Column("receipt_number", String(40), nullable=False),
    Index("settled_journals_of_day", "shop_id", "day"),
)
