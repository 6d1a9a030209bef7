"""The schema on one page: money in minor units, times in microseconds UTC, dates as ISO text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    select,
    text,
)

from pos_app.domain.card_code import CardState
from pos_app.domain.catalogue import Payload
from pos_app.domain.outbox import MessageKind, MessageState
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.sale import SaleState, TopUpState
from pos_app.domain.shift import Direction
from pos_app.domain.staff import Role


def _first_column(constraint: Any, _table: Any) -> str:
    found = re.search(r"\w+", str(constraint.sqltext))
    return found.group() if found else ""


# Every check has a name: a later step that rebuilds a table would lose those that have none.
metadata = MetaData(
    naming_convention={
        "first_column": _first_column,
        "ck": "%(table_name)s_%(first_column)s",
        "ix": "%(table_name)s_%(column_0_name)s",
    }
)


def _whole(name: str, *more: Any, **said: Any) -> Column[int]:
    return Column(name, Integer, *more, nullable=said.pop("nullable", False), **said)


def _text(name: str, *more: Any, **said: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=said.pop("nullable", False), **said)


def _one_of(column: str, values: Iterable[StrEnum | str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(value)) for value in values)})")


def _table(name: str, *items: Any, rowid: bool = False) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


def _single() -> Any:
    return _whole("one", primary_key=True), CheckConstraint("one = 1")


# --- The till and its people ---

enrolment = _table(
    "enrolment",
    *_single(),
    _text("shop_id"),
    _text("shop_name"),
    _text("till_id"),
    _text("till_code"),
    _whole("epoch"),
    _text("currency"),
    _text("address"),
    _text("platform_key"),
)
account = _table(
    "account",
    *_single(),
    _whole("balance"),
    _whole("held"),
    _whole("credit_limit"),
    _text("currency"),
    _whole("told_at"),
)
counters = _table("counters", _text("name", primary_key=True), _whole("value", CheckConstraint("value >= 0")))
people = _table(
    "people",
    _text("id", primary_key=True),
    _text("name"),
    _text("role"),
    _text("pin_hash"),
    _whole("wrong_tries", CheckConstraint("wrong_tries >= 0")),
    _whole("locked_at", nullable=True),
    _whole("is_active", CheckConstraint("is_active IN (0, 1)")),
    _one_of("role", Role),
)

# --- The catalogue: `data` is what is the product's own, as JSON (see `product_rows.py`) ---

products = _table(
    "products",
    _whole("num", primary_key=True),
    _text("id", unique=True),
    _text("barcode", nullable=True),
    _text("category_id"),
    _text("carrier", nullable=True),
    _whole("face"),
    _whole("traits"),
    Column("data", LargeBinary, nullable=False),
    Index("products_by_barcode", "barcode", sqlite_where=text("barcode IS NOT NULL")),
    Index("products_by_carrier", "face", "carrier", sqlite_where=text("carrier IS NOT NULL")),
    Index("products_by_category", "category_id"),
    rowid=True,
)
product_traits = _table(
    "product_traits",
    _whole("digest", primary_key=True),
    Column("data", LargeBinary, nullable=False),
    rowid=True,
)
# All that ranking asks of a hit: a narrow table stays in the page cache, the products do not.
product_marks = _table(
    "product_marks",
    _whole("num", primary_key=True),
    _whole("digest"),
    _whole("is_sold_out", CheckConstraint("is_sold_out IN (0, 1)")),
    rowid=True,
)
categories = _table(
    "categories",
    _whole("num", primary_key=True),
    _text("id", unique=True),
    _text("zh"),
    _text("en"),
    rowid=True,
)
seen_products = _table("seen_products", _whole("num", primary_key=True), rowid=True)
# `num` is the product's for ever, also while the platform does not offer it.
sold_products = _table(
    "sold_products",
    _whole("num", primary_key=True),
    _text("product_id", unique=True),
    _whole("sold"),
    rowid=True,
)
catalogue_state = _table(
    "catalogue_state",
    *_single(),
    _whole("total"),
    _text("cursor", nullable=True),
    _whole("synced_at", nullable=True),
    _whole("is_full_running", CheckConstraint("is_full_running IN (0, 1)")),
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

sales = _table(
    "sales",
    _text("id", primary_key=True),
    _text("state"),
    _text("currency"),
    _whole("created_at"),
    _text("cashier_id", nullable=True),
    _text("shift_id", nullable=True),
    _text("business_date"),
    _whole("paid_at", nullable=True),
    _text("receipt_number", nullable=True, unique=True),
    _whole("expires_at", nullable=True),
    _text("trouble", nullable=True),
    _text("masked"),
    _whole("at"),
    _whole("local_hour", CheckConstraint("local_hour BETWEEN 0 AND 23")),
    _whole("total", CheckConstraint("total >= 0")),
    _whole("line_count", CheckConstraint("line_count > 0")),
    _text("first_line"),
    _whole("is_open", CheckConstraint("is_open IN (0, 1)")),
    _whole("open_money", CheckConstraint("open_money >= 0")),
    _one_of("state", (state for state in SaleState if state is not SaleState.BASKET)),
    CheckConstraint("(paid_at IS NULL) = (receipt_number IS NULL)"),
    Index("sales_by_day", "business_date", "at"),
    Index("sales_by_total", "total"),
    Index("sales_open", "is_open", sqlite_where=text("is_open = 1")),
)
sale_lines = _table(
    "sale_lines",
    _whole("num", primary_key=True),
    _text("sale_id", ForeignKey("sales.id")),
    _text("line_id"),
    _whole("position"),
    _text("product_id"),
    _whole("quantity", CheckConstraint("quantity > 0")),
    _whole("price", CheckConstraint("price >= 0")),
    _whole("cost", CheckConstraint("cost >= 0")),
    _text("fields"),
    _text("account_end", nullable=True),
    _text("top_up_state", nullable=True),
    _text("top_up_reference", nullable=True),
    _text("top_up_reason", nullable=True),
    _whole("refunded", nullable=True),
    Column("product", LargeBinary, nullable=False),
    _one_of("top_up_state", TopUpState),
    UniqueConstraint("sale_id", "line_id"),
    Index("sale_lines_by_account_end", "account_end", sqlite_where=text("account_end IS NOT NULL")),
    rowid=True,
)
payments = _table(
    "payments",
    _text("sale_id", ForeignKey("sales.id"), primary_key=True),
    _whole("position", primary_key=True),
    _text("tender", CheckConstraint("tender <> ''")),
    _whole("amount"),
    _whole("received"),
    _whole("change"),
    _text("reference", nullable=True),
)
refunds = _table(
    "refunds",
    _text("sale_id", primary_key=True),
    _text("line_id", primary_key=True),
    _whole("amount", CheckConstraint("amount >= 0")),
    _whole("at"),
    _text("business_date"),
    _text("shift_id", nullable=True),
    ForeignKeyConstraint(["sale_id", "line_id"], ["sale_lines.sale_id", "sale_lines.line_id"]),
)
basket = _table("basket", *_single(), Column("sale", LargeBinary, nullable=False))
cards = _table(
    "cards",
    _text("sale_id", primary_key=True),
    _text("line_id", primary_key=True),
    # I1: a card belongs to one sale, whatever becomes of either.
    _text("card_id", primary_key=True, unique=True),
    _text("product_id"),
    _text("payload"),
    _whole("face"),
    _text("currency"),
    Column("sealed", LargeBinary),
    _text("state"),
    _whole("copies", CheckConstraint("copies >= 0")),
    _whole("acked_at", nullable=True),
    _one_of("payload", Payload),
    _one_of("state", CardState),
    ForeignKeyConstraint(["sale_id", "line_id"], ["sale_lines.sale_id", "sale_lines.line_id"]),
    Index("cards_to_shred", "acked_at", sqlite_where=text("sealed IS NOT NULL AND acked_at IS NOT NULL")),
)
papers = _table(
    "papers",
    _whole("num", primary_key=True),
    _text("id", unique=True),
    _text("kind"),
    _text("sale_id", ForeignKey("sales.id"), nullable=True),
    _text("subject"),
    _whole("copy", CheckConstraint("copy > 0")),
    _text("state"),
    _whole("made_at"),
    _text("cause", nullable=True),
    _one_of("kind", PaperKind),
    _one_of("state", PaperState),
    Index("papers_by_sale", "sale_id", sqlite_where=text("sale_id IS NOT NULL")),
    Index("papers_unsettled", "sale_id", sqlite_where=text("state <> 'printed'")),
    rowid=True,
)

# A sale is open while a step, a top-up or a refund of it is, or a paper that has not come out.
open_ids = (
    select(sales.c.id)
    .where(sales.c.is_open == 1)
    .union(select(papers.c.sale_id).where(papers.c.sale_id.is_not(None), text("papers.state <> 'printed'")))
)

# --- What the platform must hear ---

ledger = _table(
    "ledger",
    _whole("num", primary_key=True),
    _text("till"),
    _whole("epoch"),
    _whole("seq", CheckConstraint("seq > 0")),
    _text("prev"),
    _text("digest"),
    _whole("at"),
    _text("business_date"),
    _text("kind"),
    _text("body"),
    UniqueConstraint("epoch", "seq"),
    rowid=True,
)
ledger_acks = _table("ledger_acks", _whole("epoch", primary_key=True), _whole("seq"))
outbox = _table(
    "outbox",
    _whole("num", primary_key=True),
    _text("id", unique=True),
    _text("kind"),
    _text("sale_id", ForeignKey("sales.id")),
    _text("state"),
    _whole("tries"),
    _whole("next_try_at"),
    _text("reason", nullable=True),
    _one_of("kind", MessageKind),
    _one_of("state", MessageState),
    UniqueConstraint("kind", "sale_id"),
    Index("outbox_unsent", "state", sqlite_where=text("state <> 'sent'")),
    rowid=True,
)

# --- Shifts and figures ---

shifts = _table(
    "shifts",
    _text("id", primary_key=True),
    _text("opened_by"),
    _text("opened_by_name"),
    _whole("opened_at"),
    _whole("opening_cash"),
    _text("currency"),
    _text("business_date"),
    _whole("closed_at", nullable=True),
    Column("closing", LargeBinary),
    CheckConstraint("(closed_at IS NULL) = (closing IS NULL)"),
    Index(
        "shifts_one_open", text("(closed_at IS NULL)"), unique=True, sqlite_where=text("closed_at IS NULL")
    ),
    Index("shifts_closed", "closed_at", sqlite_where=text("closed_at IS NOT NULL")),
)
cash_movements = _table(
    "cash_movements",
    _whole("num", primary_key=True),
    _text("id", unique=True),
    _text("shift_id", ForeignKey("shifts.id"), index=True),
    _text("direction"),
    _whole("amount", CheckConstraint("amount >= 0")),
    _text("currency"),
    _text("reason"),
    _text("cashier_id"),
    _whole("at"),
    _one_of("direction", Direction),
    rowid=True,
)
shift_sums = _table(
    "shift_sums",
    _text("shift_id", primary_key=True),
    _text("tender", primary_key=True),
    _whole("sales"),
    _whole("taken"),
    _whole("given_back"),
)
day_sums = _table(
    "day_sums",
    _text("day", primary_key=True),
    _text("kind", primary_key=True),
    _text("key", primary_key=True),
    _text("zh"),
    _text("en"),
    _whole("number"),
    _whole("takings"),
    _whole("margin"),
    _whole("refunds"),
    _one_of("kind", ("day", "hour", "product", "tender", "cashier")),
)
