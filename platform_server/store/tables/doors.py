"""The tills' keys, and what shops are told without asking."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from platform_server.store.tables.registry import metadata

till_keys = Table(
    "till_keys",
    metadata,
    Column("keyid", String(36), primary_key=True),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("not_after", BigInteger),
    Column("revoked_at", BigInteger),
)

event_outbox = Table(  # written beside the effect, without a lock; numbered and emptied apart
    "event_outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id")),  # none: every shop
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

shop_events = Table(
    "shop_events",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
)

shop_callbacks = Table(
    "shop_callbacks",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("url", Text),
    Column("last_seq", BigInteger, nullable=False),
    Column("delivered_seq", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("taken_until", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failed_since", BigInteger),
    Column("parked_at", BigInteger),
    Index("shop_callbacks_due", "next_at"),
)
