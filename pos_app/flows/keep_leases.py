"""Keep as many codes for selling offline as the plan says: filled up, followed in time, given back when not wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pos_app.domain.errors import Rejected
from pos_app.domain.lease import (
    DAYS_LOOKED_AT,
    Lease,
    LeasedCard,
    LeasedState,
    LeaseRules,
    LeaseState,
    lease_plan,
)
from pos_app.domain.money import Money
from pos_app.domain.till import Enrolment, business_date_at
from pos_app.flows.day import firm_now
from pos_app.flows.return_leases import ReturnLeases
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import LeaseGrant, Platform

# A refusal may name one product at a time, or a cap that is halved towards.
MOST_TRIES = 8
# What a lease that was never granted is kept for: what is left out of it is asked for again under the next.
NEVER_GRANTED = timedelta(hours=1)
# The lease is over; whatever else is refused is not the lease's fault.
_OVER = ("EXPIRED", "KEY_REUSED")


@dataclass(frozen=True)
class LeasesKept:
    """What a round did: pieces that came and pieces that were given back."""

    came: int
    went: int


@dataclass(frozen=True)
class KeepLeases:
    """Every few minutes on the wire lane. Unreachable ends the round: what was begun is asked again the same way."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform
    return_leases: ReturnLeases
    rules: Callable[[], LeaseRules]  # asked each round, so that a choice of the owner holds at once
    day_change_hour: int

    def __call__(self) -> LeasesKept:
        with self.open_to_read() as books:
            if books.till.rolled_back() is not None:
                return LeasesKept(0, 0)
            enrolment = books.till.enrolment()
            begun = [lease for lease in books.leases.unfinished() if lease.filling is not None]
            now, rules = firm_now(books, self.clock), self.rules()
        self._note_told()
        came = sum(self._ask(enrolment, lease) or 0 for lease in begun)

        def is_due(lease: Lease) -> bool:
            is_over = lease.is_closing or lease.is_running_out(now, rules.followed_before)
            return not rules.is_on or lease.epoch != enrolment.epoch or is_over

        went = self.return_leases(is_due)
        for _ in range(MOST_TRIES):
            lease = self._begin(enrolment)
            brought = None if lease is None else self._ask(enrolment, lease)
            if lease is None or brought is not None:
                came += brought or 0
                break
        return LeasesKept(came, went)

    def _note_told(self) -> None:
        """Codes that came by a lease may go some time after the platform has the ledger that tells of them."""
        with self.open_books() as books:
            cards = books.cards.leased_not_told()
            if cards and books.ledger.acked() == books.ledger.head().seq:
                for card in cards:
                    books.cards.put(replace(card, acked_at=self.clock.now()))
                books.commit()

    def _begin(self, enrolment: Enrolment) -> Lease | None:
        """A filling, written down before it is asked for; None when nothing is missing."""
        now = self.clock.now()
        with self.open_books() as books:
            lease = self._present(books, enrolment) or Lease(self.clock.new_id(), enrolment.epoch, now)
            plan = {} if lease.filling is not None else self._missing(books, lease)
            if not plan:
                return None
            asking = lease.asking(plan)
            books.leases.put(asking)
            books.commit()
        return asking

    def _present(self, books: Books, enrolment: Enrolment) -> Lease | None:
        """The lease that is being filled, if there is one."""
        now, usable = firm_now(books, self.clock), None
        for lease in books.leases.unfinished():
            is_stale = lease.expires_at is None and lease.filling is None
            if is_stale and lease.begun_at + NEVER_GRANTED <= now:
                books.leases.put(replace(lease, state=LeaseState.SETTLED))
            elif (
                lease.epoch == enrolment.epoch
                and not lease.is_closing
                and not lease.is_running_out(now, self.rules().followed_before)
            ):
                usable = lease
        return usable

    def _missing(self, books: Books, lease: Lease) -> dict[str, int]:
        """What the lease should hold of each product that it has too few of."""
        today = business_date_at(self.clock.local(self.clock.now()), self.day_change_hour)
        sold = books.reports.pieces_since(today - timedelta(days=DAYS_LOOKED_AT))
        found = (books.catalogue.product(product_id) for product_id in sold)
        products = [p for p in found if p is not None and p.id not in lease.left_out and not p.is_sold_out]
        have = _pieces(books.leases.cards(lease.lease_id))
        plan = lease_plan(products, sold, _less(self.rules(), lease))
        return {product_id: count for product_id, count in plan.items() if count > have[product_id]}

    def _ask(self, enrolment: Enrolment, lease: Lease) -> int | None:
        """How many pieces came by the filling under way; None when it was refused and another may fare better."""
        if lease.epoch != enrolment.epoch:
            self._keep(replace(lease, filling=None, is_closing=True))
            return None
        try:
            grant = self.platform.fill_lease(enrolment, lease)
        except Rejected as no:
            if not no.is_final:
                raise
            if no.is_of_the_till:
                raise  # asked again as it is: it may have been granted before
            with self.open_to_read() as books:
                refused = _refused(books, lease, no)
            self._keep(refused or replace(lease, filling=None))
            if refused is None:
                raise
            return None
        return self._take_in(lease, grant)

    def _take_in(self, lease: Lease, grant: LeaseGrant) -> int:
        filled = replace(
            lease,
            state=grant.state,
            expires_at=grant.expires_at,
            most=grant.most,
            most_amount=grant.most_amount,
            filling=None,
        )
        with self.open_books() as books:
            books.leases.put(filled)
            before = _pieces(books.leases.cards(lease.lease_id)).total()
            books.leases.take_in(_cards(books, lease, grant))
            came = _pieces(books.leases.cards(lease.lease_id)).total() - before
            books.commit()
        return came

    def _keep(self, lease: Lease) -> None:
        with self.open_books() as books:
            books.leases.put(lease)
            books.commit()


