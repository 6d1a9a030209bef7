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
LEASES: tuple[str, ...] = (
    """
    CREATE TABLE leases (
        num INTEGER NOT NULL,
        lease_id TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        state TEXT NOT NULL,
        expires_at INTEGER,
        is_over INTEGER NOT NULL CONSTRAINT leases_is_over CHECK (is_over IN (0, 1)),
        data BLOB NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT leases_state CHECK (state IN ('OPEN', 'EXPIRED', 'FENCED', 'SETTLED')),
        UNIQUE (lease_id)
    )
    STRICT
    """,
    "CREATE INDEX leases_not_over ON leases (num) WHERE is_over = 0",
    """
    CREATE TABLE leased_cards (
        num INTEGER NOT NULL,
        card_id TEXT NOT NULL,
        lease_id TEXT NOT NULL,
        kit_id TEXT NOT NULL,
        product_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        face INTEGER NOT NULL,
        currency TEXT NOT NULL,
        sealed BLOB,
        state TEXT NOT NULL,
        sale_id TEXT,
        line_id TEXT,
        PRIMARY KEY (num),
        CONSTRAINT leased_cards_payload CHECK (payload IN ('number_pin', 'pin', 'link', 'image')),
        CONSTRAINT leased_cards_state CHECK (state IN ('held', 'bound', 'sold', 'destroyed')),
        CONSTRAINT leased_cards_sealed CHECK ((sealed IS NOT NULL) = (state IN ('held', 'bound'))),
        CONSTRAINT leased_cards_sale_id CHECK ((sale_id IS NOT NULL) = (state IN ('bound', 'sold'))),
        UNIQUE (lease_id, card_id),
        FOREIGN KEY(sale_id, line_id) REFERENCES sale_lines (sale_id, line_id),
        FOREIGN KEY(lease_id) REFERENCES leases (lease_id)
    )
    STRICT
    """,
    "CREATE INDEX leased_cards_held ON leased_cards (product_id) WHERE state = 'held'",
    "CREATE INDEX leased_cards_of_sale ON leased_cards (sale_id) WHERE sale_id IS NOT NULL",
    "CREATE UNIQUE INDEX leased_cards_once ON leased_cards (card_id) WHERE state <> 'destroyed'",
    """
    CREATE TABLE rolled_back (
        one INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (one),
        CONSTRAINT rolled_back_one CHECK (one = 1)
    )
    WITHOUT ROWID,
    STRICT
    """,
    """
    ALTER TABLE sales ADD COLUMN is_offline INTEGER DEFAULT 0 NOT NULL
        CONSTRAINT sales_is_offline CHECK (is_offline IN (0, 1))
    """,
    "ALTER TABLE cards ADD COLUMN epoch INTEGER",
    "ALTER TABLE cards ADD COLUMN lease_id TEXT",
    "CREATE INDEX cards_not_told ON cards (sale_id) WHERE lease_id IS NOT NULL AND acked_at IS NULL",
    # So far a till had one epoch at a time, and its codes that of its enrolment.
    "UPDATE cards SET epoch = (SELECT epoch FROM enrolment)",
)
DOUBTS: tuple[str, ...] = (
    "ALTER TABLE sales ADD COLUMN cools_until INTEGER",
    """
    ALTER TABLE sales ADD COLUMN is_doubtful INTEGER DEFAULT 0 NOT NULL
        CONSTRAINT sales_is_doubtful CHECK (is_doubtful IN (0, 1))
    """,
)
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
    for step in (*SIGNED, *LEASES, *MESSAGES, *DOUBTS, *TIMES):
        op.execute(step)
