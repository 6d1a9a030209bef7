"""Brands, categories and products."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from platform_server.store.tables.registry import metadata
from platform_server.store.tables.suppliers import UNKNOWN_SUPPLIER

brands = Table(
    "brands",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

categories = Table(
    "categories",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("changed_seq", BigInteger, nullable=False),
    Column("stock", Integer, nullable=False),  # cards AVAILABLE; for a top-up many or 0
    Column("is_on_sale", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # of everything below: tells a change from a repeat
    Column("barcode", String(32)),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("brand_id", String(64), ForeignKey("brands.id"), nullable=False, index=True),
    Column("category_id", String(64), ForeignKey("categories.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("card_kind", String(12)),
    Column("payload", String(12)),
    Column("face_minor", BigInteger, nullable=False),
    Column("wholesale_minor", BigInteger, nullable=False),
    Column("retail_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("fields", Text, nullable=False),
    Column("limit_min", Integer, nullable=False),
    Column("limit_max", Integer, nullable=False),
    Column("limit_step", Integer, nullable=False),
    Column("bans", Text, nullable=False),
    Column("return_rule", String(16), nullable=False),
    Column("qr", Text),
    Column("instructions_zh", Text, nullable=False),
    Column("instructions_en", Text, nullable=False),
    Column("risk_class", String(12), nullable=False),
    Column("leasable", Boolean, nullable=False),
    Column("validity_days", Integer),
    Column(
        "supplier_id",
        String(64),
        ForeignKey("suppliers.id"),
        nullable=False,
        index=True,
        server_default=UNKNOWN_SUPPLIER,
    ),
    Column("goods_class", String(32), nullable=False, server_default="other"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("uses", Integer, nullable=False, server_default="1"),
    Column("return_days", Integer, nullable=False, server_default="0"),
    Column("delivery_minutes", Integer, nullable=False, server_default="0"),
    Index("products_changed", "changed_seq"),
    Index("products_on_sale", "is_on_sale", "changed_seq"),
)

# One row: where the catalogue's order of change stands.
catalogue_clock = Table(
    "catalogue_clock", metadata, Column("seq", BigInteger, primary_key=True, autoincrement=False)
)
