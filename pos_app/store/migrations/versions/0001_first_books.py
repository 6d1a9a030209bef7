"""The books as they were first."""

from alembic import op

revision = "0001"
down_revision = None

STEPS = (
    """
    CREATE TABLE account (
        one INTEGER NOT NULL,
        balance INTEGER NOT NULL,
        held INTEGER NOT NULL,
        credit_limit INTEGER NOT NULL,
        currency TEXT NOT NULL,
        told_at INTEGER NOT NULL,
        PRIMARY KEY (one),
        CONSTRAINT account_one CHECK (one = 1)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE basket (
        one INTEGER NOT NULL,
        sale BLOB NOT NULL,
        PRIMARY KEY (one),
        CONSTRAINT basket_one CHECK (one = 1)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE catalogue_state (
        one INTEGER NOT NULL,
        total INTEGER NOT NULL,
        cursor TEXT,
        synced_at INTEGER,
        is_full_running INTEGER NOT NULL CONSTRAINT catalogue_state_is_full_running CHECK (is_full_running IN (0, 1)),
        PRIMARY KEY (one),
        CONSTRAINT catalogue_state_one CHECK (one = 1)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE categories (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        zh TEXT NOT NULL,
        en TEXT NOT NULL,
        PRIMARY KEY (num),
        UNIQUE (id)
    )
     STRICT
    """,
    """
    CREATE TABLE counters (
        name TEXT NOT NULL,
        value INTEGER NOT NULL CONSTRAINT counters_value CHECK (value >= 0),
        PRIMARY KEY (name)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE day_sums (
        day TEXT NOT NULL,
        kind TEXT NOT NULL,
        "key" TEXT NOT NULL,
        zh TEXT NOT NULL,
        en TEXT NOT NULL,
        number INTEGER NOT NULL,
        takings INTEGER NOT NULL,
        margin INTEGER NOT NULL,
        refunds INTEGER NOT NULL,
        PRIMARY KEY (day, kind, "key"),
        CONSTRAINT day_sums_kind CHECK (kind IN ('day', 'hour', 'product', 'tender', 'cashier'))
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE enrolment (
        one INTEGER NOT NULL,
        shop_id TEXT NOT NULL,
        shop_name TEXT NOT NULL,
        till_id TEXT NOT NULL,
        till_code TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        currency TEXT NOT NULL,
        address TEXT NOT NULL,
        platform_key TEXT NOT NULL,
        PRIMARY KEY (one),
        CONSTRAINT enrolment_one CHECK (one = 1)
    )
     WITHOUT ROWID, STRICT
    """,
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
        PRIMARY KEY (num),
        UNIQUE (epoch, seq)
    )
     STRICT
    """,
    """
    CREATE TABLE ledger_acks (
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (epoch)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE people (
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        pin_hash TEXT NOT NULL,
        wrong_tries INTEGER NOT NULL CONSTRAINT people_wrong_tries CHECK (wrong_tries >= 0),
        locked_at INTEGER,
        is_active INTEGER NOT NULL CONSTRAINT people_is_active CHECK (is_active IN (0, 1)),
        PRIMARY KEY (id),
        CONSTRAINT people_role CHECK (role IN ('cashier', 'supervisor', 'owner'))
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE product_marks (
        num INTEGER NOT NULL,
        digest INTEGER NOT NULL,
        is_sold_out INTEGER NOT NULL CONSTRAINT product_marks_is_sold_out CHECK (is_sold_out IN (0, 1)),
        PRIMARY KEY (num)
    )
     STRICT
    """,
    """
    CREATE TABLE product_traits (
        digest INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (digest)
    )
     STRICT
    """,
    """
    CREATE TABLE products (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        barcode TEXT,
        category_id TEXT NOT NULL,
        carrier TEXT,
        face INTEGER NOT NULL,
        traits INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (num),
        UNIQUE (id)
    )
     STRICT
    """,
    "CREATE INDEX products_by_barcode ON products (barcode) WHERE barcode IS NOT NULL",
    "CREATE INDEX products_by_carrier ON products (face, carrier) WHERE carrier IS NOT NULL",
    "CREATE INDEX products_by_category ON products (category_id)",
    """
    CREATE TABLE sales (
        id TEXT NOT NULL,
        state TEXT NOT NULL,
        currency TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        cashier_id TEXT,
        shift_id TEXT,
        business_date TEXT NOT NULL,
        paid_at INTEGER,
        receipt_number TEXT,
        expires_at INTEGER,
        trouble TEXT,
        masked TEXT NOT NULL,
        at INTEGER NOT NULL,
        local_hour INTEGER NOT NULL CONSTRAINT sales_local_hour CHECK (local_hour BETWEEN 0 AND 23),
        total INTEGER NOT NULL CONSTRAINT sales_total CHECK (total >= 0),
        line_count INTEGER NOT NULL CONSTRAINT sales_line_count CHECK (line_count > 0),
        first_line TEXT NOT NULL,
        is_open INTEGER NOT NULL CONSTRAINT sales_is_open CHECK (is_open IN (0, 1)),
        open_money INTEGER NOT NULL CONSTRAINT sales_open_money CHECK (open_money >= 0),
        PRIMARY KEY (id),
        CONSTRAINT sales_state CHECK (state IN ('reserving', 'reserved', 'paid', 'confirming', 'have', 'done', 'refund_due', 'refunded', 'cancelling', 'cancelled')),
        CONSTRAINT sales_paid_at CHECK ((paid_at IS NULL) = (receipt_number IS NULL)),
        UNIQUE (receipt_number)
    )
     WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX sales_by_day ON sales (business_date, at)",
    "CREATE INDEX sales_by_total ON sales (total)",
    "CREATE INDEX sales_open ON sales (is_open) WHERE is_open = 1",
    """
    CREATE TABLE seen_products (
        num INTEGER NOT NULL,
        PRIMARY KEY (num)
    )
     STRICT
    """,
    """
    CREATE TABLE shift_sums (
        shift_id TEXT NOT NULL,
        tender TEXT NOT NULL,
        sales INTEGER NOT NULL,
        taken INTEGER NOT NULL,
        given_back INTEGER NOT NULL,
        PRIMARY KEY (shift_id, tender)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE shifts (
        id TEXT NOT NULL,
        opened_by TEXT NOT NULL,
        opened_by_name TEXT NOT NULL,
        opened_at INTEGER NOT NULL,
        opening_cash INTEGER NOT NULL,
        currency TEXT NOT NULL,
        business_date TEXT NOT NULL,
        closed_at INTEGER,
        closing BLOB,
        PRIMARY KEY (id),
        CONSTRAINT shifts_closed_at CHECK ((closed_at IS NULL) = (closing IS NULL))
    )
     WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX shifts_closed ON shifts (closed_at) WHERE closed_at IS NOT NULL",
    "CREATE UNIQUE INDEX shifts_one_open ON shifts ((closed_at IS NULL)) WHERE closed_at IS NULL",
    """
    CREATE TABLE sold_products (
        num INTEGER NOT NULL,
        product_id TEXT NOT NULL,
        sold INTEGER NOT NULL,
        PRIMARY KEY (num),
        UNIQUE (product_id)
    )
     STRICT
    """,
    """
    CREATE TABLE cash_movements (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        shift_id TEXT NOT NULL,
        direction TEXT NOT NULL,
        amount INTEGER NOT NULL CONSTRAINT cash_movements_amount CHECK (amount >= 0),
        currency TEXT NOT NULL,
        reason TEXT NOT NULL,
        cashier_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT cash_movements_direction CHECK (direction IN ('in', 'out')),
        UNIQUE (id),
        FOREIGN KEY(shift_id) REFERENCES shifts (id)
    )
     STRICT
    """,
    "CREATE INDEX cash_movements_shift_id ON cash_movements (shift_id)",
    """
    CREATE TABLE outbox (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        sale_id TEXT NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        next_try_at INTEGER NOT NULL,
        reason TEXT,
        PRIMARY KEY (num),
        CONSTRAINT outbox_kind CHECK (kind IN ('ack')),
        CONSTRAINT outbox_state CHECK (state IN ('due', 'sent', 'refused')),
        UNIQUE (kind, sale_id),
        UNIQUE (id),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
     STRICT
    """,
    "CREATE INDEX outbox_unsent ON outbox (state) WHERE state <> 'sent'",
    """
    CREATE TABLE papers (
        num INTEGER NOT NULL,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        sale_id TEXT,
        subject TEXT NOT NULL,
        copy INTEGER NOT NULL CONSTRAINT papers_copy CHECK (copy > 0),
        state TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        cause TEXT,
        PRIMARY KEY (num),
        CONSTRAINT papers_kind CHECK (kind IN ('code', 'top_up', 'receipt', 'closing')),
        CONSTRAINT papers_state CHECK (state IN ('due', 'printing', 'printed', 'unknown', 'failed')),
        UNIQUE (id),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
     STRICT
    """,
    "CREATE INDEX papers_by_sale ON papers (sale_id) WHERE sale_id IS NOT NULL",
    "CREATE INDEX papers_unsettled ON papers (sale_id) WHERE state <> 'printed'",
    """
    CREATE TABLE payments (
        sale_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        tender TEXT NOT NULL CONSTRAINT payments_tender CHECK (tender <> ''),
        amount INTEGER NOT NULL,
        received INTEGER NOT NULL,
        change INTEGER NOT NULL,
        reference TEXT,
        PRIMARY KEY (sale_id, position),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE sale_lines (
        num INTEGER NOT NULL,
        sale_id TEXT NOT NULL,
        line_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        product_id TEXT NOT NULL,
        quantity INTEGER NOT NULL CONSTRAINT sale_lines_quantity CHECK (quantity > 0),
        price INTEGER NOT NULL CONSTRAINT sale_lines_price CHECK (price >= 0),
        cost INTEGER NOT NULL CONSTRAINT sale_lines_cost CHECK (cost >= 0),
        fields TEXT NOT NULL,
        account_end TEXT,
        top_up_state TEXT,
        top_up_reference TEXT,
        top_up_reason TEXT,
        refunded INTEGER,
        product BLOB NOT NULL,
        PRIMARY KEY (num),
        CONSTRAINT sale_lines_top_up_state CHECK (top_up_state IN ('NEW', 'ACCEPTED', 'SUBMITTING', 'UNKNOWN', 'MANUAL', 'OK', 'FAILED_FINAL')),
        UNIQUE (sale_id, line_id),
        FOREIGN KEY(sale_id) REFERENCES sales (id)
    )
     STRICT
    """,
    "CREATE INDEX sale_lines_by_account_end ON sale_lines (account_end) WHERE account_end IS NOT NULL",
    """
    CREATE TABLE cards (
        sale_id TEXT NOT NULL,
        line_id TEXT NOT NULL,
        card_id TEXT NOT NULL,
        product_id TEXT NOT NULL,
        payload TEXT NOT NULL,
        face INTEGER NOT NULL,
        currency TEXT NOT NULL,
        sealed BLOB,
        state TEXT NOT NULL,
        copies INTEGER NOT NULL CONSTRAINT cards_copies CHECK (copies >= 0),
        acked_at INTEGER,
        PRIMARY KEY (sale_id, line_id, card_id),
        CONSTRAINT cards_payload CHECK (payload IN ('number_pin', 'pin', 'link')),
        CONSTRAINT cards_state CHECK (state IN ('have', 'revealing', 'printed', 'unknown')),
        FOREIGN KEY(sale_id, line_id) REFERENCES sale_lines (sale_id, line_id),
        UNIQUE (card_id)
    )
     WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX cards_to_shred ON cards (acked_at) WHERE sealed IS NOT NULL AND acked_at IS NOT NULL",
    """
    CREATE TABLE refunds (
        sale_id TEXT NOT NULL,
        line_id TEXT NOT NULL,
        amount INTEGER NOT NULL CONSTRAINT refunds_amount CHECK (amount >= 0),
        at INTEGER NOT NULL,
        business_date TEXT NOT NULL,
        shift_id TEXT,
        PRIMARY KEY (sale_id, line_id),
        FOREIGN KEY(sale_id, line_id) REFERENCES sale_lines (sale_id, line_id)
    )
     WITHOUT ROWID, STRICT
    """,
    "CREATE VIRTUAL TABLE product_index USING fts5(words, content='', contentless_delete=1, tokenize='ascii')",
    "INSERT INTO product_index (product_index, rank) VALUES ('pgsz', 3900)",
    "CREATE VIRTUAL TABLE sold_index USING fts5(words, content='', contentless_delete=1, tokenize='ascii')",
    "INSERT INTO sold_index (sold_index, rank) VALUES ('pgsz', 3900)",
)


def upgrade() -> None:
    for step in STEPS:
        op.execute(step)
