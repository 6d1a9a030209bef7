"""What a sale hands over: in the commit that brings its goods its cards are kept and its papers become due."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.domain.card_code import CardCode
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import Sale
from pos_app.ports.books import Books
from pos_app.ports.clock import Clock

# Why a slip is asked about: an old copy of the books was put back.
RESTORED = "restored"


def hand_over(
    books: Books, clock: Clock, sale: Sale, cards: Sequence[CardCode], top_ups: Sequence[str] = ()
) -> None:
    """Cards in their order, then top-ups by line id, then the receipt; the sale itself is put by whoever calls.

    Of a doubtful sale nothing prints before a person has looked whether it is out already.
    """
    state, cause = (PaperState.UNKNOWN, RESTORED) if sale.is_doubtful else (PaperState.DUE, None)
    for card in cards:
        books.cards.put(card.unknown() if sale.is_doubtful else card)
    now = clock.now()
    wanted = [(PaperKind.CODE, card.card_id) for card in cards]
    wanted += [(PaperKind.TOP_UP, line_id) for line_id in top_ups]
    wanted.append((PaperKind.RECEIPT, sale.id))
    for kind, subject in wanted:
        books.papers.put(Paper(clock.new_id(), kind, sale.id, subject, 1, state, now, cause))
