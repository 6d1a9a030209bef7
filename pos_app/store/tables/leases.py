"""Codes held to be sold while the platform is away, and the mark that this file is an old copy."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)

from pos_app.domain.catalogue import Payload
from pos_app.domain.lease import LeasedState, LeaseState
from pos_app.store.tables.columns import one_of, single, table, text_column, whole

# What is asked for by columns stands in columns; the whole value is in `data`, as JSON.
leases = table(
    "leases",
    whole("num", primary_key=True),
    text_column("lease_id", unique=True),
    whole("epoch"),
    text_column("state"),
    whole("expires_at", nullable=True),
    whole("is_over", CheckConstraint("is_over IN (0, 1)")),
    Column("data", LargeBinary, nullable=False),
    one_of("state", LeaseState),
    Index("leases_not_over", "num", sqlite_where=text("is_over = 0")),
    rowid=True,
)
# Rows stay for ever: a card that was sold or destroyed under a lease is never taken in under it again.
leased_cards = table(
    "leased_cards",
    whole("num", primary_key=True),
    text_column("card_id"),
    text_column("lease_id", ForeignKey("leases.lease_id")),
    text_column("kit_id"),
    text_column("product_id"),
    text_column("payload"),
    whole("face"),
    text_column("currency"),
    Column("sealed", LargeBinary),
    text_column("state"),
    text_column("sale_id", nullable=True),
    text_column("line_id", nullable=True),
    one_of("payload", Payload),
    one_of("state", LeasedState),
    CheckConstraint("(sealed IS NOT NULL) = (state IN ('held', 'bound'))"),
    CheckConstraint("(sale_id IS NOT NULL) = (state IN ('bound', 'sold'))"),
    UniqueConstraint("lease_id", "card_id"),
    ForeignKeyConstraint(["sale_id", "line_id"], ["sale_lines.sale_id", "sale_lines.line_id"]),
    # I1: a card that may be sold, or was, stands in one lease only.
    Index("leased_cards_once", "card_id", unique=True, sqlite_where=text("state <> 'destroyed'")),
    Index("leased_cards_held", "product_id", sqlite_where=text("state = 'held'")),
    Index("leased_cards_of_sale", "sale_id", sqlite_where=text("sale_id IS NOT NULL")),
    rowid=True,
)
# The anchor was beyond the ledger: something was handed out that this copy does not know of.
rolled_back = table("rolled_back", *single(), whole("epoch"), whole("seq"))
