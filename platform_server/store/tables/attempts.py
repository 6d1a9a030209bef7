"""What was done for a top-up, and what suppliers called about."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from platform_server.store.tables.registry import metadata

top_up_attempts = Table(
    "top_up_attempts",
    metadata,
    Column("top_up_id", String(36), ForeignKey("top_ups.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), primary_key=True),
    Column("sent_at", BigInteger, nullable=False),
    Column("digest", String(64)),
    Column("answered_at", BigInteger),
    Column("outcome", String(16)),
)

callback_inbox = Table(
    "callback_inbox",
    metadata,
    Column("supplier", String(32), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("reference", String(128), nullable=False),
    Column("state", String(16)),
    Column("received_at", BigInteger, nullable=False),
)
