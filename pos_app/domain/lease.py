"""Codes that the till holds to sell while the platform is away: leases, their cards, and how many are worth holding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pos_app.domain.catalogue import Payload, Product, ProductKind
from pos_app.domain.errors import NotSoldOffline
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleLine

# A customer who begins to pay needs time: a lease that ends sooner binds nothing.
TIME_TO_PAY = timedelta(minutes=10)
DAYS_LOOKED_AT = 14


class LeaseState(StrEnum):
    """As the platform tells it (`docs/protocol.md` 10); only an OPEN one sells."""

    OPEN = "OPEN"
    EXPIRED = "EXPIRED"
    FENCED = "FENCED"
    SETTLED = "SETTLED"


class LeasedState(StrEnum):
    """HELD may be sold, BOUND waits for one customer's money; SOLD and DESTROYED are for ever."""

    HELD = "held"
    BOUND = "bound"
    SOLD = "sold"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Filling:
    """One call to fill a lease, written down before it is made: the same attempt always asks for the same plan."""

    attempt: int
    plan: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Returning:
    """Cards destroyed unsold that the platform must take back; `seq` and `head` are the ledger entry that says so."""

    attempt: int
    card_ids: tuple[str, ...]
    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Lease:
    """What one till may sell under one epoch until `expires_at`, which is None until the platform first answered.

    `filling` and `returning` are calls without an answer yet. One that `is_closing` is never filled again.
    `left_out` are products that the platform does not give out under it, `asks_at_most` the pieces after a limit.
    """

    lease_id: str
    epoch: int
    begun_at: datetime
    state: LeaseState = LeaseState.OPEN
    expires_at: datetime | None = None
    most: int = 0
    most_amount: Money | None = None
    attempts: int = 0
    returns: int = 0
    filling: Filling | None = None
    returning: Returning | None = None
    is_closing: bool = False
    left_out: tuple[str, ...] = ()
    asks_at_most: int | None = None

    @property
    def is_over(self) -> bool:
        """Nothing is asked about it any more."""
        return self.state is LeaseState.SETTLED and self.filling is None and self.returning is None

    def lasts(self, until: datetime) -> bool:
        """Whether it still sells at that time."""
        return self.state is LeaseState.OPEN and self.expires_at is not None and until < self.expires_at

    def is_running_out(self, now: datetime, before: timedelta) -> bool:
        """Whether another should follow it: so long before its end, or in the last quarter of a shorter one."""
        if self.expires_at is None:
            return False
        return not self.lasts(now + min(before, (self.expires_at - self.begun_at) / 4))

    def asking(self, plan: Mapping[str, int]) -> Lease:
        """The same lease with a further filling under way."""
        attempt = self.attempts + 1
        return replace(self, attempts=attempt, filling=Filling(attempt, tuple(sorted(plan.items()))))

    def giving_back(self, card_ids: Iterable[str], seq: int, head: str) -> Lease:
        attempt = self.returns + 1
        returning = Returning(attempt, tuple(card_ids), seq, head)
        return replace(self, returns=attempt, returning=returning, is_closing=True)


@dataclass(frozen=True, slots=True)
class LeasedCard:
    """One card under one lease, sealed for this till; the row stays for ever, `sealed` until it is sold or destroyed.

    Of a kit there are several: they share `kit_id`, which is the id of the first and names it to the platform.
    """

    card_id: str
    lease_id: str
    kit_id: str
    product_id: str
    payload: Payload
    face: Money
    sealed: bytes | None
    state: LeasedState = LeasedState.HELD
    sale_id: str | None = None
    line_id: str | None = None

    @property
    def is_first(self) -> bool:
        return self.card_id == self.kit_id

    def bound(self, sale_id: str, line_id: str) -> LeasedCard:
        return replace(self, state=LeasedState.BOUND, sale_id=sale_id, line_id=line_id)

    def freed(self) -> LeasedCard:
        return replace(self, state=LeasedState.HELD, sale_id=None, line_id=None)

    def sold(self) -> LeasedCard:
        return replace(self, state=LeasedState.SOLD, sealed=None)

    def destroyed(self) -> LeasedCard:
        return replace(self, state=LeasedState.DESTROYED, sealed=None, sale_id=None, line_id=None)


