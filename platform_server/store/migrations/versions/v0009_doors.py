"""Scopes, keys and callbacks to shops."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TILL_SCOPES = "claims,leases,read,sell"


def upgrade() -> None:
    """Every till's key becomes its first row of keys, under the till's own id."""
    op.add_column("tickets", sa.Column("scopes", sa.Text, nullable=False, server_default=_TILL_SCOPES))
    op.create_table(
        "till_keys",
        sa.Column("keyid", sa.String(36), primary_key=True),
        sa.Column("till_id", sa.String(36), sa.ForeignKey("tills.id"), nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("not_after", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
    )
    op.create_index("ix_till_keys_till_id", "till_keys", ["till_id"])
    op.execute(
        "INSERT INTO till_keys (keyid, till_id, public_key, scopes, epoch, not_before)"
        " SELECT id, id, sign_key, 'claims,leases,read,sell', epoch, 0 FROM tills"
    )
    op.create_table(
        "event_outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id")),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "shop_events",
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_shop_events_at", "shop_events", ["at"])
    op.create_table(
        "shop_callbacks",
        sa.Column("shop_id", sa.String(36), sa.ForeignKey("shops.id"), primary_key=True),
        sa.Column("url", sa.Text),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("delivered_seq", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=False),
        sa.Column("taken_until", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("failed_since", sa.BigInteger),
        sa.Column("parked_at", sa.BigInteger),
    )
    op.create_index("shop_callbacks_due", "shop_callbacks", ["next_at"])
