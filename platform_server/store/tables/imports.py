"""Imports of files, and their rows in quarantine: where and why, never what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from platform_server.store.tables.registry import metadata

imports = Table(
    "imports",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("mark", String(64), nullable=False, unique=True),
    Column("product_id", String(36), ForeignKey("products.id"), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("supplier_batch", Text, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("last_row", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("batch_id", String(36), ForeignKey("batches.id")),
    Column("finished_at", BigInteger),
)

import_faults = Table(
    "import_faults",
    metadata,
    Column("import_id", String(36), ForeignKey("imports.id"), primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(24), nullable=False),
)
