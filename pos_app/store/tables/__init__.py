"""The schema: money in minor units, times in microseconds UTC, dates as ISO text."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    select,
    text,
)

from pos_app.domain.card_code import CardState
from pos_app.domain.catalogue import Payload
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.sale import SaleState, TopUpState
from pos_app.domain.shift import Direction
from pos_app.domain.staff import Role
from pos_app.store.tables.columns import metadata, one_of, single, table, text_column, whole
from pos_app.store.tables.leases import leased_cards, leases, rolled_back
from pos_app.store.tables.messages import is_withdrawing, ledger_refusals, outbox
from pos_app.store.tables.money import attempts, bill_items, bills, refunds
from pos_app.store.tables.signed import log_checkpoints, receipts

__all__ = [  # what other files of this room make
    "attempts",
    "bill_items",
    "bills",
    "leased_cards",
    "leases",
    "ledger_refusals",
    "log_checkpoints",
    "metadata",
    "outbox",
    "receipts",
    "refunds",
    "rolled_back",
]

# --- The till and its people ---

enrolment = table(
    "enrolment",
    *single(),
    text_column("shop_id"),
    text_column("shop_name"),
    text_column("till_id"),
    text_column("till_code"),
    whole("epoch"),
    text_column("currency"),
    text_column("address"),
    text_column("platform_key"),
)
account = table(
    "account",
    *single(),
    whole("balance"),
    whole("held"),
    whole("credit_limit"),
    text_column("currency"),
    whole("told_at"),
)
counters = table(
    "counters", text_column("name", primary_key=True), whole("value", CheckConstraint("value >= 0"))
)
people = table(
    "people",
    text_column("id", primary_key=True),
    text_column("name"),
    text_column("role"),
    text_column("pin_hash"),
    whole("wrong_tries", CheckConstraint("wrong_tries >= 0")),
    whole("locked_at", nullable=True),
    whole("is_active", CheckConstraint("is_active IN (0, 1)")),
    one_of("role", Role),
)

# --- The catalogue: `data` is what is the product's own, as JSON (see `product_rows.py`) ---

products = table(
    "products",
    whole("num", primary_key=True),
    text_column("id", unique=True),
    text_column("barcode", nullable=True),
    text_column("category_id"),
    text_column("carrier", nullable=True),
    whole("face"),
    whole("traits"),
    Column("data", LargeBinary, nullable=False),
    Index("products_by_barcode", "barcode", sqlite_where=text("barcode IS NOT NULL")),
    Index("products_by_carrier", "face", "carrier", sqlite_where=text("carrier IS NOT NULL")),
    Index("products_by_category", "category_id"),
    rowid=True,
)
product_traits = table(
    "product_traits",
    whole("digest", primary_key=True),
    Column("data", LargeBinary, nullable=False),
    rowid=True,
)
# All that ranking asks of a hit: a narrow table stays in the page cache, the products do not.
product_marks = table(
    "product_marks",
    whole("num", primary_key=True),
    whole("digest"),
    whole("is_sold_out", CheckConstraint("is_sold_out IN (0, 1)")),
    rowid=True,
)
categories = table(
    "categories",
    whole("num", primary_key=True),
    text_column("id", unique=True),
    text_column("zh"),
    text_column("en"),
    rowid=True,
)
seen_products = table("seen_products", whole("num", primary_key=True), rowid=True)
# `num` is the product's for ever, also while the platform does not offer it.
sold_products = table(
    "sold_products",
    whole("num", primary_key=True),
    text_column("product_id", unique=True),
    whole("sold"),
    rowid=True,
)
catalogue_state = table(
    "catalogue_state",
    *single(),
    whole("total"),
    text_column("cursor", nullable=True),
    whole("synced_at", nullable=True),
    whole("is_full_running", CheckConstraint("is_full_running IN (0, 1)")),
)

# One column of tokens, each saying by itself what it is for (see `search_index.py`).
# The small index holds what is sold here, so that a broad query finds it without walking everything.
SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE {name} USING fts5(words, content='', contentless_delete=1, tokenize='ascii')"
)
# A leaf of the index fits into one page of the file: SQLCipher keeps 80 of its 4,096 bytes for itself.
SEARCH_INDEX_LEAF = "INSERT INTO {name} ({name}, rank) VALUES ('pgsz', 3900)"
SEARCH_INDEXES = ("product_index", "sold_index")

# --- Sales ---

sales = table(
    "sales",
    text_column("id", primary_key=True),
    text_column("state"),
    text_column("currency"),
    whole("created_at"),
    text_column("cashier_id", nullable=True),
    text_column("shift_id", nullable=True),
    text_column("business_date"),
    whole("paid_at", nullable=True),
    text_column("receipt_number", nullable=True, unique=True),
    whole("expires_at", nullable=True),
    text_column("trouble", nullable=True),
    text_column("masked"),
    whole("at"),
    whole("local_hour", CheckConstraint("local_hour BETWEEN 0 AND 23")),
    whole("total", CheckConstraint("total >= 0")),
    whole("line_count", CheckConstraint("line_count > 0")),
    text_column("first_line"),
    whole("is_open", CheckConstraint("is_open IN (0, 1)")),
    whole("open_money", CheckConstraint("open_money >= 0")),
    whole("is_offline", CheckConstraint("is_offline IN (0, 1)"), server_default=text("0")),
    whole("cools_until", nullable=True),
    whole("is_doubtful", CheckConstraint("is_doubtful IN (0, 1)"), server_default=text("0")),
    one_of("state", (state for state in SaleState if state is not SaleState.BASKET)),
    CheckConstraint("(paid_at IS NULL) = (receipt_number IS NULL)"),
    Index("sales_by_day", "business_date", "at"),
    Index("sales_by_total", "total"),
    Index("sales_open", "is_open", sqlite_where=text("is_open = 1")),
)
sale_lines = table(
    "sale_lines",
    whole("num", primary_key=True),
    text_column("sale_id", ForeignKey("sales.id")),
    text_column("line_id"),
    whole("position"),
    text_column("product_id"),
    whole("quantity", CheckConstraint("quantity > 0")),
    whole("price", CheckConstraint("price >= 0")),
    whole("cost", CheckConstraint("cost >= 0")),
    text_column("fields"),
    text_column("account_end", nullable=True),
    text_column("top_up_state", nullable=True),
    text_column("top_up_reference", nullable=True),
    text_column("top_up_reason", nullable=True),
    whole("refunded", nullable=True),
    Column("product", LargeBinary, nullable=False),
    one_of("top_up_state", TopUpState),
    UniqueConstraint("sale_id", "line_id"),
    Index("sale_lines_by_account_end", "account_end", sqlite_where=text("account_end IS NOT NULL")),
    rowid=True,
)
payments = table(
    "payments",
    text_column("sale_id", ForeignKey("sales.id"), primary_key=True),
    whole("position", primary_key=True),
    text_column("tender", CheckConstraint("tender <> ''")),
    whole("amount"),
    whole("received"),
    whole("change"),
    text_column("reference", nullable=True),
)
basket = table("basket", *single(), Column("sale", LargeBinary, nullable=False))
cards = table(
    "cards",
    text_column("sale_id", primary_key=True),
    text_column("line_id", primary_key=True),
    # I1: a card belongs to one sale, whatever becomes of either.
    text_column("card_id", primary_key=True, unique=True),
    text_column("product_id"),
    text_column("payload"),
    whole("face"),
    text_column("currency"),
    Column("sealed", LargeBinary),
    text_column("state"),
    whole("copies", CheckConstraint("copies >= 0")),
    whole("acked_at", nullable=True),
    whole("epoch", nullable=True),
    text_column("lease_id", nullable=True),
    one_of("payload", Payload),
    one_of("state", CardState),
    ForeignKeyConstraint(["sale_id", "line_id"], ["sale_lines.sale_id", "sale_lines.line_id"]),
    Index("cards_not_told", "sale_id", sqlite_where=text("lease_id IS NOT NULL AND acked_at IS NULL")),
    Index("cards_to_shred", "acked_at", sqlite_where=text("sealed IS NOT NULL AND acked_at IS NOT NULL")),
)
papers = table(
    "papers",
    whole("num", primary_key=True),
    text_column("id", unique=True),
    text_column("kind"),
    text_column("sale_id", ForeignKey("sales.id"), nullable=True),
    text_column("subject"),
    whole("copy", CheckConstraint("copy > 0")),
    text_column("state"),
    whole("made_at"),
    text_column("cause", nullable=True),
    one_of("kind", PaperKind),
    one_of("state", PaperState),
    Index("papers_by_sale", "sale_id", sqlite_where=text("sale_id IS NOT NULL")),
    Index("papers_unsettled", "sale_id", sqlite_where=text("state <> 'printed'")),
    rowid=True,
)

# A sale is open while a step, a top-up or a refund of it is, or a paper that has not come out, or a withdrawal that
# the platform has not taken.
open_ids = (
    select(sales.c.id)
    .where(sales.c.is_open == 1)
    .union(
        select(papers.c.sale_id).where(papers.c.sale_id.is_not(None), text("papers.state <> 'printed'")),
        select(outbox.c.sale_id).where(is_withdrawing),
    )
)

# --- What the platform must hear ---

ledger = table(
    "ledger",
    whole("num", primary_key=True),
    text_column("till"),
    whole("epoch"),
    whole("seq", CheckConstraint("seq > 0")),
    text_column("prev"),
    text_column("digest"),
    whole("at"),
    text_column("business_date"),
    text_column("kind"),
    text_column("body"),
    text_column("kid", nullable=True),
    text_column("sig", nullable=True),
    CheckConstraint("(kid IS NULL) = (sig IS NULL)"),
    UniqueConstraint("epoch", "seq"),
    Index("ledger_by_time", "epoch", "at"),
    rowid=True,
)
ledger_acks = table("ledger_acks", whole("epoch", primary_key=True), whole("seq"))
# --- Shifts and figures ---

shifts = table(
    "shifts",
    text_column("id", primary_key=True),
    text_column("opened_by"),
    text_column("opened_by_name"),
    whole("opened_at"),
    whole("opening_cash"),
    text_column("currency"),
    text_column("business_date"),
    whole("closed_at", nullable=True),
    Column("closing", LargeBinary),
    CheckConstraint("(closed_at IS NULL) = (closing IS NULL)"),
    Index(
        "shifts_one_open", text("(closed_at IS NULL)"), unique=True, sqlite_where=text("closed_at IS NULL")
    ),
    Index("shifts_closed", "closed_at", sqlite_where=text("closed_at IS NOT NULL")),
)
cash_movements = table(
    "cash_movements",
    whole("num", primary_key=True),
    text_column("id", unique=True),
    text_column("shift_id", ForeignKey("shifts.id"), index=True),
    text_column("direction"),
    whole("amount", CheckConstraint("amount >= 0")),
    text_column("currency"),
    text_column("reason"),
    text_column("cashier_id"),
    whole("at"),
    one_of("direction", Direction),
    rowid=True,
)
shift_sums = table(
    "shift_sums",
    text_column("shift_id", primary_key=True),
    text_column("tender", primary_key=True),
    whole("sales"),
    whole("taken"),
    whole("given_back"),
)
day_sums = table(
    "day_sums",
    text_column("day", primary_key=True),
    text_column("kind", primary_key=True),
    text_column("key", primary_key=True),
    text_column("zh"),
    text_column("en"),
    whole("number"),
    whole("takings"),
    whole("margin"),
    whole("refunds"),
    one_of("kind", ("day", "hour", "product", "tender", "cashier")),
)
