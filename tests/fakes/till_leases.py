"""The till's shelf of leases in memory, and an anchor in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pos_app.domain.errors import PosError
from pos_app.domain.lease import Lease, LeasedCard, LeasedState, LeaseState
from pos_app.domain.ledger import AnchorMark
from tests.fakes.till_pages import Pages

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class FakeLeases:
    pages: Pages

    def get(self, lease_id: str) -> Lease:
        return self.pages.leases[lease_id]

    def put(self, lease: Lease) -> None:
        self.pages.leases[lease.lease_id] = lease

    def all(self) -> tuple[Lease, ...]:
        return tuple(self.pages.leases.values())

    def unfinished(self) -> tuple[Lease, ...]:
        return tuple(lease for lease in self.pages.leases.values() if not lease.is_over)

    def take_in(self, cards: Sequence[LeasedCard]) -> int:
        taken = 0
        for card in cards:
            self.get(card.lease_id)
            elsewhere = (
                other.card_id == card.card_id and other.state is not LeasedState.DESTROYED
                for other in self.pages.leased_cards.values()
            )
            if (card.lease_id, card.card_id) not in self.pages.leased_cards and not any(elsewhere):
                self.pages.leased_cards[card.lease_id, card.card_id] = card
                taken += 1
        return taken

    def put_card(self, card: LeasedCard) -> None:
        if (card.lease_id, card.card_id) not in self.pages.leased_cards:
            raise KeyError(card.card_id)
        if (card.sealed is not None) != (card.state in (LeasedState.HELD, LeasedState.BOUND)):
            raise ValueError("sealed as long as it is not given away")
        if (card.sale_id is not None) != (card.state in (LeasedState.BOUND, LeasedState.SOLD)):
            raise ValueError("of a sale as long as it is that sale's")
        self.pages.leased_cards[card.lease_id, card.card_id] = card

    def cards(self, lease_id: str) -> tuple[LeasedCard, ...]:
        return tuple(card for card in self.pages.leased_cards.values() if card.lease_id == lease_id)

    def of_sale(self, sale_id: str) -> tuple[LeasedCard, ...]:
        return tuple(card for card in self.pages.leased_cards.values() if card.sale_id == sale_id)

    def held(self, product_id: str | None = None) -> tuple[LeasedCard, ...]:
        held = (
            card
            for card in self.pages.leased_cards.values()
            if card.state is LeasedState.HELD and product_id in (None, card.product_id)
        )
        return tuple(sorted(held, key=lambda card: self.get(card.lease_id).expires_at or _NEVER))

    def sellable(self, product_id: str, epoch: int, until: datetime) -> tuple[LeasedCard, ...]:
        def sells(lease: Lease) -> bool:
            is_open = lease.state is LeaseState.OPEN and lease.epoch == epoch
            return is_open and lease.expires_at is not None and lease.expires_at > until

        return tuple(card for card in self.held(product_id) if sells(self.get(card.lease_id)))


@dataclass
class FakeAnchor:
    """`marks` are all that it was raised to; `trouble` is raised instead, while it is set."""

    mark: AnchorMark = field(default_factory=AnchorMark)
    marks: list[AnchorMark] = field(default_factory=list)
    trouble: PosError | None = None

    def read(self) -> AnchorMark:
        return self.mark

    def raise_to(self, mark: AnchorMark) -> None:
        if self.trouble is not None:
            raise self.trouble
        if mark > self.mark:
            self.mark = mark
            self.marks.append(mark)
