"""Turns sales that are not finished into things to do, one for each line or paper that waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pos_app.domain.attempt import Attempt
from pos_app.domain.bill import BillItem
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.refund import Refund
from pos_app.domain.sale import FROZEN, SaleLine, SaleState, is_electronic
from pos_app.shop import SaleView


class Waits(StrEnum):
    """What a thing waits for; the first three wait for a person."""

    GIVE_BACK = "give_back"  # money goes back for a line
    SLIP_ASKED = "slip_asked"  # did the slip come out?
    SLIP_FAILED = "slip_failed"  # it did not
    SLIP_DUE = "slip_due"  # it prints by itself
    CODE = "code"  # paid; the platform owes the code
    TOP_UP = "top_up"  # on its way to the account
    PAYMENT = "payment"  # a wallet's answer is not certain, or it is being undone
    REFUND = "refund"  # money on its way back to a wallet
    BILL = "bill"  # a gateway's bill and the books differ
    UNPAID = "unpaid"  # the goods are set aside, nobody has paid
    LETTING_GO = "letting_go"  # the platform must hear that it was cancelled

    @property
    def needs_person(self) -> bool:
        return self in (Waits.GIVE_BACK, Waits.SLIP_ASKED, Waits.SLIP_FAILED, Waits.BILL)

    @property
    def asks_gateway(self) -> bool:
        """As with the platform: by itself, or at once when someone says so."""
        return self in (Waits.PAYMENT, Waits.REFUND)

    @property
    def asks_platform(self) -> bool:
        """By itself at every heartbeat, or at once when someone says so."""
        return self in (Waits.CODE, Waits.TOP_UP, Waits.LETTING_GO)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is open; `line` or `paper` says what it is about."""

    waits: Waits
    sale_id: str
    number: str | None
    since: datetime | None
    money: Money
    goods: tuple[SaleLine, ...]
    line: SaleLine | None = None
    paper: Paper | None = None
    codes_at: datetime | None = None  # the platform hands the codes over then
    is_frozen: bool = False  # or later, or never: it looks at the sale
    is_electronic: bool = False  # paid by a wallet, at least in part
    attempt: Attempt | None = None
    refund: Refund | None = None
    bill: BillItem | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The same thing after the list was read again."""
        return (self.sale_id, self.waits.value, self.about)

    @property
    def about(self) -> str:
        if self.paper is not None:
            return self.paper.id
        if self.attempt is not None:
            return self.attempt.number
        if self.refund is not None:
            return self.refund.number
        if self.bill is not None:
            return self.bill.finding.key
        return self.line.line_id if self.line is not None else ""


def items_of(view: SaleView) -> tuple[Item, ...]:
    """Everything that is open in one sale."""
    sale = view.sale
    since = sale.paid_at or sale.created_at

    def item(waits: Waits, money: Money, line: SaleLine | None = None, paper: Paper | None = None) -> Item:
        goods = (line,) if line is not None else sale.lines
        made = Item(waits, sale.id, sale.receipt_number, since, money, goods, line, paper)
        return replace(made, is_electronic=is_electronic(sale))

    found = [item(Waits.GIVE_BACK, line.kept, line) for line in sale.refund_lines]
    papers = [(paper, _PAPERS[paper.state]) for paper in view.papers if paper.state in _PAPERS]
    # Papers that are due come out behind the one that somebody has to look at: they are no thing of their own.
    stuck = [(paper, waits) for paper, waits in papers if waits.needs_person]
    found += [item(waits, sale.total, paper=paper) for paper, waits in stuck or papers[:1]]
    if sale.state is SaleState.DONE or sale.state is SaleState.HAVE:
        found += [item(Waits.TOP_UP, line.total, line) for line in sale.open_top_ups]
    pays = [each for each in view.attempts if each.is_live]
    found += [replace(item(Waits.PAYMENT, each.amount), attempt=each, since=each.sent_at) for each in pays]
    found += [
        replace(item(Waits.REFUND, each.amount), refund=each, since=each.at)
        for each in view.refunds
        if each.next_at is not None
    ]
    if sale.state in _SALES and not (pays and sale.state is SaleState.RESERVED):
        waiting = item(_SALES[sale.state], sale.total)
        found.append(replace(waiting, codes_at=sale.codes_at, is_frozen=sale.trouble == FROZEN))
    return tuple(found)


def item_of_bill(bill: BillItem, currency: str) -> Item:
    """A difference as a thing to do."""
    finding = bill.finding
    money = finding.there or finding.here or Money(0, currency)
    return Item(Waits.BILL, finding.sale_id or "", finding.number, bill.found_at, money, (), bill=bill)


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
