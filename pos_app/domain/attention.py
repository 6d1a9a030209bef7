"""The attention list: everything that is not finished, what it waits for, and whether a person must act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pos_app.domain.attempt import Attempt
from pos_app.domain.bill import BillItem
from pos_app.domain.ledger import LedgerEntry, LedgerRefusal
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.refund import Refund
from pos_app.domain.sale import FROZEN, Sale, SaleLine, SaleState, is_electronic

# What goes up within this time is nobody's business: it is the time between two heartbeats and a little more.
TOLD_AFTER = timedelta(minutes=1)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Waits(StrEnum):
    """What a thing waits for."""

    LEDGER_REFUSED = "ledger_refused"  # the platform does not take this till's ledger
    GIVE_BACK = "give_back"  # money goes back for a line
    SLIP_ASKED = "slip_asked"  # did the slip come out?
    SLIP_FAILED = "slip_failed"  # it did not
    MESSAGE_DEAD = "message_dead"  # the platform refused a message for good
    BILL = "bill"  # a gateway's bill and the books differ
    SLIP_DUE = "slip_due"  # it prints by itself
    CODE = "code"  # paid; the platform owes the code
    TOP_UP = "top_up"  # on its way to the account
    PAYMENT = "payment"  # a wallet's answer is not certain, or it is being undone
    REFUND = "refund"  # money on its way back to a wallet
    UNPAID = "unpaid"  # the goods are set aside, nobody has paid
    LETTING_GO = "letting_go"  # the platform must hear that it was cancelled
    WITHDRAWING = "withdrawing"  # the platform must hear that its goods are not wanted any more
    UNSENT = "unsent"  # what happened here has not reached the platform yet

    @property
    def needs_person(self) -> bool:
        """Nothing comes of it by itself."""
        return self in _PEOPLE

    @property
    def asks_gateway(self) -> bool:
        """As with the platform: by itself, or at once when someone says so."""
        return self in (Waits.PAYMENT, Waits.REFUND)

    @property
    def asks_platform(self) -> bool:
        """By itself at every heartbeat, or at once when someone says so."""
        return self in (Waits.CODE, Waits.TOP_UP, Waits.LETTING_GO) or self.tells_platform

    @property
    def tells_platform(self) -> bool:
        """It goes up with the ledger and the messages."""
        return self in (Waits.WITHDRAWING, Waits.UNSENT, Waits.LEDGER_REFUSED)


_PEOPLE = (
    Waits.LEDGER_REFUSED,
    Waits.GIVE_BACK,
    Waits.SLIP_ASKED,
    Waits.SLIP_FAILED,
    Waits.MESSAGE_DEAD,
    Waits.BILL,
)


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One thing that is open since `since`; what it is about is the one field of the last rows that is filled.

    `next_at` is when the till tries by itself again, None where it does so at every heartbeat or not at all.
    `count` is how many rows an UNSENT or a LEDGER_REFUSED has; `money` is None where it is about none.
    """

    waits: Waits
    sale_id: str
    number: str | None
    since: datetime | None
    money: Money | None
    goods: tuple[SaleLine, ...] = ()
    next_at: datetime | None = None
    count: int = 1
    codes_at: datetime | None = None  # the platform hands the codes over then
    is_frozen: bool = False  # or later, or never: it looks at the sale
    can_stand_in: bool = False  # what is held here could be given in place of the codes that do not come
    refused: str | None = None  # why the platform does not hand over for now
    is_doubtful: bool = False  # an old copy was put back: perhaps it is done already
    is_electronic: bool = False  # paid by a wallet, at least in part
    line: SaleLine | None = None
    paper: Paper | None = None
    attempt: Attempt | None = None
    refund: Refund | None = None
    bill: BillItem | None = None
    message: Message | None = None
    refusal: LedgerRefusal | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The same thing after the list was read again."""
        return (self.sale_id, self.waits.value, self.about)

    @property
    def about(self) -> str:
        """The name of what it is about: of a paper, payment, refund, difference, message or line."""
        if self.paper is not None:
            return self.paper.id
        if self.attempt is not None:
            return self.attempt.number
        if self.refund is not None:
            return self.refund.number
        if self.bill is not None:
            return self.bill.finding.key
        if self.message is not None:
            return self.message.id
        return self.line.line_id if self.line is not None else ""


def of_sale(
    sale: Sale, papers: Iterable[Paper], attempts: Iterable[Attempt], refunds: Iterable[Refund]
) -> tuple[AttentionItem, ...]:
    """Everything that is open in one sale, but for its messages."""
    whole = _about(sale, Waits.UNPAID)
    found = [
        replace(whole, waits=Waits.GIVE_BACK, money=line.kept, goods=(line,), line=line)
        for line in sale.refund_lines
    ]
    waiting = [(paper, _PAPERS[paper.state]) for paper in papers if paper.state in _PAPERS]
    # Papers that are due come out behind the one that somebody has to look at: they are no thing of their own.
    stuck = [(paper, waits) for paper, waits in waiting if waits.needs_person]
    found += [replace(whole, waits=waits, paper=paper) for paper, waits in stuck or waiting[:1]]
    if sale.state in (SaleState.DONE, SaleState.HAVE):
        found += [
            replace(whole, waits=Waits.TOP_UP, money=line.total, goods=(line,), line=line)
            for line in sale.open_top_ups
        ]
    live = [each for each in attempts if each.is_live]
    found += [
        replace(
            whole,
            waits=Waits.PAYMENT,
            money=each.amount,
            attempt=each,
            since=each.sent_at,
            next_at=each.next_at,
        )
        for each in live
    ]
    found += [
        replace(
            whole, waits=Waits.REFUND, money=each.amount, refund=each, since=each.at, next_at=each.next_at
        )
        for each in refunds
        if each.next_at is not None
    ]
    if sale.state in _SALES and not (live and sale.state is SaleState.RESERVED):
        is_frozen = sale.trouble == FROZEN
        waiting_for = replace(whole, waits=_SALES[sale.state], codes_at=sale.codes_at, is_frozen=is_frozen)
        found.append(replace(waiting_for, refused=sale.refused))
    return tuple(found)


def of_bill(bill: BillItem, currency: str) -> AttentionItem:
    """A difference as a thing to do."""
    finding = bill.finding
    money = finding.there or finding.here or Money(0, currency)
    return AttentionItem(Waits.BILL, finding.sale_id or "", finding.number, bill.found_at, money, bill=bill)


def is_told_alone(message: Message) -> bool:
    """A person must see to it, or a sale is open for it; the others are told as one."""
    return message.state is MessageState.DEAD or message.kind is MessageKind.WITHDRAW


def of_message(message: Message, sale: Sale) -> AttentionItem:
    """A message that is told alone; no money waits for it."""
    is_dead = message.state is MessageState.DEAD
    return replace(
        _about(sale, Waits.MESSAGE_DEAD if is_dead else Waits.WITHDRAWING),
        money=None,
        since=message.since,
        next_at=None if is_dead else message.next_try_at,
        message=message,
    )


def of_refusal(refusal: LedgerRefusal, entries: int) -> AttentionItem:
    """A ledger that the platform does not take; so many entries of it wait."""
    made = AttentionItem(Waits.LEDGER_REFUSED, "", None, refusal.since, None, refusal=refusal)
    return replace(made, next_at=refusal.next_try_at, count=entries)


def of_unsent(
    messages: Sequence[Message], entries: int, oldest: LedgerEntry | None, now: datetime
) -> AttentionItem | None:
    """What waits for the line, as one: `messages` that are told together and so many ledger entries.

    None while the oldest of it is younger than TOLD_AFTER.
    """
    times = [each.since for each in messages] + ([oldest.at] if oldest is not None else [])
    if not times or now - min(times) < TOLD_AFTER:
        return None
    tried = [each for each in messages if each.tries]
    return AttentionItem(
        Waits.UNSENT,
        "",
        None,
        min(times),
        None,
        next_at=min((each.next_try_at for each in tried), default=None),
        count=len(messages) + entries,
        message=tried[0] if tried else None,
    )


def unsent_in(items: Iterable[AttentionItem]) -> int:
    """How much the platform should have heard by now, and has not."""
    return sum(item.count for item in items if item.waits.tells_platform or item.waits is Waits.MESSAGE_DEAD)


def in_order(items: Iterable[AttentionItem]) -> tuple[AttentionItem, ...]:
    """A refused ledger first, then what waits for people, then the rest; the oldest stays first in each."""
    return tuple(sorted(items, key=lambda item: (_rank(item.waits), item.since or _BEFORE_ALL)))


def _rank(waits: Waits) -> int:
    if waits is Waits.LEDGER_REFUSED:
        return 0
    return 1 if waits.needs_person else 2


def _about(sale: Sale, waits: Waits) -> AttentionItem:
    since = sale.paid_at or sale.created_at
    return AttentionItem(
        waits,
        sale.id,
        sale.receipt_number,
        since,
        sale.total,
        sale.lines,
        is_electronic=is_electronic(sale),
        is_doubtful=sale.is_doubtful,
    )


_PAPERS = {
    PaperState.UNKNOWN: Waits.SLIP_ASKED,
    PaperState.FAILED: Waits.SLIP_FAILED,
    PaperState.DUE: Waits.SLIP_DUE,
    PaperState.PRINTING: Waits.SLIP_DUE,
}
_SALES = {
    SaleState.PAID: Waits.CODE,
    SaleState.CONFIRMING: Waits.CODE,
    SaleState.RESERVING: Waits.UNPAID,
    SaleState.RESERVED: Waits.UNPAID,
    SaleState.CANCELLING: Waits.LETTING_GO,
}
