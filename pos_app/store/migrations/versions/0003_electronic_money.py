"""Electronic money: attempts at gateways, refunds by the way the money came, and the bills of the day after."""

from alembic import op

revision = "0003"
down_revision = "0002"

STEPS = (
    "ALTER TABLE refunds RENAME TO refunds_before",
    """
    CREATE TABLE refunds (
        num INTEGER NOT NULL,
        number TEXT NOT NULL,
        sale_id TEXT NOT NULL,
        line_id TEXT NOT NULL,
        tender TEXT NOT NULL CONSTRAINT refunds_tender CHECK (tender <> ''),
        amount INTEGER NOT NULL CONSTRAINT refunds_amount CHECK (amount > 0),
        state TEXT NOT NULL,
        at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        shift_id TEXT,
        next_at INTEGER,
        data BLOB NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT refunds_state CHECK (state IN ('asked', 'done')),
        FOREIGN KEY(sale_id, line_id) REFERENCES sale_lines (sale_id, line_id),
        UNIQUE (number)
    )
    STRICT
    """,
    # What was given back so far was cash.
    """
    INSERT INTO refunds (number, sale_id, line_id, tender, amount, state, at, business_date, shift_id, data)
    SELECT sale_id || ':' || line_id, sale_id, line_id, 'cash', amount, 'done', at, business_date, shift_id,
        CAST(json_object(
            'number', sale_id || ':' || line_id, 'sale_id', sale_id, 'line_id', line_id, 'tender', 'cash',
            'amount', json_object(
                'minor', amount, 'currency', (SELECT currency FROM sales WHERE sales.id = sale_id)
            ),
            'at', strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000000.0, 'unixepoch'),
            'business_date', business_date, 'shift_id', coalesce(shift_id, ''), 'state', 'done'
        ) AS BLOB)
    FROM refunds_before WHERE amount > 0
    """,
    "DROP TABLE refunds_before",
    "CREATE INDEX refunds_by_sale ON refunds (sale_id)",
    "CREATE INDEX refunds_due ON refunds (next_at) WHERE next_at IS NOT NULL",
    """
    CREATE TABLE attempts (
        num INTEGER NOT NULL,
        number TEXT NOT NULL,
        sale_id TEXT NOT NULL,
        gateway TEXT NOT NULL,
        state TEXT NOT NULL,
        amount INTEGER NOT NULL CONSTRAINT attempts_amount CHECK (amount > 0),
        sent_at INTEGER NOT NULL,
        next_at INTEGER,
        code_digest TEXT NOT NULL,
        gateway_number TEXT,
        data BLOB NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT attempts_state CHECK (state IN ('sent', 'paid', 'failed', 'reversing', 'reversed', 'refunded')),
        UNIQUE (number),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
    STRICT
    """,
    "CREATE INDEX attempts_by_code ON attempts (code_digest) WHERE code_digest <> ''",
    "CREATE INDEX attempts_by_gateway_number ON attempts (gateway_number) WHERE gateway_number IS NOT NULL",
    "CREATE INDEX attempts_by_sale ON attempts (sale_id)",
    "CREATE INDEX attempts_by_time ON attempts (gateway, sent_at)",
    "CREATE INDEX attempts_due ON attempts (next_at) WHERE next_at IS NOT NULL",
    "CREATE UNIQUE INDEX attempts_one_sent ON attempts (sale_id) WHERE state = 'sent'",
    """
    CREATE TABLE bills (
        gateway TEXT NOT NULL,
        day TEXT NOT NULL,
        fetched_at INTEGER NOT NULL,
        digest TEXT NOT NULL,
        lines BLOB NOT NULL,
        raw BLOB NOT NULL,
        PRIMARY KEY (gateway, day)
    )
    WITHOUT ROWID,
    STRICT
    """,
    """
    CREATE TABLE bill_items (
        finding TEXT NOT NULL,
        found_at INTEGER NOT NULL,
        settled_at INTEGER,
        data BLOB NOT NULL,
        PRIMARY KEY (finding)
    )
    WITHOUT ROWID,
    STRICT
    """,
    "CREATE INDEX bill_items_open ON bill_items (found_at) WHERE settled_at IS NULL",
)


def upgrade() -> None:
    for step in STEPS:
        op.execute(step)
