"""Books what an answer about a top-up means in money, and tells people what is odd."""

from __future__ import annotations

from datetime import datetime

from platform_server.domain.top_up import TopUp, Turn
from platform_server.domain.wallet import LOSSES, SALES, JournalHead, move, wallet_account
from platform_server.ports.books import Books
from platform_server.ports.world import Ids


async def book_turn(books: Books, turn: Turn, ids: Ids, now: datetime) -> None:
    """In the commit that saves the order: only whoever saved it may book it, so it is booked once."""
    top_up = turn.after
    refund = books.reservations.refund  # a claim may have given the line's money back before
    if turn.gives_back and await refund(top_up.reservation_id, top_up.line_id, top_up.cost):
        head = _head(ids.new_id(), "top_up_back", top_up, now)
        await books.wallets.post(move(head, top_up.cost, giver=SALES, taker=wallet_account(top_up.shop_id)))
    if turn.is_loss:
        head = _head(ids.new_id(), "top_up_loss", top_up, now)
        await books.wallets.post(move(head, top_up.cost, giver=LOSSES, taker=SALES))
    if turn.odd:
        await books.audit.open_incidents(top_up.shop_id, top_up.id, turn.odd, now)


def _head(journal_id: str, kind: str, top_up: TopUp, now: datetime) -> JournalHead:
    return JournalHead(
        journal_id,
        top_up.shop_id,
        kind,
        top_up.id,
        now,
        note=top_up.reason or top_up.state.value,
        reservation_id=top_up.reservation_id,
        line_id=top_up.line_id,
    )
