"""Wrapped data keys of batches, and what is known of the keys that wrap them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, false

from platform_server.store.tables.registry import metadata

keks = Table(
    "keks",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("is_retired", Boolean, nullable=False, server_default=false()),
    Column("is_deep_wanted", Boolean, nullable=False, server_default=false()),
)

batch_keys = Table(
    "batch_keys",
    metadata,
    Column("batch_id", String(36), ForeignKey("batches.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kek_id", String(36), nullable=False, index=True),
    Column("made_under", String(36), nullable=False),  # the KEK of the time: tells how old the data key is
    Column("wrapped_key", LargeBinary, nullable=False),
)
