"""Operators and their sessions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from platform_server.store.tables.registry import metadata

operators = Table(
    "operators",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_box", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("language", String(2), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("locked_until", BigInteger),
    Column("last_step", BigInteger, nullable=False),
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("operator_id", String(36), ForeignKey("operators.id"), nullable=False, index=True),
    Column("agent_hash", String(64), nullable=False),
    Column("made_at", BigInteger, nullable=False, index=True),
    Column("seen_at", BigInteger, nullable=False),
    Column("stepped_up_at", BigInteger),
)
