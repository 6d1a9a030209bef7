"""Money from the customer: tenders, payments, change, and what notes a cashier is likely to be handed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.errors import CashTooLow
from pos_app.domain.money import Money

# Notes that customers hand over, in minor units, largest first (People's Bank of China, fifth series).
NOTES = {"CNY": (10000, 5000, 2000, 1000, 500, 100)}
MOST_CASH_MINOR = 10_000_000


class Tender(StrEnum):
    """A way to pay: cash, or the wallet that the money came from."""

    CASH = "cash"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"
    ECNY = "ecny"


@dataclass(frozen=True, slots=True)
class Payment:
    """One sum taken by one tender: `amount` counts for the sale, `received` was handed over, `change` handed back."""

    tender: Tender
    amount: Money
    received: Money
    change: Money
    reference: str | None = None


def pay_cash(total: Money, received: Money) -> Payment:
    """The whole of `total` in cash; CashTooLow when less was handed over."""
    if received < total:
        raise CashTooLow(total=total, received=received)
    return Payment(Tender.CASH, total, received, received - total)


def likely_cash(total: Money, most: int = 5) -> tuple[Money, ...]:
    """Sums that customers are likely to hand over for `total`, exact first, then rising: one key each."""
    sums = {total.minor}
    for note in NOTES.get(total.currency, ()):
        rounded = -(-total.minor // note) * note
        sums.add(rounded)
    return tuple(Money(minor, total.currency) for minor in sorted(sums)[:most])
