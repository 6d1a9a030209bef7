"""What the platform must still hear of single sales, and a ledger that it refuses."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text

from pos_app.domain.outbox import MessageKind, MessageState
from pos_app.store.tables.columns import one_of, table, text_column, whole

# As the indexes have it, word by word, or they are not used.
IS_OPEN = "state IN ('due', 'dead')"
IS_WITHDRAWING = f"kind = 'withdraw' AND {IS_OPEN}"
is_withdrawing = text("outbox.kind = 'withdraw' AND outbox.state IN ('due', 'dead')")

outbox = table(
    "outbox",
    whole("num", primary_key=True),
    text_column("id", unique=True),
    text_column("kind"),
    text_column("sale_id", ForeignKey("sales.id")),
    text_column("state"),
    whole("tries"),
    whole("next_try_at"),
    whole("since"),
    text_column("reason", nullable=True),
    one_of("kind", MessageKind),
    one_of("state", MessageState),
    UniqueConstraint("kind", "sale_id"),
    Index("outbox_unsent", "num", sqlite_where=text(IS_OPEN)),
    Index("outbox_withdrawing", "sale_id", sqlite_where=text(IS_WITHDRAWING)),
    rowid=True,
)
ledger_refusals = table(
    "ledger_refusals",
    whole("epoch", primary_key=True),
    whole("seq"),
    text_column("code"),
    whole("since"),
    whole("tries"),
    whole("next_try_at"),
)