@dataclass(frozen=True, slots=True)
class LeaseTold:
    """What the platform's account says of one lease that is not settled."""

    lease_id: str
    state: LeaseState


@dataclass(frozen=True, slots=True)
class LeaseRules:
    """How much the shop wants to hold: days of cover, and caps in pieces, in face value, and of one card."""

    is_on: bool = True
    cover_days: int = 2
    most: int = 100
    most_amount: Money = field(default=Money(500_000))
    most_face: Money = field(default=Money(50_000))
    followed_before: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class OfflineLimits:
    """The most that one sale may hand over while nobody answers: codes, and what the customer pays."""

    most_codes: int = 5
    most_amount: Money = field(default=Money(100_000))

    def check(self, sale: Sale) -> None:
        """NotSoldOffline, with the largest line, when the sale is beyond them."""
        codes = sum(line.quantity * line.product.parts for line in sale.lines)
        if codes > self.most_codes or sale.total > self.most_amount:
            largest = max(sale.lines, key=lambda line: line.total.minor)
            raise NotSoldOffline(product_id=largest.product.id, why="limit")


def lease_plan(products: Iterable[Product], sold: Mapping[str, int], rules: LeaseRules) -> dict[str, int]:
    """How many of each product to hold, by id: days of cover rounded up, what sells most first, within the caps.

    `sold` are the pieces of the last `DAYS_LOOKED_AT` days by product id.
    """
    if not rules.is_on:
        return {}
    plan: dict[str, int] = {}
    room, value = rules.most, rules.most_amount.minor
    fit = [product for product in products if sold.get(product.id, 0) > 0 and _is_fit(product, rules)]
    for product in sorted(fit, key=lambda each: (-sold[each.id], each.id)):
        wanted = -(-sold[product.id] * rules.cover_days // DAYS_LOOKED_AT)
        count = min(wanted, room, value // product.face.minor)
        if count > 0:
            plan[product.id] = count
            room -= count
            value -= count * product.face.minor
    return plan


def _is_fit(product: Product, rules: LeaseRules) -> bool:
    return (
        product.kind is ProductKind.CODE
        and product.leasable
        and product.risk_class != "high"
        and 0 < product.face.minor <= rules.most_face.minor
    )


def pieces(cards: Iterable[LeasedCard], parts: int) -> list[tuple[LeasedCard, ...]]:
    """Cards by the piece that is sold: a kit as a whole or not at all, in the order in which they came."""
    kits: dict[tuple[str, str], list[LeasedCard]] = {}
    for card in cards:
        kits.setdefault((card.lease_id, card.kit_id), []).append(card)
    return [tuple(kit) for kit in kits.values() if len(kit) == parts]


def cover(line: SaleLine, held: Sequence[LeasedCard], *, has_ended: bool) -> tuple[LeasedCard, ...]:
    """The cards for one line, bound to nothing yet; NotSoldOffline when they do not suffice.

    `held` are those that may be bound now; `has_ended` says that others are there whose lease ends too soon.
    """
    product = line.product
    if product.kind is not ProductKind.CODE:
        raise NotSoldOffline(product_id=product.id, why="top_up")
    if not product.leasable:
        raise NotSoldOffline(product_id=product.id, why="not_leased")
    found = pieces(held, product.parts)
    if len(found) < line.quantity:
        why = "expired" if has_ended else "too_few" if found else "not_leased"
        raise NotSoldOffline(product_id=product.id, why=why)
    return tuple(card for piece in found[: line.quantity] for card in piece)
