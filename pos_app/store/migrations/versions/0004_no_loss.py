"""No sale is lost: a signed ledger and receipts, codes held to be sold offline, and messages that can be dead."""

from alembic import op

revision = "0004"
down_revision = "0003"

SIGNED: tuple[str, ...] = (
    "ALTER TABLE ledger RENAME TO ledger_before",
    """
    CREATE TABLE ledger (
        num INTEGER NOT NULL,
        till TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL CONSTRAINT ledger_seq CHECK (seq > 0),
        prev TEXT NOT NULL,
        digest TEXT NOT NULL,
        at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        kid TEXT,
        sig TEXT,
        PRIMARY KEY (num),
        CONSTRAINT ledger_kid CHECK ((kid IS NULL) = (sig IS NULL)),
        UNIQUE (epoch, seq)
    )
    STRICT
    """,
    """
    INSERT INTO ledger (num, till, epoch, seq, prev, digest, at, business_date, kind, body)
    SELECT num, till, epoch, seq, prev, digest, at, business_date, kind, body FROM ledger_before
    """,
    "DROP TABLE ledger_before",
    """
    CREATE TABLE receipts (
        num INTEGER NOT NULL,
        number TEXT NOT NULL,
        type TEXT NOT NULL,
        subject TEXT NOT NULL,
        turnover INTEGER NOT NULL CONSTRAINT receipts_turnover CHECK (turnover >= 0),
        text TEXT NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT receipts_type CHECK (type IN ('S', 'V', 'R', 'T', 'Z')),
        UNIQUE (number)
    )
    STRICT
    """,
    "CREATE INDEX receipts_by_subject ON receipts (subject)",
    "CREATE INDEX receipts_zero ON receipts (num) WHERE type = 'Z'",
    """
    CREATE TABLE log_checkpoints (
        day TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        told TEXT NOT NULL,
        PRIMARY KEY (day)
    )
    WITHOUT ROWID, STRICT
    """,
)
LEASES: tuple[str, ...] = ()
TIMES: tuple[str, ...] = ("CREATE INDEX ledger_by_time ON ledger (epoch, at)",)
MESSAGES: tuple[str, ...] = (
    "ALTER TABLE outbox RENAME TO outbox_before",
    "DROP INDEX outbox_unsent",
    """
    CREATE TABLE outbox (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        sale_id TEXT NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        next_try_at INTEGER NOT NULL,
        since INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (num),
        CONSTRAINT outbox_kind CHECK (kind IN ('ack', 'withdraw')),
        CONSTRAINT outbox_state CHECK (state IN ('due', 'sent', 'dead', 'left')),
        UNIQUE (kind, sale_id),
        UNIQUE (id),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
    STRICT
    """,
    # When one was written was not kept: the time of its next try is not before that.
    """
    INSERT INTO outbox (num, id, kind, sale_id, state, tries, next_try_at, since, reason)
    SELECT num, id, kind, sale_id, CASE state WHEN 'refused' THEN 'dead' ELSE state END, tries, next_try_at,
        next_try_at, reason
    FROM outbox_before
    """,
    "DROP TABLE outbox_before",
    "CREATE INDEX outbox_unsent ON outbox (num) WHERE state IN ('due', 'dead')",
    "CREATE INDEX outbox_withdrawing ON outbox (sale_id) WHERE kind = 'withdraw' AND state IN ('due', 'dead')",
    """
    CREATE TABLE ledger_refusals (
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        code TEXT NOT NULL,
        since INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        next_try_at INTEGER NOT NULL,
        PRIMARY KEY (epoch)
    )
    WITHOUT ROWID, STRICT
    """,
)


def upgrade() -> None:
    for step in (*SIGNED, *LEASES, *MESSAGES, *TIMES):
        op.execute(step)
