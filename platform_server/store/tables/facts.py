"""What this database knows of itself."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from platform_server.store.tables.registry import metadata

store_facts = Table(
    "store_facts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("key_mark", String(64), nullable=False),
)
