"""What people did, and the claims."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

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
