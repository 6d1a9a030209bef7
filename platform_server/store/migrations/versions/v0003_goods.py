"""Suppliers and all kinds of cards."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNKNOWN = "\u672a\u77e5\u4f9b\u5e94\u5546\uff080003 \u7248\u4e4b\u524d\uff09"


def upgrade() -> None:
    """Whatever was sold before names the supplier "unknown", which has no authorisation, so nothing new comes of it."""
    op.create_table(
        "suppliers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_until", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM products")):
        row = {
            "id": "unknown",
            "name_zh": _UNKNOWN,
            "name_en": "Unknown supplier, before 0003",
            "is_active": True,
        }
        columns = (sa.column(name, sa.Boolean() if name == "is_active" else sa.Text()) for name in row)
        op.bulk_insert(sa.table("suppliers", *columns), [row])
    # As text, because it is the one spelling of a reference that both engines add to a table that has rows.
    for table in ("products", "batches"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN supplier_id VARCHAR(64) DEFAULT 'unknown' NOT NULL"
            " REFERENCES suppliers (id)"
        )
    op.create_index("ix_products_supplier_id", "products", ["supplier_id"])
    op.add_column(
        "products",
        sa.Column("goods_class", sa.String(length=32), nullable=False, server_default="other"),
    )
    for name, default in (("parts", "1"), ("uses", "1"), ("return_days", "0"), ("delivery_minutes", "0")):
        op.add_column(
            "products",
            sa.Column(name, sa.Integer(), nullable=False, server_default=default),
        )
    _extend_vault()


def _extend_vault() -> None:
    op.add_column("batches", sa.Column("reference", sa.Text(), nullable=False, server_default=""))
    op.add_column("batches", sa.Column("received_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("batches", sa.Column("uses", sa.Integer(), nullable=False, server_default="1"))
    op.execute("UPDATE batches SET reference = 'unknown, before 0003', received_at = imported_at")
    for name in ("kit_id", "source_id"):
        op.add_column("cards", sa.Column(name, sa.String(length=36), nullable=True))
        op.create_index(
            f"cards_of_{name.removesuffix('_id')}",
            "cards",
            [name],
            sqlite_where=sa.text(f"{name} IS NOT NULL"),
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
