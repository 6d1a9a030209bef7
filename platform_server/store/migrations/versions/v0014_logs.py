"""A log for each shop over all its tills' entries, from which entry on a chain is signed, and former keys by name."""

import hashlib
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
_AT_ONCE = 1_000


def upgrade() -> None:
    """Entries of before go into the log in the order in which they came; none of them is signed."""
    op.add_column("ledger_heads", sa.Column("signed_from", sa.BigInteger))
    op.create_table(
        "shop_logs",
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_leaves",
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("till_id", "epoch", "seq"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    bind = op.get_bind()
    for shop_id in list(bind.scalars(sa.text("SELECT id FROM shops ORDER BY id"))):
        _begin_log(bind, shop_id)
    _name_former_keys(bind)


def _begin_log(bind: sa.Connection, shop_id: str) -> None:
    """RFC 6962: a leaf is SHA-256 over 0 and the entry, a node over 1 and its two halves; each eighth level is kept."""
    leaves = sa.table("log_leaves", *map(sa.column, ("shop_id", "place", "till_id", "epoch", "seq", "hash")))
    nodes = sa.table("log_nodes", *map(sa.column, ("shop_id", "level", "place", "hash")))
    ordered = sa.text(
        "SELECT e.till_id, e.epoch, e.seq, e.text FROM ledger_entries e JOIN tills t ON t.id = e.till_id"
        " WHERE t.shop_id = :shop ORDER BY e.received_at, e.till_id, e.epoch, e.seq"
    )
    found = bind.execute(ordered, {"shop": shop_id}, execution_options={"yield_per": _AT_ONCE})
    peaks: list[bytes] = []
    size = 0
    for page in found.partitions():
        new_leaves, new_nodes = [], []
        for row in page:
            made = hashlib.sha256(b"\x00" + bytes(row.text)).digest()
            named = {"till_id": row.till_id, "epoch": row.epoch, "seq": row.seq}
            new_leaves.append({"shop_id": shop_id, "place": size, "hash": made, **named})
            level, index = 0, size
            while index % 2:
                made, level, index = (
                    hashlib.sha256(b"\x01" + peaks.pop() + made).digest(),
                    level + 1,
                    index // 2,
                )
                if level % 8 == 0:
                    new_nodes.append({"shop_id": shop_id, "level": level, "place": index, "hash": made})
            peaks.append(made)
            size += 1
        bind.execute(sa.insert(leaves), new_leaves)
        if new_nodes:
            bind.execute(sa.insert(nodes), new_nodes)
    if size:
        logs = sa.table("shop_logs", *map(sa.column, ("shop_id", "size", "peaks")))
        bind.execute(sa.insert(logs).values(shop_id=shop_id, size=size, peaks=b"".join(peaks)))


def _name_former_keys(bind: sa.Connection) -> None:
    """The key of the enrolment before gets a name of its own, so that what it signed can be judged."""
    found = sa.text("SELECT id, epoch, previous_sign_key FROM tills WHERE previous_sign_key IS NOT NULL")
    keys = sa.table(
        "till_keys",
        *map(sa.column, ("keyid", "till_id", "public_key", "scopes", "epoch", "not_before", "not_after")),
    )
    ends = sa.text("SELECT not_before FROM till_keys WHERE keyid = :till")
    for till in bind.execute(found).all():
        mark = hashlib.sha256(f"former key of {till.id}".encode()).hexdigest()
        row = {"till_id": till.id, "public_key": till.previous_sign_key, "epoch": till.epoch - 1}
        row |= {"keyid": str(uuid.UUID(mark[:32])), "scopes": "read", "not_before": 0}
        row |= {"not_after": bind.execute(ends, {"till": till.id}).scalar() or None}
        bind.execute(sa.insert(keys).values(**row))
