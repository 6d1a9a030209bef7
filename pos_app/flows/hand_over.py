"""What a sale hands over: in the commit that brings its goods its cards are kept and its papers become due."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.domain.card_code import CardCode
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import Sale
from pos_app.ports.books import Books
from pos_app.ports.clock import Clock


def hand_over(
    books: Books, clock: Clock, sale: Sale, cards: Sequence[CardCode], top_ups: Sequence[str] = ()
) -> None:
    """Cards in their order, then top-ups by line id, then the receipt; the sale itself is put by whoever calls."""
    for card in cards:
        books.cards.put(card)
    now = clock.now()
    wanted = [(PaperKind.CODE, card.card_id) for card in cards]
    wanted += [(PaperKind.TOP_UP, line_id) for line_id in top_ups]
    wanted.append((PaperKind.RECEIPT, sale.id))
    for kind, subject in wanted:
        books.papers.put(Paper(clock.new_id(), kind, sale.id, subject, 1, PaperState.DUE, now))
