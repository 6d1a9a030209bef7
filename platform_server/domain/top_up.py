"""A top-up on its way to an account, and what each answer of a supplier makes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from platform_server.domain.canonical import binding
from platform_server.domain.money import Money


class TopUpState(StrEnum):
    """ACCEPTED -> SUBMITTING -> OK | FAILED_FINAL | UNKNOWN -> ... | MANUAL (a person must look)."""

    ACCEPTED = "ACCEPTED"
    SUBMITTING = "SUBMITTING"
    UNKNOWN = "UNKNOWN"
    OK = "OK"
    FAILED_FINAL = "FAILED_FINAL"
    MANUAL = "MANUAL"


OPEN_STATES = (TopUpState.ACCEPTED, TopUpState.SUBMITTING, TopUpState.UNKNOWN)
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 60.0
# Longer than any supplier works on one order: silence is then for a person.
_GIVE_UP_AFTER = timedelta(hours=24)


class SupplierState(StrEnum):
    """What a supplier may say of an order; NOT_FOUND is never final."""

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """One answer to an order or a question; None in place of it means that no usable answer came."""

    state: SupplierState
    supplier_order: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TopUp:
    """One order at a supplier; `reference` comes from the sale, so a repeat is never a second one."""

    id: str
    reservation_id: str
    shop_id: str
    line_id: str
    product_id: str
    account: str
    face: Money
    cost: Money
    state: TopUpState
    reference: str
    accepted_at: datetime
    next_at: datetime
    tries: int = 0
    supplier_order: str | None = None
    reason: str | None = None

    def answered(self, answer: SupplierAnswer | None, now: datetime) -> TopUp:
        """The order after an answer, or after none (None)."""
        order = self.supplier_order if answer is None else answer.supplier_order or self.supplier_order
        if answer is not None and answer.state is SupplierState.SUCCESS:
            return replace(self, state=TopUpState.OK, supplier_order=order, reason=None)
        if answer is not None and answer.state is SupplierState.FAILED:
            return replace(self, state=TopUpState.FAILED_FINAL, supplier_order=order, reason=answer.reason)
        is_working = answer is not None and answer.state is SupplierState.PROCESSING
        state = TopUpState.SUBMITTING if is_working else TopUpState.UNKNOWN
        if now - self.accepted_at > _GIVE_UP_AFTER:
            state = TopUpState.MANUAL
        wait_s = min(_FIRST_WAIT_S * 2 ** min(self.tries, 10), _LONGEST_WAIT_S)
        next_at = now + timedelta(seconds=wait_s)
        return replace(self, state=state, supplier_order=order, tries=self.tries + 1, next_at=next_at)


def top_up_reference(shop_id: str, till_id: str, sale_id: str, line_id: str) -> str:
    """The same for the same line for ever: "TU" and 30 hex digits."""
    parts = binding("pos-top-up-1", shop_id, till_id, sale_id, line_id)
    return "TU" + hashlib.sha256(parts).hexdigest()[:30]
