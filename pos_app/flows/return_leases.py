"""Give leased cards back: destroyed and written down in one commit, told by the ledger, then asked to be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.errors import Rejected
from pos_app.domain.lease import Lease, LeasedState
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.staff import Cashier, Permission
from pos_app.domain.till import Enrolment
from pos_app.flows.day import now_and_today
from pos_app.flows.push_outbox import PushOutbox
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Platform

# It was heard before, or the platform knows no such lease any more: the cards are gone here.
_HEARD = ("KEY_REUSED", "NOT_FOUND")
# It knows better of a card, as that it was sold; but of a ledger that is not up there yet the same is asked again.
_UNPROVEN = "UNPROVEN"


@dataclass(frozen=True)
class ReturnLeases:
    """In this order, so that a code that came back can never be sold here, wherever this is broken off.

    The anchor is raised before anything is asked to be taken back: an old copy put back would sell it again.
    """

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform
    anchor: Anchor
    push_outbox: PushOutbox
    day_change_hour: int

    def __call__(self, is_due: Callable[[Lease], bool]) -> int:
        """How many pieces were destroyed of the leases that are due; returns without an answer are asked again too."""
        destroyed = self._destroy_due(is_due)
        with self.open_to_read() as books:
            enrolment, head = books.till.enrolment(), books.ledger.head()
            waiting = [lease for lease in books.leases.unfinished() if lease.returning is not None]
        if waiting:
            self.push_outbox()
            self.anchor.raise_to(AnchorMark(enrolment.epoch, head.seq))
        for lease in waiting:
            self._hand_back(enrolment, lease)
        return destroyed

    def _destroy_due(self, is_due: Callable[[Lease], bool]) -> int:
        now, today = now_and_today(self.clock, self.day_change_hour)
        destroyed = 0
        with self.open_books() as books:
            for lease in books.leases.unfinished():
                if lease.returning is not None or not is_due(lease):
                    continue
                held = [card for card in books.leases.cards(lease.lease_id) if card.state is LeasedState.HELD]
                named = [card.card_id for card in held if card.is_first]
                if not named:  # what is bound may be freed later
                    continue
                for card in held:
                    books.leases.put_card(card.destroyed())
                body = {"lease_id": lease.lease_id, "card_ids": named}
                entry = books.ledger.append("lease_returned", now, today, body)
                books.leases.put(lease.giving_back(named, entry.seq, entry.digest))
                destroyed += len(named)
            if destroyed:
                books.commit()
        return destroyed

    def _hand_back(self, enrolment: Enrolment, lease: Lease) -> None:
        try:
            state = self.platform.return_lease(enrolment, lease)
        except Rejected as no:
            if not _ends(no):
                return
            state = lease.state
        with self.open_books() as books:
            books.leases.put(replace(books.leases.get(lease.lease_id), state=state, returning=None))
            books.commit()


def _ends(no: Rejected) -> bool:
    """Whether the return need not be asked again; whatever else is said waits, and is asked again."""
    knows_better = no.code == "FORBIDDEN" and no.details.get("state", _UNPROVEN) != _UNPROVEN
    return no.is_final and (no.code in _HEARD or knows_better)


@dataclass(frozen=True)
class GiveBackLeases:
    """The owner wants everything given back now: what is bound to a customer stays his."""

    return_leases: ReturnLeases

    def __call__(self, cashier: Cashier) -> int:
        """How many pieces went back; what gets no answer is repeated by itself."""
        cashier.must_be_allowed(Permission.CHANGE_SETTINGS)
        return self.return_leases(lambda lease: True)
