"""Shops, their tills, and what lets a till in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from platform_server.store.tables.registry import metadata

shops = Table(
    "shops",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", String(3), nullable=False),
)

tills = Table(
    "tills",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("code", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sign_key", LargeBinary, nullable=False),
    Column("seal_key", LargeBinary, nullable=False),
    Column("previous_sign_key", LargeBinary),
    Column("state", String(12), nullable=False),
    UniqueConstraint("shop_id", "code"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("till_name", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("till_id", String(36)),
    Column("fingerprint", String(64)),
    Column("scopes", Text, nullable=False, server_default="claims,leases,read,sell"),
)

nonces = Table(
    "nonces",
    metadata,
    Column("keyid", String(36), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("until", BigInteger, nullable=False, index=True),
)
