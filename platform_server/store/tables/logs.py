"""The shops' logs: a Merkle tree for each over its tills' entries."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from platform_server.store.tables.registry import metadata

# How far each log is, and the hashes of its whole subtrees, largest first: what the next leaf is added to.
shop_logs = Table(
    "shop_logs",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

log_leaves = Table(
    "log_leaves",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("till_id", "epoch", "seq"),
)

# Of every eighth level only: what lies between is computed from at most 128 of them.
log_nodes = Table(
    "log_nodes",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
