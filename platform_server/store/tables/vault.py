"""Batches and the sealed cards in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from platform_server.store.tables.registry import metadata
from platform_server.store.tables.suppliers import UNKNOWN_SUPPLIER

batches = Table(
    "batches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("product_id", String(36), ForeignKey("products.id"), nullable=False),
    Column("supplier_batch", Text, nullable=False),
    Column("imported_at", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("key_version", Integer, nullable=False, server_default="1"),  # of its newest data key
    Column(
        "supplier_id", String(64), ForeignKey("suppliers.id"), nullable=False, server_default=UNKNOWN_SUPPLIER
    ),
    Column("reference", Text, nullable=False, server_default=""),  # of the invoice or delivery note
    Column("received_at", BigInteger, nullable=False, server_default="0"),
    Column("uses", Integer, nullable=False, server_default="1"),  # 0: a loop, one for each sale
)

cards = Table(
    "cards",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("product_id", String(36), nullable=False),
    Column("batch_id", String(36), ForeignKey("batches.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("sell_by", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("masked", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("reservation_id", String(36), index=True),
    Column("line_id", String(36)),
    Column("printed", String(8)),
    Column("copies", Integer, nullable=False, default=0),
    Column("kit_id", String(36)),  # the first card of its kit, of that one too
    Column("source_id", String(36)),  # whose box holds the code of this further use
    Index("cards_on_shelf", "product_id", "state", "sell_by", "id"),
    Index("cards_expiring", "state", "sell_by"),
    Index("cards_of_batch", "batch_id", "version"),
    Index(
        "cards_of_kit",
        "kit_id",
        sqlite_where=text("kit_id IS NOT NULL"),
        postgresql_where=text("kit_id IS NOT NULL"),
    ),
    Index(
        "cards_of_source",
        "source_id",
        sqlite_where=text("source_id IS NOT NULL"),
        postgresql_where=text("source_id IS NOT NULL"),
    ),
)
