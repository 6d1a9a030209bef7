"""Price tiers and settlements."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _add_to_journals()
    with op.batch_alter_table("wallets") as wallets:
        wallets.create_check_constraint("wallets_hold", "held_minor >= 0")
    _make_prices()
    _make_settlements()


def _add_to_journals() -> None:
    op.add_column(
        "journals", sa.Column("actor", sa.String(length=100), server_default="platform", nullable=False)
    )
    op.add_column("journals", sa.Column("note", sa.Text(), server_default="", nullable=False))
    op.add_column("journals", sa.Column("reservation_id", sa.String(length=36), nullable=True))
    op.add_column("journals", sa.Column("line_id", sa.String(length=36), nullable=True))
    op.create_index("journals_of_shop", "journals", ["shop_id", "at"], unique=False)
    op.execute("UPDATE journals SET reservation_id = reference WHERE kind IN ('sale', 'sale_back')")
    op.execute(
        "UPDATE journals SET reservation_id = (SELECT reservation_id FROM top_ups WHERE id = journals.reference),"
        " line_id = (SELECT line_id FROM top_ups WHERE id = journals.reference) WHERE kind = 'top_up_back'"
    )


def _make_prices() -> None:
    op.create_table(
        "price_tiers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "price_rules",
        sa.Column("tier_id", sa.String(length=36), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("from_quantity", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fixed_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("rate_bp", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tier_id"], ["price_tiers.id"]),
        sa.PrimaryKeyConstraint("tier_id", "scope", "subject", "from_quantity"),
    )
    op.create_table(
        "shop_tiers",
        sa.Column("shop_id", sa.String(length=36), nullable=False),
        sa.Column("tier_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"]),
        sa.ForeignKeyConstraint(["tier_id"], ["price_tiers.id"]),
        sa.PrimaryKeyConstraint("shop_id"),
    )


def _make_settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("shop_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("change_hour", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("charged_minor", sa.BigInteger(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("keyid", sa.String(length=36), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"]),
        sa.PrimaryKeyConstraint("shop_id", "day"),
    )
    op.create_table(
        "settled_journals",
        sa.Column("journal_id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["journal_id"], ["journals.id"]),
        sa.PrimaryKeyConstraint("journal_id"),
    )
    op.create_index("settled_journals_of_day", "settled_journals", ["shop_id", "day"], unique=False)
