"""A wallet's account over time: movements between an opening and a closing balance."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One journal as the wallet sees it: `amount` is positive when money came in, negative when it went out."""

    journal_id: str
    at: datetime
    kind: str
    reference: str
    amount: Money
    actor: str
    note: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Every movement from `since` until before `until`. Raises ValueError when the sums do not meet."""

    shop_id: str
    since: datetime
    until: datetime
    opening: Money
    movements: tuple[Movement, ...]
    closing: Money

    def __post_init__(self) -> None:
        moved = Money.sum((movement.amount for movement in self.movements), self.opening.currency)
        if self.opening + moved != self.closing:
            raise ValueError("opening balance and movements do not add up to the closing balance")


def write_statement(statement: Statement) -> str:
    """CSV: a row for each movement with the balance after it, between the opening and the closing one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("at", "kind", "reference", "in_minor", "out_minor", "balance_minor", "actor", "note"))
    writer.writerow((statement.since.isoformat(), "opening", "", "", "", statement.opening.minor, "", ""))
    balance = statement.opening
    for each in statement.movements:
        balance = balance + each.amount
        came, went = max(0, each.amount.minor), max(0, -each.amount.minor)
        words = map(plain_cell, (each.actor, each.note))
        reference = plain_cell(each.reference.removeprefix(f"{statement.shop_id}:"))
        writer.writerow((each.at.isoformat(), each.kind, reference, came, went, balance.minor, *words))
    writer.writerow((statement.until.isoformat(), "closing", "", "", "", statement.closing.minor, "", ""))
    return text.getvalue()


def plain_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
