"""The tills' ledgers and what is odd."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, Text

from platform_server.store.tables.registry import metadata

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("till_id", String(36), ForeignKey("tills.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("prev", String(32), nullable=False),
    Column("hash", String(32), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

# Where each chain stands: it shows when the end of one was cut off.
ledger_heads = Table(
    "ledger_heads",
    metadata,
    Column("till_id", String(36), ForeignKey("tills.id"), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(32), nullable=False),
    Column(
        "signed_from", BigInteger
    ),  # the first entry that said it was signed: what follows must say it too
)

incidents = Table(
    "incidents",
    metadata,
    Column("till_id", String(36), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("epoch", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("shop_id", String(36), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seen_at", BigInteger),
    Column("seen_by", String(64)),
    Column("note", Text),
)
