"""Leased cards on their way to a customer: found, bound to his sale, his when it is paid, or free again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pos_app.domain.card_code import CardCode
from pos_app.domain.errors import NotSoldOffline
from pos_app.domain.lease import LeasedCard, cover
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows.day import firm_now
from pos_app.flows.hand_over import hand_over
from pos_app.flows.sign_receipt import sign_sale
from pos_app.ports.books import Books
from pos_app.ports.clock import Clock

LEASE_EXPIRED = "LEASE_EXPIRED"
Told = Mapping[str, list[dict[str, str]]]


def find_cards(books: Books, clock: Clock, sale: Sale, lasting: timedelta) -> tuple[LeasedCard, ...]:
    """Cards for every line, bound to their lines but not put; NotSoldOffline when one line cannot be covered.

    Their leases last so much longer. Nothing at all held here is said as "none".
    """
    if not books.leases.held():
        raise NotSoldOffline(product_id=sale.lines[0].product.id, why="none")
    epoch, until = books.till.enrolment().epoch, firm_now(books, clock) + lasting
    found: list[LeasedCard] = []
    for line in sale.lines:
        product_id = line.product.id
        taken = {card.card_id for card in found}
        sellable = [c for c in books.leases.sellable(product_id, epoch, until) if c.card_id not in taken]
        has_ended = len(books.leases.held(product_id)) > len(taken) + len(sellable)
        cards = cover(line, sellable, has_ended=has_ended)
        found += [card.bound(sale.id, line.line_id) for card in cards]
    return tuple(found)


def ends_in_time(books: Books, clock: Clock, sale: Sale) -> bool:
    """Whether the leases of all that is bound to the sale still sell."""
    now, epoch = firm_now(books, clock), books.till.enrolment().epoch
    leases = [books.leases.get(card.lease_id) for card in books.leases.of_sale(sale.id)]
    return all(lease.lasts(now) and lease.epoch == epoch for lease in leases)


def must_end_in_time(books: Books, clock: Clock, sale: Sale) -> None:
    """NotSoldOffline, before money is taken for what could not be handed over."""
    if sale.is_offline and not ends_in_time(books, clock, sale):
        raise NotSoldOffline(product_id=sale.lines[0].product.id, why="expired")


def told(cards: Sequence[LeasedCard]) -> Told:
    """What the ledger says of each line: lease and card, of a kit the first."""
    lines: dict[str, list[dict[str, str]]] = {}
    for card in cards:
        if card.is_first and card.line_id is not None:
            lines.setdefault(card.line_id, []).append({"lease_id": card.lease_id, "card_id": card.card_id})
    return lines


def sell_cards(books: Books, clock: Clock, sale: Sale, cards: Sequence[LeasedCard]) -> Sale:
    """The cards are the customer's: kept like any other, their papers due; the sale, paid, HAVE."""
    codes = []
    for card in cards:
        books.leases.put_card(card.sold())
        codes.append(
            CardCode(
                card_id=card.card_id,
                sale_id=sale.id,
                line_id=card.line_id or "",
                product_id=card.product_id,
                payload=card.payload,
                face=card.face,
                sealed=card.sealed,
                epoch=books.leases.get(card.lease_id).epoch,
                lease_id=card.lease_id,
            )
        )
    have = sale.moved_to(SaleState.HAVE)
    books.sales.put(have)
    hand_over(books, clock, have, codes)
    sign_sale(books, have, clock.now())
    return have


def free_cards(books: Books, sale: Sale) -> None:
    """Nobody is to have them any more; they may be sold again."""
    for card in books.leases.of_sale(sale.id):
        books.leases.put_card(card.freed())


def let_go(books: Books, sale: Sale, trouble: str) -> Sale:
    """Never to be sold: from leases it ends here and its cards are free, else the platform must hear it first.

    WrongState when it is sold already, before anything is freed.
    """
    gone = sale.moved_to(SaleState.CANCELLED if sale.is_offline else SaleState.CANCELLING, trouble=trouble)
    if sale.is_offline:
        free_cards(books, sale)
    books.sales.put(gone)
    return gone
