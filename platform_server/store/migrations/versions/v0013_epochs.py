"""Each epoch of a till has a ledger of its own: numbers begin again with a new installation."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
_AT_ONCE = 1_000


def upgrade() -> None:
    """Entries name their epoch themselves; incidents of ledgers take that of the till then, the others none."""
    op.create_table(
        "epoch_entries",
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), primary_key=True),
        sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("prev", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "epoch_heads",
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), primary_key=True),
        sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(32), nullable=False),
    )
    op.create_table(
        "epoch_incidents",
        sa.Column("till_id", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("shop_id", sa.String(36), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger),
        sa.Column("seen_by", sa.String(64)),
        sa.Column("note", sa.Text),
    )
    _copy_entries()
    op.execute(
        "INSERT INTO epoch_heads (till_id, epoch, seq, hash) SELECT h.till_id, e.epoch, h.seq, h.hash"
        " FROM ledger_heads h JOIN epoch_entries e ON e.till_id = h.till_id AND e.seq = h.seq"
    )
    columns = "till_id, kind, seq, shop_id, what, at, seen_at, seen_by, note"
    op.execute(
        f"INSERT INTO epoch_incidents ({columns}, epoch) SELECT {columns}, CASE WHEN kind LIKE 'ledger%'"  # noqa: S608
        " THEN coalesce((SELECT t.epoch FROM tills t WHERE t.id = till_id), 0) ELSE 0 END FROM incidents"
    )
    for name in ("entries", "heads"):
        op.drop_table(f"ledger_{name}")
        op.rename_table(f"epoch_{name}", f"ledger_{name}")
    op.drop_table("incidents")
    op.rename_table("epoch_incidents", "incidents")


def _copy_entries() -> None:
    """A chain that went on through an epoch stays whole under the first one that it names."""
    bind = op.get_bind()
    old = sa.table(
        "ledger_entries", *map(sa.column, ("till_id", "seq", "prev", "hash", "text", "received_at"))
    )
    new = sa.table("epoch_entries", *map(sa.column, (*old.columns.keys(), "epoch")))
    for till_id in list(bind.scalars(sa.select(old.c.till_id).distinct())):
        last, epoch = 0, None
        query = sa.select(old).where(old.c.till_id == till_id, old.c.seq > sa.bindparam("last"))
        while (
            rows := bind.execute(query.order_by(old.c.seq).limit(_AT_ONCE), {"last": last}).mappings().all()
        ):
            epoch = json.loads(bytes(rows[0]["text"])).get("epoch", 1) if epoch is None else epoch
            bind.execute(sa.insert(new), [{**row, "epoch": epoch} for row in rows])
            last = rows[-1]["seq"]
