"""Callbacks of suppliers and what workers note."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NEVER = 2**62


def upgrade() -> None:
    op.add_column("top_ups", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("top_ups", sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("top_ups", sa.Column("request", sa.LargeBinary(), nullable=True))
    op.add_column(
        "top_ups", sa.Column("late_success", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # What is settled is due only when somebody calls for it.
    op.execute(
        sa.text(
            "UPDATE top_ups SET next_at = :never WHERE state IN ('OK', 'FAILED_FINAL', 'MANUAL')"
        ).bindparams(never=_NEVER)
    )
    op.create_index("top_ups_next", "top_ups", ["next_at"], unique=False)
    op.create_table(
        "top_up_attempts",
        sa.Column("top_up_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["top_up_id"], ["top_ups.id"]),
        sa.PrimaryKeyConstraint("top_up_id", "number", "kind"),
    )
    op.create_table(
        "callback_inbox",
        sa.Column("supplier", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=128), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("supplier", "event_id"),
    )
