"""Rules at reserve: policies and lists, what sales used of them, what customers said."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from platform_server.store.tables.registry import metadata

rules_version = Table(
    "rules_version",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scope", String(12), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("parameters", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("valid_from", BigInteger),
    Column("valid_until", BigInteger),
    Column("version", Integer, nullable=False),
)

listed = Table(
    "listed",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("mark", String(64), primary_key=True, index=True),
    Column("note", Text, nullable=False),
    Column("until", BigInteger),
)

# `most` and `most_minor` are the limits under which the last sale was counted; window_start 0 is the row at which
# sales of a rolling window wait for each other: it counts nothing itself.
policy_counters = Table(
    "policy_counters",
    metadata,
    Column("policy_id", String(64), primary_key=True),
    Column("subject", String(140), primary_key=True),
    Column("window_start", BigInteger, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("most", BigInteger),
    Column("most_minor", BigInteger),
    Column("keep_until", BigInteger, nullable=False, index=True),
)

policy_uses = Table(
    "policy_uses",
    metadata,
    Column("reservation_id", String(36), nullable=False),  # counted before the reservation's row is written
    Column("policy_id", String(64), nullable=False),
    Column("subject", String(140), nullable=False),
    Column("window_start", BigInteger, nullable=False),
    Column("rolls_us", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("most", BigInteger),
    Column("most_minor", BigInteger),
    Column("at", BigInteger, nullable=False),
    Column("keep_until", BigInteger, nullable=False, index=True),
    Column("is_live", Boolean, nullable=False),
    PrimaryKeyConstraint("reservation_id", "policy_id", "subject", "window_start"),
    Index("policy_uses_counter", "policy_id", "subject", "window_start", "at"),
)

customer_said = Table(
    "customer_said",
    metadata,
    Column("reservation_id", String(36), ForeignKey("reservations.id"), primary_key=True),
    Column("customer", String(64), index=True),
    Column("answers", Text),
    Column("at", BigInteger, nullable=False),
    Column("keep_until", BigInteger, nullable=False, index=True),
)
