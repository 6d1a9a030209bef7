"""Rows of a sale as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.sale import Sale, SaleLine, SaleState, TopUp, TopUpState
from pos_app.store.rows import instant, maybe_instant, read_masked, read_pairs, read_product

COLUMNS = (
    "id, state, currency, created_at, cashier_id, shift_id, business_date, paid_at, receipt_number, expires_at,"
    " trouble, masked, at, local_hour, total, line_count, first_line, is_open, open_money, is_offline, cools_until,"
    " is_doubtful"
)
LINE_COLUMNS = (
    "line_id, quantity, price, fields, top_up_state, top_up_reference, top_up_reason, refunded, product"
)


def read_lines(
    lines: Iterable[Any], payments: Iterable[Any], currency: Mapping[str, str]
) -> tuple[defaultdict[str, list[SaleLine]], defaultdict[str, list[Payment]]]:
    """Lines and payments by sale, in the order of the rows."""
    lines_of: defaultdict[str, list[SaleLine]] = defaultdict(list)
    payments_of: defaultdict[str, list[Payment]] = defaultdict(list)
    for sale_id, *columns in lines:
        lines_of[sale_id].append(_line(columns, currency[sale_id]))
    for sale_id, tender, amount, received, change, reference in payments:
        name = currency[sale_id]
        payments_of[sale_id].append(
            Payment(
                Tender(tender), Money(amount, name), Money(received, name), Money(change, name), reference
            )
        )
    return lines_of, payments_of


def sale_of(row: Any, lines: tuple[SaleLine, ...], payments: tuple[Payment, ...]) -> Sale:
    return Sale(
        id=row[0],
        currency=row[2],
        lines=lines,
        state=SaleState(row[1]),
        created_at=instant(row[3]),
        cashier_id=row[4],
        shift_id=row[5],
        business_date=date.fromisoformat(row[6]),
        paid_at=maybe_instant(row[7]),
        receipt_number=row[8],
        payments=payments,
        expires_at=maybe_instant(row[9]),
        trouble=row[10],
        masked=read_masked(row[11]),
        is_offline=bool(row[19]),
        cools_until=maybe_instant(row[20]),
        is_doubtful=bool(row[21]),
    )


def _line(columns: list[Any], currency: str) -> SaleLine:
    line_id, quantity, price, fields, state, reference, reason, refunded, product = columns
    return SaleLine(
        line_id,
        read_product(product),
        quantity,
        Money(price, currency),
        read_pairs(fields),
        None if state is None else TopUp(TopUpState(state), reference, reason),
        None if refunded is None else Money(refunded, currency),
    )
