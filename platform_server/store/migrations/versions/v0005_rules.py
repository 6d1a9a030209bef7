"""Rules at reserve and what they count."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name, kind in (
        ("cashier", sa.String(length=64)),
        ("approved_by", sa.String(length=64)),
        ("cooling_until", sa.BigInteger()),
        ("frozen_at", sa.BigInteger()),
        ("frozen_why", sa.Text()),
        ("handed_at", sa.BigInteger()),
    ):
        op.add_column("reservations", sa.Column(name, kind, nullable=True))
    op.create_index("reservations_sale", "reservations", ["sale_id"], unique=False)
    _make_rules()
    _make_counters()
    _make_sayings()


def _make_rules() -> None:
    op.create_table(
        "rules_version",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.execute("INSERT INTO rules_version (one, version) VALUES (1, 0)")
    op.create_table(
        "policies",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "listed",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "mark"),
    )
    op.create_index(op.f("ix_listed_mark"), "listed", ["mark"], unique=False)


def _make_counters() -> None:
    op.create_table(
        "policy_counters",
        sa.Column("policy_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=140), nullable=False),
        sa.Column("window_start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("most_minor", sa.BigInteger(), nullable=True),
        sa.Column("keep_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "subject", "window_start"),
    )
    op.create_index(op.f("ix_policy_counters_keep_until"), "policy_counters", ["keep_until"], unique=False)
    op.create_table(
        "policy_uses",
        sa.Column("reservation_id", sa.String(length=36), nullable=False),
        sa.Column("policy_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=140), nullable=False),
        sa.Column("window_start", sa.BigInteger(), nullable=False),
        sa.Column("rolls_us", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("most_minor", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("keep_until", sa.BigInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("reservation_id", "policy_id", "subject", "window_start"),
    )
    op.create_index(
        "policy_uses_counter", "policy_uses", ["policy_id", "subject", "window_start", "at"], unique=False
    )
    op.create_index(op.f("ix_policy_uses_keep_until"), "policy_uses", ["keep_until"], unique=False)


def _make_sayings() -> None:
    op.create_table(
        "customer_said",
        sa.Column("reservation_id", sa.String(length=36), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("keep_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"]),
        sa.PrimaryKeyConstraint("reservation_id"),
    )
    op.create_index(op.f("ix_customer_said_customer"), "customer_said", ["customer"], unique=False)
    op.create_index(op.f("ix_customer_said_keep_until"), "customer_said", ["keep_until"], unique=False)
