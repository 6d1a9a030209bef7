"""Finds past sales by receipt or order number, account, amount, day and hour, newest first."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import between, or_, select

from pos_app.domain.catalogue import Names
from pos_app.domain.money import Money
from pos_app.domain.sale import SaleSearch, SaleState, SaleSummary, is_order_number
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant
from pos_app.store.tables import open_ids, people, sale_lines, sales

_LAST_DIGITS = 4
_MOST_DIGITS = 12
_ORDERED = "SELECT sale_id FROM attempts WHERE number = ? OR gateway_number = ? ORDER BY num DESC LIMIT 1"
_SUMMARY = (
    select(
        sales.c.id,
        sales.c.receipt_number,
        sales.c.state,
        sales.c.at,
        sales.c.business_date,
        sales.c.cashier_id,
        people.c.name,
        sales.c.total,
        sales.c.currency,
        sales.c.first_line,
        sales.c.line_count,
        sales.c.id.in_(open_ids).label("is_open"),
    )
    .outerjoin_from(sales, people, people.c.id == sales.c.cashier_id)
    .order_by(sales.c.business_date.desc(), sales.c.at.desc(), sales.c.id.desc())
)


def find_sales(connection: BooksConnection, search: SaleSearch, till_code: str) -> tuple[SaleSummary, ...]:
    number = search.text.strip()
    if is_order_number(number):
        conditions = _conditions(replace(search, text=""), till_code)
        ordered = connection.run(_ORDERED, (number.upper(), number)).scalar()
        conditions.append(sales.c.id == (ordered or ""))
    else:
        conditions = _conditions(search, till_code)
    found = connection.execute(_SUMMARY.where(*conditions).limit(search.most))
    return tuple(
        SaleSummary(
            row.id,
            row.receipt_number,
            SaleState(row.state),
            instant(row.at),
            date.fromisoformat(row.business_date),
            row.name or row.cashier_id or "",
            Money(row.total, row.currency),
            Names(*json.loads(row.first_line)),
            row.line_count,
            bool(row.is_open),
        )
        for row in found
    )


def _conditions(search: SaleSearch, till_code: str) -> list[Any]:
    conditions: list[Any] = []
    text = search.text.strip().upper()
    if text:
        numbers = [text]
        if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            numbers.append(f"{till_code}-{int(text):06d}")
        by_account = select(sale_lines.c.sale_id).where(sale_lines.c.account_end == text[-_LAST_DIGITS:])
        conditions.append(or_(sales.c.receipt_number.in_(numbers), sales.c.id.in_(by_account)))
    if search.amount is not None:
        conditions += [sales.c.total == search.amount.minor, sales.c.currency == search.amount.currency]
    if search.day is not None:
        conditions.append(sales.c.business_date == search.day.isoformat())
    if search.hours is not None:
        first, last = search.hours
        within = between(sales.c.local_hour, first, last)
        over_midnight = or_(sales.c.local_hour >= first, sales.c.local_hour <= last)
        conditions.append(within if first <= last else over_midnight)
    if search.only_open:
        conditions.append(sales.c.id.in_(open_ids))
    return conditions
