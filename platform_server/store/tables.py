"""The schema on one page: money and times are whole numbers, ids are text, nothing is of one database only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

shops = Table(
    "shops",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", String(3), nullable=False),
)

tills = Table(
    "tills",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("code", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sign_key", LargeBinary, nullable=False),
    Column("seal_key", LargeBinary, nullable=False),
    Column("previous_sign_key", LargeBinary),
    Column("state", String(12), nullable=False),
    UniqueConstraint("shop_id", "code"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("till_name", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("till_id", String(36)),
    Column("fingerprint", String(64)),
)

nonces = Table(
    "nonces",
    metadata,
    Column("keyid", String(36), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("until", BigInteger, nullable=False, index=True),
)

brands = Table(
    "brands",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

categories = Table(
    "categories",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("changed_seq", BigInteger, nullable=False, unique=True),
    Column("stock", Integer, nullable=False),  # cards AVAILABLE; for a top-up many or 0
    Column("is_on_sale", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),  # of everything below: tells a change from a repeat
    Column("barcode", String(32)),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("brand_id", String(64), ForeignKey("brands.id"), nullable=False, index=True),
    Column("category_id", String(64), ForeignKey("categories.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("card_kind", String(12)),
    Column("payload", String(12)),
    Column("face_minor", BigInteger, nullable=False),
    Column("wholesale_minor", BigInteger, nullable=False),
    Column("retail_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("fields", Text, nullable=False),
    Column("limit_min", Integer, nullable=False),
    Column("limit_max", Integer, nullable=False),
    Column("limit_step", Integer, nullable=False),
    Column("bans", Text, nullable=False),
    Column("return_rule", String(16), nullable=False),
    Column("qr", Text),
    Column("instructions_zh", Text, nullable=False),
    Column("instructions_en", Text, nullable=False),
    Column("risk_class", String(12), nullable=False),
    Column("leasable", Boolean, nullable=False),
    Column("validity_days", Integer),
    Index("products_on_sale", "is_on_sale", "changed_seq"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("product_id", String(36), ForeignKey("products.id"), nullable=False),
    Column("supplier_batch", Text, nullable=False),
    Column("imported_at", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("kek_id", String(36), nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
)

cards = Table(
    "cards",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("product_id", String(36), nullable=False),
    Column("batch_id", String(36), ForeignKey("batches.id"), nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("sell_by", BigInteger, nullable=False),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("masked", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("reservation_id", String(36), index=True),
    Column("line_id", String(36)),
    Column("printed", String(8)),
    Column("copies", Integer, nullable=False, default=0),
    Index("cards_on_shelf", "product_id", "state", "sell_by", "id"),
    Index("cards_expiring", "state", "sell_by"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("till_id", String(36), ForeignKey("tills.id"), nullable=False),
    Column("sale_id", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("business_date", String(10), nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("evidence", Text),
    Column("reason", Text),
    UniqueConstraint("till_id", "sale_id"),
    Index("reservations_overdue", "state", "expires_at"),
)

reservation_lines = Table(
    "reservation_lines",
    metadata,
    Column("reservation_id", String(36), ForeignKey("reservations.id"), primary_key=True),
    Column("line_id", String(36), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("product_id", String(36), ForeignKey("products.id"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_cost_minor", BigInteger, nullable=False),
    Column("is_top_up", Boolean, nullable=False),
    Column("fields", Text, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("shop_id", String(36), primary_key=True),
    Column("till_id", String(36), primary_key=True),
    Column("sale_id", String(36), primary_key=True),
    Column("step", String(8), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
)

wallets = Table(
    "wallets",
    metadata,
    Column("shop_id", String(36), ForeignKey("shops.id"), primary_key=True),
    Column("currency", String(3), nullable=False),
    Column("balance_minor", BigInteger, nullable=False),
    Column("held_minor", BigInteger, nullable=False),
    Column("credit_limit_minor", BigInteger, nullable=False),
)

journals = Table(
    "journals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("shop_id", String(36), ForeignKey("shops.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("kind", "reference"),
)

postings = Table(
    "postings",
    metadata,
    Column("journal_id", String(36), ForeignKey("journals.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("account", String(64), nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
)

top_ups = Table(
    "top_ups",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("reservation_id", String(36), ForeignKey("reservations.id"), nullable=False, index=True),
    Column("shop_id", String(36), nullable=False),
    Column("line_id", String(36), nullable=False),
    Column("product_id", String(36), nullable=False),
    Column("account", Text, nullable=False),
    Column("face_minor", BigInteger, nullable=False),
    Column("cost_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reference", String(40), nullable=False, unique=True),
    Column("accepted_at", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("supplier_order", Text),
    Column("reason", Text),
    Column("taken_until", BigInteger, nullable=False),
    Index("top_ups_due", "state", "next_at"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("till_id", String(36), ForeignKey("tills.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("prev", String(32), nullable=False),
    Column("hash", String(32), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("till_id", String(36), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("shop_id", String(36), nullable=False),
    Column("what", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
