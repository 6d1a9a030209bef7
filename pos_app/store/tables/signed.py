"""What the till signs beside its ledger, and what the platform signed for it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, text

from pos_app.domain.signed_receipt import ReceiptType
from pos_app.store.tables.columns import one_of, table, text_column, whole

# `subject` is a sale or a shift, and points to nothing: receipts read back from the platform may come before their sale.
receipts = table(
    "receipts",
    whole("num", primary_key=True),
    text_column("number", unique=True),
    text_column("type"),
    text_column("subject"),
    whole("turnover", CheckConstraint("turnover >= 0")),
    text_column("text"),
    one_of("type", ReceiptType),
    Index("receipts_by_subject", "subject"),
    Index("receipts_zero", "num", sqlite_where=text("type = 'Z'")),
    rowid=True,
)
# The last one of each day that the platform told, as it told it.
log_checkpoints = table(
    "log_checkpoints",
    text_column("day", primary_key=True),
    whole("epoch"),
    whole("seq"),
    text_column("told"),
)
