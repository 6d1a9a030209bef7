"""What both engines need: a clock for the catalogue's order of change."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # A unique place is a key to PostgreSQL, and moving it would wait for every sale that names the product.
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("products_changed_seq_key", "products", type_="unique")
    op.create_index("products_changed", "products", ["changed_seq"], unique=False)
    op.create_table(
        "catalogue_clock",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.execute("INSERT INTO catalogue_clock (seq) SELECT coalesce(max(changed_seq), 0) FROM products")
