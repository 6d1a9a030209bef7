"""The day after: what a gateway's bill says beside what the books say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from pos_app.domain.attempt import BEIJING, Attempt, AttemptState
from pos_app.domain.gateway import Bill, BillKind, BillLine
from pos_app.domain.money import Money
from pos_app.domain.refund import Refund

# Bills are ready at ten in the morning of the next day, in Beijing.
READY_AT = timedelta(hours=10)
DAYS_BACK = 7
# Gateways cut their days a little apart from each other and from us.
NEAR = timedelta(days=1)


class Difference(StrEnum):
    UNKNOWN_ORDER = "unknown_order"  # paid there, and these books never heard of it
    NOT_PAID_HERE = "not_paid_here"  # paid there, undone or failed here: it goes back by itself
    MISSING_THERE = "missing_there"  # paid here, and no bill knows of it
    AMOUNT = "amount"  # both know it, with different sums
    UNKNOWN_REFUND = "unknown_refund"  # given back there, and not by us


@dataclass(frozen=True, slots=True)
class BillFinding:
    """One difference; `here` and `there` are the sums, None where one side has none."""

    kind: Difference
    gateway: str
    day: date
    number: str
    here: Money | None
    there: Money | None
    sale_id: str | None = None

    @property
    def key(self) -> str:
        """The same difference found again has the same key."""
        return f"{self.gateway}:{self.kind.value}:{self.number}"


@dataclass(frozen=True, slots=True)
class BillItem:
    """A difference as an item of the attention list; settled by a person, or by itself when `settled_by` is empty."""

    finding: BillFinding
    found_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptBill:
    """A bill that was fetched: `digest` is the SHA-256 of its bytes as they came."""

    gateway: str
    day: date
    fetched_at: datetime
    digest: str
    lines: tuple[BillLine, ...]


def day_in_beijing(at: datetime) -> date:
    return (at + BEIJING).date()


def start_in_beijing(day: date) -> datetime:
    """The instant at which that day begins there."""
    return datetime.combine(day, time(), UTC) - BEIJING


def days_due(now: datetime, since: date, kept: Iterable[date]) -> tuple[date, ...]:
    """The days whose bill should be there by now and is not kept, oldest first, at most a week back and from `since`."""
    last = day_in_beijing(now - READY_AT) - timedelta(days=1)
    have = frozenset(kept)
    days = (last - timedelta(days=back) for back in reversed(range(DAYS_BACK)))
    return tuple(day for day in days if day >= since and day not in have)


def match_bill(
    gateway: str, bill: Bill, attempts: Mapping[str, Attempt], refunds: Mapping[str, Refund]
) -> tuple[BillFinding, ...]:
    """What in this bill the books do not have so; `attempts` by number, `refunds` by theirs, both of any day."""
    found = []
    whole = {attempt.refund_number: attempt for attempt in attempts.values()}
    back: dict[str, int] = {}
    for line in bill.lines:
        if line.kind is BillKind.REFUND:
            back[line.number] = back.get(line.number, 0) + line.amount.minor
    for line in bill.lines:
        attempt = attempts.get(line.number)
        sale_id = None if attempt is None else attempt.sale_id
        if line.kind is BillKind.PAID:
            is_back = back.get(line.number, 0) >= line.amount.minor
            said = _about_payment(line, attempt, is_back=is_back)
        elif line.refund_number in refunds or line.refund_number in whole or _was_undone(attempt):
            said = None
        else:
            said = (Difference.UNKNOWN_REFUND, None)
        if said is not None:
            kind, here = said
            found.append(BillFinding(kind, gateway, bill.day, line.number, here, line.amount, sale_id))
    return tuple(found)


def missing_there(
    gateway: str, day: date, paid: Iterable[Attempt], seen: frozenset[str]
) -> tuple[BillFinding, ...]:
    """Payments of `day` that no bill from the day before to the day after names (`seen`)."""
    return tuple(
        BillFinding(Difference.MISSING_THERE, gateway, day, each.number, each.amount, None, each.sale_id)
        for each in paid
        if each.gateway == gateway
        and each.state is AttemptState.PAID
        and each.ended_at is not None
        and day_in_beijing(each.ended_at) == day
        and each.number not in seen
    )


def _about_payment(
    line: BillLine, attempt: Attempt | None, *, is_back: bool
) -> tuple[Difference, Money | None] | None:
    """`is_back`: the same bill says that all of it went back, as it does of what was undone after it was paid."""
    if attempt is None:
        return Difference.UNKNOWN_ORDER, None
    if attempt.amount != line.amount:
        return Difference.AMOUNT, attempt.amount
    if attempt.state in (AttemptState.FAILED, AttemptState.REVERSED) and not is_back:
        return Difference.NOT_PAID_HERE, Money(0, line.amount.currency)
    return None


def _was_undone(attempt: Attempt | None) -> bool:
    """Undoing a paid order shows as a refund under a number of the gateway's own."""
    undone = (AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED)
    return attempt is not None and attempt.state in undone
