"""Everything that paying shows, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.domain.attempt import Attempt
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.payment_code import Wallet
from pos_app.domain.sale import Sale, SaleLine, SaleState
from pos_app.shop import Accepted, Taking


class Step(StrEnum):
    NOTHING = "nothing"
    ASKING = "asking"  # the platform sets the goods aside
    MONEY = "money"  # they wait; now cash is counted, or a code is scanned
    WALLET = "wallet"  # electronic money is on its way, and not certain yet
    BOOKING = "booking"  # the money is being written down
    DONE = "done"  # paid; codes and paper follow


@dataclass(frozen=True)
class PayState:
    """`trouble` is what to say about it; `received` is what was typed so far, None while it is no sum of money.

    `left` is what is not paid yet, `part` what the next wallet is to pay of it. `taking` is the payment that is under
    way, `ended` the last one that came to its end without paying everything.
    """

    step: Step = Step.NOTHING
    sale: Sale | None = None
    likely: tuple[Money, ...] = ()
    received: Money | None = None
    papers: tuple[Paper, ...] = ()
    trouble: PosError | None = None
    is_leaving: bool = False
    pictures: tuple[bytes, ...] = ()  # what a virtual printer printed, as PNG
    accepted: Accepted = field(default_factory=lambda: Accepted((), ()))
    left: Money | None = None
    part: Money | None = None
    wallet: Wallet | None = None
    taking: Taking | None = None
    ended: Attempt | None = None
    seconds_left: int = 0
    can_stand_in: bool = False  # its codes do not come, and others are held here

    @property
    def due(self) -> Money | None:
        """What is to be paid now."""
        if self.sale is None:
            return None
        return self.sale.total if self.left is None else self.left

    @property
    def change(self) -> Money | None:
        """What the customer gets back for what was typed; None while it is not enough."""
        due = self.due
        if due is None or self.received is None or self.received < due:
            return None
        return self.received - due

    @property
    def is_waiting(self) -> bool:
        """Paid, but the platform has not handed over yet."""
        return self.sale is not None and self.sale.state in (SaleState.PAID, SaleState.CONFIRMING)

    @property
    def is_refund_due(self) -> bool:
        return self.sale is not None and bool(self.sale.refund_lines)

    @property
    def top_ups(self) -> tuple[SaleLine, ...]:
        return tuple(line for line in self.sale.lines if line.top_up is not None) if self.sale else ()

    def papers_in(self, *states: PaperState) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.papers if paper.state in states)
