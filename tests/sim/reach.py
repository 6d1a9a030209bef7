"""What a till that starts again finds on its disk: which row of the recovery table it is to follow."""

from __future__ import annotations

from pos_app.domain.paper import PaperState
from pos_app.domain.refund import RefundState
from pos_app.domain.sale import SaleState
from pos_app.shop import SaleView
from tests.sim.fate import Fate
from tests.sim.till_side import SimTill

ROWS = (
    "R1 nothing was begun",
    "R2 no answer to reserve",
    "R3 reserved, not paid",
    "R4 a payment of which nothing is known",
    "R5 cash at a dying till",
    "R6 paid, not confirmed",
    "R7 confirming",
    "R8 codes in hand, not printed",
    "R9 a slip in the air",
    "R10 handed over, not acknowledged",
    "R11 a code on the screen",
    "R12 leased cards for a stuck sale",
    "R13 cancelling",
    "R14 money on its way back",
    "R15 sold from leases, not printed",
    "R18 the disk failed",
    "R19 a second instance is refused",
    "R20 the platform died over a commit",
    "R21 a top-up on its way",
    "R22 a callback before the answer",
    "R23 a forged callback",
    "R26 a shift closes with open items",
)
_OF_STATE = {
    SaleState.RESERVING: "R2 no answer to reserve",
    SaleState.RESERVED: "R3 reserved, not paid",
    SaleState.PAID: "R6 paid, not confirmed",
    SaleState.CONFIRMING: "R7 confirming",
    SaleState.CANCELLING: "R13 cancelling",
}


def note_rows(fate: Fate, till: SimTill) -> None:
    """Before anything is taken up."""
    with till.books.open_to_read() as books:
        unsent = books.outbox.unsent()
        is_selling = books.sales.basket() is not None
    views = till.shop.look_up.open_items()
    found = [row for view in views for row in _rows_of(view)]
    if unsent:
        found.append("R10 handed over, not acknowledged")
    if is_selling and not found:
        found.append("R1 nothing was begun")
    fate.reached.update(set(found))


def _rows_of(view: SaleView) -> list[str]:
    sale, rows = view.sale, []
    is_paying = any(each.is_live for each in view.attempts)
    if is_paying:
        rows.append("R4 a payment of which nothing is known")
    elif sale.state in _OF_STATE:
        rows.append(_OF_STATE[sale.state])
    if sale.state is SaleState.HAVE and any(each.state is PaperState.DUE for each in view.papers):
        rows.append(
            "R15 sold from leases, not printed" if sale.is_offline else "R8 codes in hand, not printed"
        )
    if any(each.state in (PaperState.PRINTING, PaperState.UNKNOWN) for each in view.papers):
        rows.append("R9 a slip in the air")
    if any(each.state is not RefundState.DONE for each in view.refunds):
        rows.append("R14 money on its way back")
    if sale.open_top_ups:
        rows.append("R21 a top-up on its way")
    return rows
