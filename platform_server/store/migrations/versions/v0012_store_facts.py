"""Keys and database belong together."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """One row, written by the first program that opens the database with its keys."""
    op.create_table(
        "store_facts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key_mark", sa.String(64), nullable=False),
    )
