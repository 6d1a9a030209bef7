"""Everything that paying shows, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.sale import Sale, SaleLine, SaleState


class Step(StrEnum):
    NOTHING = "nothing"
    ASKING = "asking"  # the platform sets the goods aside
    CASH = "cash"  # they wait; now the money
    BOOKING = "booking"  # the money is being written down
    DONE = "done"  # paid; codes and paper follow


@dataclass(frozen=True)
class PayState:
    """`trouble` is what to say about it; `received` is what was typed so far, None while it is no sum of money."""

    step: Step = Step.NOTHING
    sale: Sale | None = None
    likely: tuple[Money, ...] = ()
    received: Money | None = None
    papers: tuple[Paper, ...] = ()
    trouble: PosError | None = None
    is_leaving: bool = False
    pictures: tuple[bytes, ...] = ()  # what a virtual printer printed, as PNG

    @property
    def change(self) -> Money | None:
        """What the customer gets back for what was typed; None while it is not enough."""
        if self.sale is None or self.received is None or self.received < self.sale.total:
            return None
        return self.received - self.sale.total

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
