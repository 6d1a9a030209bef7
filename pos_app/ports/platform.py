"""The platform, as `docs/protocol.md` has it. Every call may raise Unreachable (ask again under the same key) or Rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.catalogue import CataloguePage, Payload
from pos_app.domain.lease import Lease, LeaseState
from pos_app.domain.ledger import LedgerEntry, LedgerHead, LogPoint
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, TopUp
from pos_app.domain.till import Account, Enrolment


@dataclass(frozen=True, slots=True)
class Acked:
    """How far the platform holds the chain that was pushed, and its signed word for it if it gave one."""

    seq: int
    point: LogPoint | None = None


@dataclass(frozen=True, slots=True)
class ReservedLine:
    line_id: str
    unit_cost: Money
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reservation:
    """Goods set aside until `expires_at`; by a rule their codes come no sooner than `cools_until`."""

    lines: tuple[ReservedLine, ...]
    expires_at: datetime
    cools_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealedCard:
    line_id: str
    card_id: str
    product_id: str
    payload: Payload
    face: Money
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a confirmed sale brought: sealed cards, and the state of each top-up line as (line_id, TopUp).

    With `reveal_at` it is sold but its cards are withheld until then, or longer when it is frozen.
    """

    cards: tuple[SealedCard, ...]
    top_ups: tuple[tuple[str, TopUp], ...]
    reveal_at: datetime | None = None
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class PrintedCard:
    card_id: str
    is_certain: bool
    copies: int


@dataclass(frozen=True, slots=True)
class SealedLeaseCard:
    card_id: str
    product_id: str
    payload: Payload
    face: Money
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LeaseGrant:
    """A lease as the platform has it now: `cards` are all that may be sold under it, the parts of a kit in a row.

    `most` and `most_amount` are what may be out at this till at once.
    """

    state: LeaseState
    expires_at: datetime
    most: int
    most_amount: Money
    cards: tuple[SealedLeaseCard, ...]


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """A part of the platform's copy of a till's ledger; `acked_seq` is the last number that it holds."""

    entries: tuple[LedgerEntry, ...]
    acked_seq: int


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """Something that happened at the platform (`docs/protocol.md` 9); what it is about is named where that is known."""

    seq: int
    kind: str
    till_id: str | None = None
    sale_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShopEvents:
    """The next of them, in order; `last_seq` is the number of the last that there is."""

    events: tuple[ShopEvent, ...]
    last_seq: int


class Platform(Protocol):
    """Calls never retry by themselves; keys are derived from the sale (`docs/protocol.md` 3)."""

    @property
    def clock_skew_s(self) -> int:
        """By how many seconds this PC's clock was off when the platform last said so; 0 when it agrees."""

    def enrol(self, code: str, till_name: str) -> Enrolment:
        """Join the platform that the code names; EnrolmentCodeWrong when it is mistyped, used or unknown there."""

    def renewal_code(self, enrolment: Enrolment) -> str:
        """A code for the next epoch of this till, where the platform is our own; EnrolmentCodeWrong where people give it."""

    def catalogue_page(self, enrolment: Enrolment, cursor: str | None) -> CataloguePage: ...

    def account(self, enrolment: Enrolment) -> Account: ...

    def reserve(
        self, enrolment: Enrolment, sale: Sale, head: LedgerHead, approved_by: str | None = None
    ) -> Reservation:
        """Set all lines aside, or none. Rejected carries the line's id in `details`.

        `approved_by` is who answers for a sale beyond a cashier's limits.
        """

    def confirm(self, enrolment: Enrolment, sale: Sale) -> Delivery:
        """The sale is paid: hand over. The same answer however often it is asked."""

    def top_ups(self, enrolment: Enrolment, sale_id: str) -> tuple[tuple[str, TopUp], ...]:
        """The present state of each top-up line."""

    def cancel(self, enrolment: Enrolment, sale_id: str, reason: str) -> None:
        """Never deliver this sale; also when the platform has not heard of it yet."""

    def acknowledge(
        self, enrolment: Enrolment, sale_id: str, cards: Sequence[PrintedCard], receipt_hash: str
    ) -> None: ...

    def events(self, enrolment: Enrolment, after: int, most: int) -> ShopEvents:
        """What happened in this shop after that number; kept for 90 days."""

    def push_ledger(self, enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        """The last number the platform holds now."""

    def fill_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseGrant:
        """What the lease's `filling` asks for; the same attempt tells the lease as it is now."""

    def return_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseState:
        """The cards of the lease's `returning` were destroyed and the ledger that says so was pushed."""

    def ledger_copy(self, enrolment: Enrolment, epoch: int, after: int, most: int) -> LedgerCopy:
        """What the platform holds of this till's ledger of that epoch, from number `after` + 1 on."""
