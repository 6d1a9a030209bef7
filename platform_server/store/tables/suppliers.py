"""Suppliers and what authorises them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table, Text

from platform_server.store.tables.registry import metadata

# What batches and products of before there were suppliers point to.
UNKNOWN_SUPPLIER = "unknown"

suppliers = Table(
    "suppliers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("document", Text),  # without one there is no authorisation, and the three below are empty too
    Column("granted_by", Text),
    Column("valid_from", String(10)),
    Column("valid_until", String(10)),
)
