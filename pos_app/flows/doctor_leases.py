"""What the doctor asks about leased cards: each sold once and in time, held within the caps, and told as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.lease import LeasedCard, LeasedState
from pos_app.domain.money import Money
from pos_app.ports.books import Books

PAGE = 1000
_SALES = ("sale_paid", "lease_sold")


@dataclass(frozen=True)
class LeasesSeen:
    """All leased cards of these books, and what is odd in them."""

    cards: tuple[LeasedCard, ...]
    twice: int  # cards that are in hand although they were sold, or sold without standing in their sale
    late: int  # sold, by the ledger, after the end of their lease
    untold: int  # sold under this epoch without the ledger's word
    over: int  # leases that hold more than the platform's caps


def leases_seen(books: Books) -> LeasesSeen:
    leases = books.leases.all()
    cards = tuple(card for lease in leases for card in books.leases.cards(lease.lease_id))
    sold_at = _sold_at(books)
    ends = {lease.lease_id: lease.expires_at for lease in leases}
    epoch = books.till.enrolment().epoch if leases else 0
    mine = {lease.lease_id for lease in leases if lease.epoch == epoch}
    late = untold = 0
    for card in cards:
        if card.state is not LeasedState.SOLD or not card.is_first or card.lease_id not in mine:
            continue
        at, end = sold_at.get((card.lease_id, card.card_id)), ends[card.lease_id]
        untold += at is None
        late += at is not None and end is not None and at >= end
    over = 0
    for lease in leases:
        out = [c for c in cards if c.lease_id == lease.lease_id and c.is_first and c.sealed is not None]
        if lease.most_amount is not None:
            face = Money.sum((card.face for card in out), lease.most_amount.currency)
            over += len(out) > lease.most or face > lease.most_amount
    return LeasesSeen(cards, _twice(books, cards), late, untold, over)


def _twice(books: Books, cards: tuple[LeasedCard, ...]) -> int:
    wrong = 0
    for card in cards:
        try:
            held = books.cards.get(card.card_id)
        except KeyError:
            wrong += card.state is LeasedState.SOLD
            continue
        if held.lease_id == card.lease_id:
            wrong += card.state is not LeasedState.SOLD or held.sale_id != card.sale_id
    return wrong


def _sold_at(books: Books) -> dict[tuple[str, str], datetime]:
    """When the ledger of this epoch says that a leased card was sold, by lease and card."""
    found: dict[tuple[str, str], datetime] = {}
    seq = 0
    while entries := books.ledger.after(seq, PAGE):
        for entry in entries:
            if entry.kind in _SALES:
                for line in entry.body["lines"]:
                    for each in line.get("leased", ()):
                        found[each["lease_id"], each["card_id"]] = entry.at
        seq = entries[-1].seq
    return found
