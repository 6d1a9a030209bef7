"""Filling a reservation with cards and money, and letting both go again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from platform_server.domain.cards import CardState, HeldCard
from platform_server.domain.errors import NotFound, SoldOut, WalletEmpty
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, ReservationState, ReservedLine
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.flows.tell_shop import tell_released
from platform_server.ports.books import Books
from platform_server.ports.world import Ids

_SWEEP_AT_ONCE = 200


async def fill(books: Books, ids: Ids, reservation: Reservation, now: datetime) -> tuple[HeldCard, ...]:
    """Allocates every line and holds the cost, all or nothing. Raises SoldOut or WalletEmpty."""
    cards: list[HeldCard] = []
    for line in reservation.lines:
        if not line.is_top_up:
            cards += await _allocate(books, ids, reservation, line, now)
    await hold_money(books, reservation.shop_id, reservation.held, now)
    return tuple(cards)


async def hold_money(books: Books, shop_id: str, amount: Money, now: datetime) -> None:
    """What others forgot is let go before a wallet counts as empty. Raises WalletEmpty or NotFound."""
    if await books.wallets.hold(shop_id, amount):
        return
    await release_overdue(books, now)
    if not await books.wallets.hold(shop_id, amount):
        wallet = await books.wallets.find(shop_id)
        if wallet is None:
            raise NotFound("the shop has no wallet")
        raise WalletEmpty(needed=amount, available=wallet.available)


async def _allocate(
    books: Books, ids: Ids, reservation: Reservation, line: ReservedLine, now: datetime
) -> tuple[HeldCard, ...]:
    place = (reservation.id, line.line_id, reservation.expires_at)
    cards = await books.cards.allocate(line.product_id, line.quantity, *place)
    if _missing(line, cards):  # a loop code is made when it is sold
        fresh = [ids.new_id() for _ in range(_missing(line, cards))]
        cards += await books.cards.copy_master(line.product_id, fresh, *place)
    if _missing(line, cards) and await release_overdue(
        books, now
    ):  # what others forgot may be just what is missing
        cards += await books.cards.allocate(line.product_id, _missing(line, cards), *place)
    missing = _missing(line, cards)
    if missing:
        left = line.quantity - missing
        raise SoldOut(line_id=line.line_id, product_id=line.product_id, wanted=line.quantity, left=left)
    return cards


def _missing(line: ReservedLine, cards: tuple[HeldCard, ...]) -> int:
    return line.quantity - sum(card.counts for card in cards)


async def let_go(
    books: Books, reservation: Reservation, state: ReservationState, now: datetime
) -> Reservation:
    """What it used of limits, its reserved cards and its hold are given back; it takes the given state.

    In this order, which is that of a reserve: limits, cards, wallet. So no two wait for each other.
    """
    await books.counts.release(reservation.id)
    await books.cards.release(reservation.id)
    if reservation.held.minor:
        await books.wallets.release(reservation.shop_id, reservation.held)
    freed = replace(reservation, state=state, held=Money(0, reservation.held.currency), changed_at=now)
    await books.reservations.save(freed)
    return freed


async def take_back(
    books: Books, sold: Reservation, journal_id: str, actor: str, why: str, now: datetime
) -> Reservation:
    """A sold one cancelled: cards into quarantine, what no line has given back yet to the wallet."""
    await books.cards.mark(sold.id, CardState.SOLD, CardState.QUARANTINED)
    refund = books.reservations.refund  # a failed top-up has given its money back already
    due = [line.cost for line in sold.lines if await refund(sold.id, line.line_id, line.cost)]
    owed = Money.sum(due, sold.cost.currency)
    if owed.minor:
        about = {"actor": actor, "note": why, "reservation_id": sold.id}
        head = JournalHead(journal_id, sold.shop_id, "sale_back", sold.id, now, **about)
        await books.wallets.post(move(head, owed, giver=SALES, taker=wallet_account(sold.shop_id)))
    return replace(sold, state=ReservationState.CANCELLED, changed_at=now)


async def release_overdue(books: Books, now: datetime) -> int:
    """Expires reservations whose time has passed; how many."""
    overdue = await books.reservations.overdue(now, _SWEEP_AT_ONCE)
    for reservation in overdue:
        await tell_released(books, await let_go(books, reservation, ReservationState.EXPIRED, now))
    return len(overdue)
