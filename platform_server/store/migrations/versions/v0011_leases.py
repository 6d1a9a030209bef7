"""Codes pulled ahead."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Leases of tills, and what became of each of their cards."""
    op.create_table(
        "leases",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), nullable=False),
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), nullable=False),
        sa.Column("lease_id", sa.String(36), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("granted_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("most_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("fenced_at", sa.BigInteger),
        sa.Column("fenced_why", sa.Text),
        sa.UniqueConstraint("till_id", "lease_id"),
    )
    op.create_index("ix_leases_shop_id", "leases", ["shop_id"])
    op.create_table(
        "lease_cards",
        sa.Column("lease_id", sa.String(36), sa.ForeignKey("leases.id"), primary_key=True),
        sa.Column("card_id", sa.String(36), primary_key=True),
        sa.Column("product_id", sa.String(36), nullable=False),
        sa.Column("face_minor", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("leased_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("deleted_seq", sa.BigInteger),
        sa.Column("sold_seq", sa.BigInteger),
        sa.Column("sale_id", sa.String(36)),
        sa.Column("line_id", sa.String(36)),
        sa.Column("journal_id", sa.String(36)),
    )
    op.create_index("ix_lease_cards_journal_id", "lease_cards", ["journal_id"])
    op.create_index("lease_cards_card", "lease_cards", ["card_id", "state"])
    op.create_index("lease_cards_state", "lease_cards", ["state"])
