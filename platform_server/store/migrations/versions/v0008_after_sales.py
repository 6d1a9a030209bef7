"""Claims and the history of a code."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _make_actions()
    _make_claims()
    _count_refunds()


def _make_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("authoriser", sa.Text(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_actions_subject", "actions", ["subject"], unique=False)
    head = op.create_table(
        "action_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])


def _make_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", sa.String(length=36), nullable=False),
        sa.Column("till_id", sa.String(length=36), nullable=False),
        sa.Column("sale_id", sa.String(length=36), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.String(length=36), nullable=False),
        sa.Column("line_id", sa.String(length=36), nullable=False),
        sa.Column("card_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("authoriser", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("refund_minor", sa.BigInteger(), nullable=True),
        sa.Column("new_card_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"]),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"]),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("till_id", "sale_id", "attempt"),
    )
    for column in ("card_id", "new_card_id", "reservation_id"):
        op.create_index(f"ix_claims_{column}", "claims", [column], unique=False)
    op.create_index("claims_due", "claims", ["state", "due_at"], unique=False)


def _count_refunds() -> None:
    """What a line gave back so far: all of it when its sale was cancelled after it was sold, or its top-up failed."""
    column = sa.Column("refunded_minor", sa.BigInteger(), server_default="0", nullable=False)
    op.add_column("reservation_lines", column)
    op.execute(
        """
        UPDATE reservation_lines SET refunded_minor = unit_cost_minor * quantity
        WHERE reservation_id IN (SELECT reference FROM journals WHERE kind = 'sale_back')
        OR EXISTS (
            SELECT 1 FROM top_ups t JOIN journals j ON j.kind = 'top_up_back' AND j.reference = t.id
            WHERE t.reservation_id = reservation_lines.reservation_id AND t.line_id = reservation_lines.line_id)
        """
    )
