"""A code may be a picture: the list of payloads in the table of cards grows."""

from alembic import op

revision = "0002"
down_revision = "0001"

STEPS = (
    "ALTER TABLE cards RENAME TO cards_before",
    "DROP INDEX cards_to_shred",
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
        CONSTRAINT cards_payload CHECK (payload IN ('number_pin', 'pin', 'link', 'image')),
        CONSTRAINT cards_state CHECK (state IN ('have', 'revealing', 'printed', 'unknown')),
        FOREIGN KEY(sale_id, line_id) REFERENCES sale_lines (sale_id, line_id),
        UNIQUE (card_id)
    )
     WITHOUT ROWID, STRICT
    """,
    """
    INSERT INTO cards (sale_id, line_id, card_id, product_id, payload, face, currency, sealed, state, copies, acked_at)
    SELECT sale_id, line_id, card_id, product_id, payload, face, currency, sealed, state, copies, acked_at
    FROM cards_before
    """,
    "DROP TABLE cards_before",
    "CREATE INDEX cards_to_shred ON cards (acked_at) WHERE sealed IS NOT NULL AND acked_at IS NOT NULL",
)


def upgrade() -> None:
    for step in STEPS:
        op.execute(step)
