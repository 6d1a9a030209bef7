"""A sale as the platform holds it, from the reserved card to the delivered one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.errors import BadRequest
from platform_server.domain.money import Money


class ReservationState(StrEnum):
    """RESERVED -> SOLD -> DELIVERED; EXPIRED may be filled again, CANCELLED is for ever."""

    RESERVED = "RESERVED"
    SOLD = "SOLD"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


STEPS = ("reserve", "confirm", "cancel", "ack", "claim", "lease", "return")


@dataclass(frozen=True, slots=True)
class Caller:
    """The till that signed the request, and the shop it belongs to."""

    shop_id: str
    till_id: str


@dataclass(frozen=True, slots=True)
class StepCall:
    """One call under its idempotency key; `fingerprint` is that of the canonical body.

    A cancel says the same in every epoch: its `fingerprint` is of the body without that, and `as_before` of all of it,
    by which cancels were known before.
    """

    sale_id: str
    step: str
    attempt: int
    fingerprint: str
    epoch: int
    as_before: str | None = None


@dataclass(frozen=True, slots=True)
class StepDone:
    """A call that had its effect."""

    step: str
    attempt: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WantedLine:
    """What the till asks for: `max_unit_cost` is the most it will pay for one."""

    line_id: str
    product_id: str
    quantity: int
    version: int
    max_unit_cost: Money
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """What was promised: cost of one, and for a top-up the checked fields."""

    line_id: str
    product_id: str
    quantity: int
    unit_cost: Money
    is_top_up: bool
    fields: Mapping[str, str]

    @property
    def cost(self) -> Money:
        """Of the whole line."""
        return self.unit_cost * self.quantity


@dataclass(frozen=True, slots=True)
class Reservation:
    """The state of one sale of one till; `held` is the wallet's money promised to it now.

    A tombstone (a cancel that came first) is CANCELLED and has no lines. `evidence` is the canonical JSON of
    the payments once confirmed; `changed_at` the time of the last step. `cashier` and `approved_by` are the
    till's own ids. Until `cooling_until` nothing is handed over; a sale frozen meanwhile stays shut, and
    `handed_at` says when its codes first left.
    """

    id: str
    shop_id: str
    till_id: str
    sale_id: str
    state: ReservationState
    attempt: int
    epoch: int
    business_date: str
    lines: tuple[ReservedLine, ...]
    held: Money
    expires_at: datetime
    changed_at: datetime
    evidence: str | None = None
    reason: str | None = None
    cashier: str | None = None
    approved_by: str | None = None
    cooling_until: datetime | None = None
    frozen_at: datetime | None = None
    frozen_why: str | None = None
    handed_at: datetime | None = None

    @property
    def is_withheld(self) -> bool:
        """Its codes come later than the sale, and have not come yet."""
        has_codes = any(not line.is_top_up for line in self.lines)
        return self.cooling_until is not None and self.handed_at is None and has_codes

    def may_hand_over(self, now: datetime) -> bool:
        """Whether a withheld sale may be opened now."""
        return self.frozen_at is None and (self.cooling_until is None or self.cooling_until <= now)

    def starts_at(self, now: datetime) -> datetime | None:
        """When its top-ups may go out: after the cooling, and never (None) while it is frozen."""
        if self.frozen_at is not None:
            return None
        return now if self.cooling_until is None else max(now, self.cooling_until)

    @property
    def cost(self) -> Money:
        """Of all lines at wholesale."""
        return Money.sum((line.cost for line in self.lines), self.held.currency)

    def line(self, line_id: str) -> ReservedLine:
        """The line of that id. Raises KeyError."""
        for line in self.lines:
            if line.line_id == line_id:
                return line
        raise KeyError(line_id)


def parse_key(text: str, sale_id: str, step: str) -> int:
    """The attempt of an idempotency key that must belong to this sale and step. Raises BadRequest."""
    parts = text.split(":")
    if len(parts) != 3 or parts[0] != sale_id or parts[1] != step:
        raise BadRequest.at("idempotency-key", f"expected {sale_id}:{step}:<attempt>")
    number = parts[2]
    if not (number.isascii() and number.isdigit()) or number.startswith("0") or len(number) > 6:
        raise BadRequest.at("idempotency-key", "the attempt is 1, 2, ...")
    return int(number)
