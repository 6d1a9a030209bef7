"""What a till can sell while the platform is away, as the screen tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.lease import Lease, LeasedCard
from pos_app.domain.money import Money


@dataclass(frozen=True, slots=True)
class HeldAhead:
    """Pieces that may be sold now by product id, their face value, and when the first of them may not be any more."""

    pieces: tuple[tuple[str, int], ...]
    value: Money
    until: datetime | None = None

    @property
    def count(self) -> int:
        return sum(count for _, count in self.pieces)


def held_ahead(
    held: Iterable[tuple[LeasedCard, Lease]], epoch: int, from_then_on: datetime, currency: str
) -> HeldAhead:
    """Of the cards that nobody has, each with its lease: those of this epoch whose lease still sells at that time."""
    good = [
        (card, lease)
        for card, lease in held
        if card.is_first and lease.epoch == epoch and lease.lasts(from_then_on)
    ]
    pieces = Counter(card.product_id for card, _ in good)
    ends = [lease.expires_at for _, lease in good if lease.expires_at is not None]
    value = Money.sum((card.face for card, _ in good), currency)
    return HeldAhead(tuple(sorted(pieces.items())), value, min(ends, default=None))
