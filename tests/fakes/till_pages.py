"""All that a till in memory keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pos_app.domain.attempt import Attempt
from pos_app.domain.bill import BillItem, KeptBill
from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import Product
from pos_app.domain.lease import Lease, LeasedCard
from pos_app.domain.ledger import AnchorMark, LedgerEntry, LedgerRefusal, LogPoint
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind
from pos_app.domain.paper import Paper
from pos_app.domain.refund import Refund
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.shift import CashMovement, Closing, Shift
from pos_app.domain.signed_receipt import SignedReceipt
from pos_app.domain.staff import Person
from pos_app.domain.till import Account, Enrolment


@dataclass(frozen=True)
class GivenBack:
    """A refund, and the sale as it was with it."""

    refund: Refund
    sale: Sale

    @property
    def line(self) -> SaleLine:
        return self.sale.line(self.refund.line_id)

    @property
    def pieces(self) -> int:
        """The line's pieces leave the figures with the last of its price."""
        return self.line.quantity if self.line.refunded == self.line.total else 0

    @property
    def cost(self) -> Money:
        return self.line.cost if self.pieces else Money(0, self.sale.currency)


@dataclass
class Pages:
    """All that is kept. `copy` is shallow: the values in it are frozen."""

    enrolment: Enrolment | None = None
    account: Account | None = None
    people: dict[str, Person] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    is_full_running: bool = False
    total: int = 0
    cursor: str | None = None
    synced_at: datetime | None = None
    sold: dict[str, int] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    refunds: dict[str, GivenBack] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    attempt_count: int = 0
    bills: dict[tuple[str, date], tuple[KeptBill, bytes]] = field(default_factory=dict)
    bill_items: dict[str, BillItem] = field(default_factory=dict)
    basket: Sale | None = None
    receipts: int = 0
    cards: dict[str, CardCode] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    leased_cards: dict[tuple[str, str], LeasedCard] = field(default_factory=dict)  # by lease and card
    rolled_back: AnchorMark | None = None
    is_anchored: bool = False
    last_event: int = 0
    papers: dict[str, Paper] = field(default_factory=dict)
    ledger: dict[tuple[int, int], LedgerEntry] = field(default_factory=dict)
    points: dict[date, LogPoint] = field(default_factory=dict)
    acked: dict[int, int] = field(default_factory=dict)
    refusals: dict[int, LedgerRefusal] = field(default_factory=dict)
    signed: dict[str, SignedReceipt] = field(default_factory=dict)
    outbox: dict[str, Message] = field(default_factory=dict)
    shift: Shift | None = None
    movements: tuple[CashMovement, ...] = ()
    closings: tuple[Closing, ...] = ()

    def copy(self) -> Pages:
        copies: Any = {key: dict(value) for key, value in vars(self).items() if isinstance(value, dict)}
        return replace(self, **copies)

    @property
    def currency(self) -> str:
        return self.enrolment.currency if self.enrolment else "CNY"

    @property
    def open_sales(self) -> tuple[Sale, ...]:
        waiting = {paper.sale_id for paper in self.papers.values() if not paper.is_settled}
        withdrawing = {
            m.sale_id for m in self.outbox.values() if m.kind is MessageKind.WITHDRAW and m.is_open
        }
        waiting |= withdrawing
        return tuple(sale for sale in self.sales.values() if sale.is_open or sale.id in waiting)
