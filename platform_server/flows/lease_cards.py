"""What may become of a leased card: sold, back on the shelf, or put away; and the fence that ends a till's leases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from platform_server.domain.actions import Action, Authority
from platform_server.domain.cards import CardState
from platform_server.domain.leases import LEASE_SALE, Lease, LeasedCard, LeasedState
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.ports.books import Books


@dataclass(frozen=True, slots=True)
class Took:
    """Who says that a card was sold, in which sale, and the journal that takes its money."""

    journal_id: str
    actor: str
    at: datetime
    seq: int | None = None
    sale_id: str | None = None
    line_id: str | None = None


async def sell_card(books: Books, lease: Lease, card: LeasedCard, took: Took) -> None:
    """The card is the customer's, and the money that was held for it is taken."""
    sold = replace(
        card,
        state=LeasedState.SOLD,
        changed_at=took.at,
        sold_seq=took.seq,
        sale_id=took.sale_id,
        line_id=took.line_id,
        journal_id=took.journal_id,
    )
    await books.leases.save_card(sold)
    await books.cards.move(card.card_id, CardState(card.state.value), CardState.DELIVERED)
    await books.wallets.release(lease.shop_id, card.cost)
    note = f"lease {lease.lease_id}, card {card.card_id}"
    reference = f"{lease.id}:{card.card_id}"
    head = JournalHead(
        took.journal_id, lease.shop_id, LEASE_SALE, reference, took.at, actor=took.actor, note=note
    )
    giver = wallet_account(lease.shop_id)
    await books.wallets.post(move(head, card.cost, giver=giver, taker=SALES))


async def free_card(books: Books, lease: Lease, card: LeasedCard, at: datetime) -> None:
    """On the shelf again; what is left in the lease is its tombstone."""
    await books.leases.save_card(replace(card, state=LeasedState.RETURNED, changed_at=at))
    await books.cards.move(card.card_id, CardState(card.state.value), CardState.AVAILABLE)
    await books.wallets.release(lease.shop_id, card.cost)


async def void_card(books: Books, lease: Lease, card: LeasedCard, at: datetime) -> None:
    """Nobody's for good, and its money is free: what was not used may still have been seen."""
    await books.leases.save_card(replace(card, state=LeasedState.RETURNED, changed_at=at))
    await books.cards.move(card.card_id, CardState(card.state.value), CardState.VOID)
    await books.wallets.release(lease.shop_id, card.cost)


async def fence_lease(books: Books, lease: Lease, why: str, at: datetime) -> int:
    """Nothing more is granted under it; what is at the till goes into quarantine, its money held. How many cards."""
    await books.leases.save(replace(lease, fenced_at=at, fenced_why=why))
    out = await books.leases.lock_out(lease.id)  # all LEASED: what is in quarantine has a fence already
    for card in out:
        await books.leases.save_card(replace(card, state=LeasedState.QUARANTINED, changed_at=at))
        await books.cards.move(card.card_id, CardState.LEASED, CardState.QUARANTINED)
    return len(out)


async def fence_till(books: Books, till_id: str, authority: Authority, at: datetime) -> int:
    """All leases of a till whose installation is over; how many cards. The shop's leases are locked before."""
    count = 0
    for lease in await books.leases.live(till_id, at):
        if lease.fenced_at is None:
            count += await fence_lease(books, lease, authority.reason, at)
    if count:
        detail = {"cards": count}
        await books.actions.append(Action.by(authority, at, "leases_fenced", f"till:{till_id}", detail))
    return count
