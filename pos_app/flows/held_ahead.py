"""Look at what is held to sell while the platform is away, and whether it can stand in for a sale that is stuck."""

from __future__ import annotations

from datetime import timedelta

from pos_app.domain.errors import NotEnrolled, NotSoldOffline
from pos_app.domain.held import HeldAhead, held_ahead
from pos_app.domain.lease import TIME_TO_PAY
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows.day import firm_now
from pos_app.flows.leased_cards import find_cards
from pos_app.ports.books import Books
from pos_app.ports.clock import Clock

# A platform that is only slow answers within this time; nobody is offered another code before that.
STUCK_AFTER = timedelta(seconds=60)


def look_at_held(books: Books, clock: Clock, currency: str) -> HeldAhead:
    """What may be bound to a customer now; nothing for a till that is locked or belongs to nobody yet."""
    try:
        epoch = books.till.enrolment().epoch
    except NotEnrolled:
        return HeldAhead((), Money(0, currency))
    if books.till.rolled_back() is not None:
        return HeldAhead((), Money(0, currency))
    cards = books.leases.held()
    leases = {lease_id: books.leases.get(lease_id) for lease_id in {card.lease_id for card in cards}}
    held = [(card, leases[card.lease_id]) for card in cards]
    return held_ahead(held, epoch, firm_now(books, clock) + TIME_TO_PAY, currency)


def can_stand_in(books: Books, clock: Clock, sale: Sale) -> bool:
    """Whether a paid sale waits so long for its codes that others may be offered in their place, and they are here."""
    is_stuck = sale.state in (SaleState.PAID, SaleState.CONFIRMING) and sale.may_be_substituted
    if not is_stuck or sale.is_offline or sale.paid_at is None or books.till.rolled_back() is not None:
        return False
    if clock.now() - sale.paid_at < STUCK_AFTER:
        return False
    try:
        find_cards(books, clock, sale, timedelta(0))
    except NotSoldOffline:
        return False
    return True
