"""What people did, and the claims."""

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

actions = Table(
    "actions",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("authoriser", Text),
    Column("what", String(40), nullable=False),
    Column("subject", String(120), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# One row: its lock is the queue of all who append, and it shows when the end of the chain was cut off.
action_head = Table(
    "action_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False),
    Column("sale_id", String(36), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("reservation_id", String(36), ForeignKey("reservations.id"), nullable=False, index=True),
    Column("line_id", String(36), nullable=False),
    Column("card_id", String(36), index=True),
    Column("reason", String(16), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_at", BigInteger),
    Column("decided_by", Text),
    Column("authoriser", Text),
    Column("note", Text),
    Column("proof", Text),
    Column("outcome", String(8)),
    Column("refund_minor", BigInteger),
    Column("new_card_id", String(36), index=True),
    UniqueConstraint("till_id", "sale_id", "attempt"),
    Index("claims_due", "state", "due_at"),
)
