"""What a shop bought and got back on one business date, closed for ever once it is settled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from platform_server.domain.days import BusinessDays
from platform_server.domain.money import Money

SALE = "sale"
SALE_BACK = "sale_back"
NOT_SETTLED = ("funding", "debit")  # an operator's bookings: they stand in the statement
_RECEIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class SoldLine:
    """One line of a sale as it was charged: `unit_cost` for one piece."""

    line_id: str
    product_id: str
    quantity: int
    unit_cost: Money
    is_top_up: bool


@dataclass(frozen=True, slots=True)
class MovedMoney:
    """A journal that moved a wallet, with the sale it is about (all None or empty when it is about none).

    `amount` is positive when the wallet got it. `line_id` is set when only that line is meant.
    """

    journal_id: str
    kind: str
    reference: str
    at: datetime
    amount: Money
    till_id: str | None = None
    sale_id: str | None = None
    sale_day: date | None = None
    line_id: str | None = None
    sold: tuple[SoldLine, ...] = ()
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class SettledLine:
    """One line of a settlement: `cost` was charged to the wallet, or returned to it."""

    day: date
    kind: str
    is_charge: bool
    till_id: str
    sale_id: str
    receipt_number: str
    line_id: str
    product_id: str
    quantity: int
    unit_cost: Money
    cost: Money
    journal_id: str
    reference: str
    at: datetime

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the till's ledger can know it by."""
        return self.kind, self.till_id, self.sale_id, self.line_id


@dataclass(frozen=True, slots=True)
class Settlement:
    """All lines of a shop that were not settled before and whose business date is not after `day`."""

    shop_id: str
    day: date
    currency: str
    days: BusinessDays
    made_at: datetime
    lines: tuple[SettledLine, ...]

    @property
    def charged(self) -> Money:
        """What the wallet paid."""
        return Money.sum((line.cost for line in self.lines if line.is_charge), self.currency)

    @property
    def returned(self) -> Money:
        """What the wallet got back."""
        return Money.sum((line.cost for line in self.lines if not line.is_charge), self.currency)


@dataclass(frozen=True, slots=True)
class SettlementSeal:
    """What is kept of a settlement beside its journals: its sums, the hash of its file, and who signed it."""

    shop_id: str
    day: date
    days: BusinessDays
    made_at: datetime
    count: int
    charged: Money
    returned: Money
    digest: str
    keyid: str
    signature: bytes


def lines_of(moved: MovedMoney, days: BusinessDays) -> tuple[SettledLine, ...]:
    """The lines of one journal; together they are its amount, also when it cannot be told apart by lines."""
    amount = Money(abs(moved.amount.minor), moved.amount.currency)
    sold = _meant(moved)
    if (
        len(sold) != 1
        and Money.sum((each.unit_cost * each.quantity for each in sold), amount.currency) != amount
    ):
        sold = ()
    if not sold:
        sold = (SoldLine(moved.line_id or "", "", 0, Money(0, amount.currency), is_top_up=False),)
    is_sale = moved.kind == SALE and moved.sale_day is not None
    return tuple(
        SettledLine(
            day=moved.sale_day if is_sale and moved.sale_day else days.date_of(moved.at),
            kind=moved.kind,
            is_charge=moved.amount.minor < 0,
            till_id=moved.till_id or "",
            sale_id=moved.sale_id or "",
            receipt_number=moved.receipt_number,
            line_id=line.line_id,
            product_id=line.product_id,
            quantity=line.quantity,
            unit_cost=line.unit_cost,
            cost=amount if len(sold) == 1 else line.unit_cost * line.quantity,
            journal_id=moved.journal_id,
            reference=moved.reference,
            at=moved.at,
        )
        for line in sold
    )


def _meant(moved: MovedMoney) -> Sequence[SoldLine]:
    """A top-up that failed had its money back before its sale was cancelled."""
    if moved.line_id is not None:
        return [line for line in moved.sold if line.line_id == moved.line_id]
    if moved.kind == SALE_BACK:
        return [line for line in moved.sold if not line.is_top_up]
    return moved.sold


def plain_receipt_number(told: object) -> str:
    """A receipt number as a till's ledger tells it, if it is one; else nothing: it goes into a spreadsheet."""
    return told if isinstance(told, str) and _RECEIPT.fullmatch(told) else ""
