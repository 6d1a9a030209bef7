"""Keys and database belong together; where each till's ledger ends is kept apart from its entries."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """The mark of the keys is written by the first program that opens the database with them."""
    op.create_table(
        "store_facts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key_mark", sa.String(64), nullable=False),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(32), nullable=False),
    )
    op.execute(
        "INSERT INTO ledger_heads (till_id, seq, hash) SELECT e.till_id, e.seq, e.hash FROM ledger_entries e"
        " WHERE e.seq = (SELECT max(o.seq) FROM ledger_entries o WHERE o.till_id = e.till_id)"
    )
