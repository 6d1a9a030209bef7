"""Money through gateways: attempts, what went back, and the bills of the day after."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, text

from pos_app.domain.attempt import AttemptState
from pos_app.domain.refund import RefundState
from pos_app.store.tables.columns import one_of, table, text_column, whole

# What is asked for by columns stands in columns; the whole value is in `data`, as JSON.
refunds = table(
    "refunds",
    whole("num", primary_key=True),
    text_column("number", unique=True),
    text_column("sale_id"),
    text_column("line_id"),
    text_column("tender", CheckConstraint("tender <> ''")),
    whole("amount", CheckConstraint("amount > 0")),
    text_column("state"),
    whole("at"),
    text_column("business_date"),
    text_column("shift_id", nullable=True),
    whole("next_at", nullable=True),
    Column("data", LargeBinary, nullable=False),
    one_of("state", RefundState),
    ForeignKeyConstraint(["sale_id", "line_id"], ["sale_lines.sale_id", "sale_lines.line_id"]),
    Index("refunds_by_sale", "sale_id"),
    Index("refunds_due", "next_at", sqlite_where=text("next_at IS NOT NULL")),
    rowid=True,
)
attempts = table(
    "attempts",
    whole("num", primary_key=True),
    text_column("number", unique=True),
    text_column("sale_id", ForeignKey("sales.id")),
    text_column("gateway"),
    text_column("state"),
    whole("amount", CheckConstraint("amount > 0")),
    whole("sent_at"),
    whole("next_at", nullable=True),
    text_column("code_digest"),
    text_column("gateway_number", nullable=True),
    Column("data", LargeBinary, nullable=False),
    one_of("state", AttemptState),
    Index("attempts_by_sale", "sale_id"),
    Index("attempts_by_code", "code_digest", sqlite_where=text("code_digest <> ''")),
    Index("attempts_by_gateway_number", "gateway_number", sqlite_where=text("gateway_number IS NOT NULL")),
    Index("attempts_by_time", "gateway", "sent_at"),
    Index("attempts_due", "next_at", sqlite_where=text("next_at IS NOT NULL")),
    # G3: of one sale at most one payment is unsettled.
    Index("attempts_one_sent", "sale_id", unique=True, sqlite_where=text("state = 'sent'")),
    rowid=True,
)
bills = table(
    "bills",
    text_column("gateway", primary_key=True),
    text_column("day", primary_key=True),
    whole("fetched_at"),
    text_column("digest"),
    Column("lines", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
)
bill_items = table(
    "bill_items",
    text_column("finding", primary_key=True),
    whole("found_at"),
    whole("settled_at", nullable=True),
    Column("data", LargeBinary, nullable=False),
    Index("bill_items_open", "found_at", sqlite_where=text("settled_at IS NULL")),
)
