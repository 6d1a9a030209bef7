"""Imports and key rotation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Imports with their quarantine; data keys leave their batches, so that a batch may have two for a while."""
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("supplier_batch", sa.Text(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("mark"),
    )
    op.create_table(
        "import_faults",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"]),
        sa.PrimaryKeyConstraint("import_id", "line"),
    )
    op.create_table(
        "keks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("is_retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deep_wanted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch_keys",
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kek_id", sa.String(length=36), nullable=False),
        sa.Column("made_under", sa.String(length=36), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"]),
        sa.PrimaryKeyConstraint("batch_id", "version"),
    )
    op.create_index(op.f("ix_batch_keys_kek_id"), "batch_keys", ["kek_id"], unique=False)
    op.execute(
        "INSERT INTO batch_keys (batch_id, version, kek_id, made_under, wrapped_key) "
        "SELECT id, 1, kek_id, kek_id, wrapped_key FROM batches"
    )
    op.execute("INSERT INTO keks (id) SELECT DISTINCT kek_id FROM batches")
    op.drop_column("batches", "kek_id")
    op.drop_column("batches", "wrapped_key")
    op.add_column("batches", sa.Column("key_version", sa.Integer(), server_default="1", nullable=False))
    op.drop_index(op.f("ix_cards_batch_id"), table_name="cards")
    op.create_index("cards_of_batch", "cards", ["batch_id", "version"], unique=False)
