"""A printer that keeps what it was given, and fails as it was told to."""

from dataclasses import dataclass, field
from typing import TypeVar

from pos_app.domain.errors import PaperTrouble
from pos_app.domain.receipt import BackSlip, ClosingSlip, CodeSlip, Receipt, SaleReceipt, TestSlip, TopUpSlip

R = TypeVar("R", SaleReceipt, CodeSlip, TopUpSlip, BackSlip, ClosingSlip, TestSlip)


@dataclass
class FakePrinter:
    """`troubles` are raised one for each print, None prints; with `sent` the paper came out all the same."""

    printed: list[Receipt] = field(default_factory=list)
    troubles: list[PaperTrouble | None] = field(default_factory=list)
    drawer_trouble: PaperTrouble | None = None
    drawers_opened: int = 0

    def print(self, receipt: Receipt) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is None or trouble.sent:
            self.printed.append(receipt)
        if trouble is not None:
            raise trouble

    def open_drawer(self) -> None:
        if self.drawer_trouble is not None:
            raise self.drawer_trouble
        self.drawers_opened += 1

    def of_kind(self, kind: type[R]) -> list[R]:
        return [receipt for receipt in self.printed if isinstance(receipt, kind)]

    def fail_next(self, cause: str = "paper_out", *, sent: bool = False) -> None:
        self.troubles.append(PaperTrouble(cause=cause, device="fake", sent=sent))
