"""What may still be done for a sale, for the pages that do it."""

from __future__ import annotations

from pos_app.domain.card_code import CardCode
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import SaleLine, SaleState
from pos_app.shop import Next, Progress, SaleView, Shop


def last_copies(view: SaleView) -> tuple[Paper, ...]:
    """The newest copy of every paper, in the order in which the papers were first made."""
    newest: dict[tuple[PaperKind, str], Paper] = {}
    for paper in view.papers:
        newest[paper.kind, paper.subject] = paper
    return tuple(newest.values())


def reprintable(view: SaleView) -> tuple[Paper, ...]:
    """Papers that came out and can come out again; a code only while its sealed form is here."""
    sealed = {card.card_id for card in view.cards if card.sealed is not None}
    return tuple(
        paper
        for paper in last_copies(view)
        if paper.state is PaperState.PRINTED and (paper.kind is not PaperKind.CODE or paper.subject in sealed)
    )


def unanswered(view: SaleView) -> tuple[Paper, ...]:
    """Papers of which nobody knows whether they came out."""
    return tuple(paper for paper in view.papers if paper.state is PaperState.UNKNOWN)


def failed(view: SaleView) -> tuple[Paper, ...]:
    """Papers that surely did not come out."""
    return tuple(paper for paper in view.papers if paper.state is PaperState.FAILED)


def showable(view: SaleView) -> tuple[CardCode, ...]:
    """Codes that can still be opened here."""
    return tuple(card for card in view.cards if card.sealed is not None)


def returnable(view: SaleView) -> tuple[SaleLine, ...]:
    """Delivered lines of which something can still be given back, on a second person's word."""
    if view.sale.state is not SaleState.DONE:
        return ()
    owed = {line.line_id for line in view.sale.refund_lines}
    return tuple(line for line in view.sale.lines if line.kept.minor > 0 and line.line_id not in owed)


def print_all(shop: Shop, sale_id: str) -> Progress:
    """Every paper of the sale that is due, one after the other; PaperTrouble ends it."""
    progress = shop.print_next(sale_id)
    while progress.next is Next.PAPER:
        progress = shop.print_next(sale_id)
    return progress