def _pieces(cards: Sequence[LeasedCard]) -> Counter[str]:
    """How many pieces of each product a customer can still have."""
    live = (LeasedState.HELD, LeasedState.BOUND)
    return Counter(card.product_id for card in cards if card.is_first and card.state in live)


def _less(rules: LeaseRules, lease: Lease) -> LeaseRules:
    """The shop's rules within what the platform said that it gives."""
    most = rules.most if lease.asks_at_most is None else min(rules.most, lease.asks_at_most)
    if lease.most_amount is None:
        return replace(rules, most=most)
    amount = min(rules.most_amount, lease.most_amount, key=lambda each: each.minor)
    return replace(rules, most=min(most, lease.most), most_amount=amount)


def _cards(books: Books, lease: Lease, grant: LeaseGrant) -> list[LeasedCard]:
    """The cards that came, the parts of a kit under the id of its first."""
    cards: list[LeasedCard] = []
    part: Counter[str] = Counter()
    kit_id: dict[str, str] = {}
    for each in grant.cards:
        product = books.catalogue.product(each.product_id)
        parts = 1 if product is None else product.parts
        if part[each.product_id] % parts == 0:
            kit_id[each.product_id] = each.card_id
        part[each.product_id] += 1
        cards.append(
            LeasedCard(
                card_id=each.card_id,
                lease_id=lease.lease_id,
                kit_id=kit_id[each.product_id],
                product_id=each.product_id,
                payload=each.payload,
                face=each.face,
                sealed=each.sealed,
            )
        )
    return cards


def _refused(books: Books, lease: Lease, no: Rejected) -> Lease | None:
    """The lease after a refusal, so that the next try asks for less, or for another lease; None: neither would help."""
    plan: Mapping[str, int] = dict(lease.filling.plan) if lease.filling is not None else {}
    after = replace(lease, filling=None)
    named = no.details.get("product_id")
    if no.code in ("PRODUCT_OFF", "SOLD_OUT") and isinstance(named, str):
        return replace(after, left_out=(*after.left_out, named))
    if no.code == "LIMIT" and no.details.get("rule") == "lease_face":
        most = no.details.get("most_amount")
        found = [books.catalogue.product(product_id) for product_id in plan]
        dear = [p.id for p in found if p is not None and isinstance(most, Money) and p.face > most]
        return replace(after, left_out=(*after.left_out, *(dear or plan)))
    if no.code in ("LIMIT", "WALLET_EMPTY"):
        half = sum(plan.values()) // 2
        if half == 0:
            return replace(after, left_out=(*after.left_out, *plan))
        return replace(after, asks_at_most=half)
    if no.code in _OVER or (no.code == "FORBIDDEN" and "state" in no.details):
        return replace(after, is_closing=True)
    return None
