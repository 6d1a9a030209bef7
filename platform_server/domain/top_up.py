"""A top-up on its way to an account, and what each answer of a supplier makes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from platform_server.domain.canonical import binding
from platform_server.domain.ledger import Strange
from platform_server.domain.money import Money


class TopUpState(StrEnum):
    """ACCEPTED -> SUBMITTING -> OK | FAILED_FINAL | UNKNOWN -> ... | MANUAL (a person must look); OK -> REVERSED."""

    ACCEPTED = "ACCEPTED"
    SUBMITTING = "SUBMITTING"
    UNKNOWN = "UNKNOWN"
    OK = "OK"
    FAILED_FINAL = "FAILED_FINAL"
    MANUAL = "MANUAL"
    REVERSED = "REVERSED"


OPEN_STATES = (TopUpState.ACCEPTED, TopUpState.SUBMITTING, TopUpState.UNKNOWN)
GIVEN_BACK = (TopUpState.FAILED_FINAL, TopUpState.REVERSED)
SETTLED_BY_HAND = "settled by hand"
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 60.0
# Longer than any supplier works on one order: silence is then for a person.
_GIVE_UP_AFTER = timedelta(hours=24)
# What a person must decide, or has given money back for, is still asked about: a late answer shall not be missed.
_ASK_MANUAL_EVERY = timedelta(hours=1)
_ASK_DECIDED_EVERY = timedelta(days=1)
_WATCH_FOR = timedelta(days=30)


class SupplierState(StrEnum):
    """What a supplier may say of an order; NOT_FOUND is never final, REVERSED is a success taken back."""

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    REVERSED = "reversed"
    NOT_FOUND = "not_found"


# Who says of an order what we hold already tells no news.
_SAYS = {
    TopUpState.OK: SupplierState.SUCCESS,
    TopUpState.FAILED_FINAL: SupplierState.FAILED,
    TopUpState.REVERSED: SupplierState.REVERSED,
}


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """One answer to an order or a question; None in place of it means that no usable answer came."""

    state: SupplierState
    supplier_order: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackNotice:
    """What a callback says whose signature and time are true; it is never believed, only asked about.

    `state` is None for a word that the supplier's page does not list.
    """

    event_id: str
    reference: str
    supplier_order: str | None
    product_id: str
    face: Money
    state: SupplierState | None


@dataclass(frozen=True, slots=True)
class TopUp:
    """One order at a supplier; `reference` comes from the sale, so a repeat is never a second one.

    `next_at` is when it is asked about next, None until somebody calls for it. `request` is the order as it
    went out, byte for byte. `late_success` says that the supplier succeeded after the money had gone back.
    """

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
    next_at: datetime | None
    tries: int = 0
    supplier_order: str | None = None
    reason: str | None = None
    request: bytes | None = None
    late_success: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it still moves by itself."""
        return self.state in OPEN_STATES

    @property
    def is_given_back(self) -> bool:
        """Whether its money is in the shop's wallet again."""
        return self.state in GIVEN_BACK

    @property
    def told_state(self) -> TopUpState:
        """What the till hears: a reversed one has failed, for its money went back."""
        return TopUpState.FAILED_FINAL if self.is_given_back else self.state

    def may_submit(self, now: datetime) -> bool:
        """Whether an order that the supplier never heard of is sent again under its reference."""
        return self.is_open and now - self.accepted_at <= _GIVE_UP_AFTER

    def is_news(self, state: SupplierState | None) -> bool:
        """Whether a callback that says so is worth a question."""
        return self.state not in _SAYS or _SAYS[self.state] is not state

    def misfit(self, notice: CallbackNotice) -> str | None:
        """Which part of a callback speaks of something else than this order, if any."""
        if notice.face != self.face:
            return "amount"
        if notice.product_id != self.product_id:
            return "product"
        both = {self.supplier_order, notice.supplier_order} - {None}
        return "order" if len(both) > 1 else None

    def answered(self, answer: SupplierAnswer | None, now: datetime) -> Turn:
        """What an answer, or none (None), makes of the order; what was final once moves no money twice."""
        told = self
        if answer is not None and self.supplier_order is None:
            told = replace(self, supplier_order=answer.supplier_order)
        if answer is None or answer.state in (SupplierState.PROCESSING, SupplierState.NOT_FOUND):
            return Turn(_waiting(told, answer, now))
        other = told.supplier_order != (answer.supplier_order or told.supplier_order)
        odd = (_strange(self, "top_up_two_orders", f"is also {answer.supplier_order}"),) if other else ()
        at_rest = replace(told, next_at=None)
        if answer.state is SupplierState.SUCCESS:
            turn = _succeeded(at_rest)
        elif answer.state is SupplierState.FAILED:
            turn = _failed(at_rest, answer.reason)
        else:
            turn = _reversed(at_rest, answer.reason)
        return replace(turn, odd=odd + turn.odd)

    def decided(self, is_success: bool, now: datetime) -> Turn:
        """What a person makes of a MANUAL one; after a refund it is watched for a success that comes late."""
        if is_success:
            return Turn(replace(self, state=TopUpState.OK, next_at=None, reason=None))
        failed = replace(self, state=TopUpState.FAILED_FINAL, reason=SETTLED_BY_HAND)
        return Turn(replace(failed, next_at=now + _ASK_DECIDED_EVERY), gives_back=True)


@dataclass(frozen=True, slots=True)
class Turn:
    """An order after an answer, and what must stand in the same commit.

    `gives_back`: its cost goes back to the shop's wallet; `is_loss`: it is booked as lost; `odd` is for people.
    """

    after: TopUp
    gives_back: bool = False
    is_loss: bool = False
    odd: tuple[Strange, ...] = ()


def _succeeded(top_up: TopUp) -> Turn:
    if not top_up.is_given_back:
        return Turn(replace(top_up, state=TopUpState.OK, reason=None))
    if top_up.late_success:
        return Turn(top_up)
    what = "succeeded after its money went back: a claim at the supplier, the loss is ours until then"
    odd = _strange(top_up, "top_up_late_success", what)
    return Turn(replace(top_up, late_success=True), is_loss=True, odd=(odd,))


def _failed(top_up: TopUp, reason: str | None) -> Turn:
    if top_up.state is TopUpState.OK or top_up.late_success:
        what = "is called failed after it was a success: a claim at the supplier"
        return Turn(top_up, odd=(_strange(top_up, "top_up_contradiction", what),))
    if top_up.is_given_back:
        return Turn(top_up)
    return Turn(replace(top_up, state=TopUpState.FAILED_FINAL, reason=reason), gives_back=True)


def _reversed(top_up: TopUp, reason: str | None) -> Turn:
    if top_up.late_success:
        what = "was a late success and is taken back: the loss can be undone by hand"
        return Turn(top_up, odd=(_strange(top_up, "top_up_loss_undone", what),))
    if top_up.is_given_back:
        return Turn(top_up)
    odd = _strange(
        top_up,
        "top_up_reversed",
        "was taken back by the supplier: the shop has its money again, ours is a claim there",
    )
    after = replace(top_up, state=TopUpState.REVERSED, reason=reason)
    return Turn(after, gives_back=True, odd=(odd,))


def _waiting(top_up: TopUp, answer: SupplierAnswer | None, now: datetime) -> TopUp:
    wait_s = min(_FIRST_WAIT_S * 2 ** min(top_up.tries, 10), _LONGEST_WAIT_S)
    later = replace(top_up, tries=top_up.tries + 1, next_at=now + timedelta(seconds=wait_s))
    if not top_up.is_open:
        watched = _watched(top_up, now)
        if watched is None and answer is None:  # somebody called for it: asked until an answer comes
            return later
        return replace(top_up, next_at=watched)
    if now - top_up.accepted_at > _GIVE_UP_AFTER:
        return replace(top_up, state=TopUpState.MANUAL, next_at=now + _ASK_MANUAL_EVERY)
    is_working = answer is not None and answer.state is SupplierState.PROCESSING
    return replace(later, state=TopUpState.SUBMITTING if is_working else TopUpState.UNKNOWN)


def _watched(top_up: TopUp, now: datetime) -> datetime | None:
    if now - top_up.accepted_at > _WATCH_FOR:
        return None
    if top_up.state is TopUpState.MANUAL:
        return now + _ASK_MANUAL_EVERY
    return now + _ASK_DECIDED_EVERY if top_up.reason == SETTLED_BY_HAND else None


def _strange(top_up: TopUp, kind: str, what: str) -> Strange:
    return Strange(kind, 0, f"top-up {top_up.reference} (order {top_up.supplier_order or '?'}) {what}")


class AttemptKind(StrEnum):
    """What was done for an order: sent, asked about, or decided by a person."""

    SUBMIT = "submit"
    ASK = "ask"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Taken:
    """An order in one worker's hands: what is saved under an older `number` is not taken any more.

    `calls` counts the calls for it that the worker knew of. `request` is what the worker is about to send;
    without it, it asks.
    """

    top_up: TopUp
    number: int
    calls: int
    request: bytes | None = None

    @property
    def kind(self) -> AttemptKind:
        """What the worker does."""
        return AttemptKind.ASK if self.request is None else AttemptKind.SUBMIT

    def sending(self, request: bytes) -> Taken:
        """The same, about to send these bytes."""
        sent = replace(self.top_up, state=TopUpState.SUBMITTING, request=request)
        return replace(self, top_up=sent, request=request)

    def attempt(self, at: datetime) -> Attempt:
        """What is written down before it is done."""
        digest = None if self.request is None else hashlib.sha256(self.request).hexdigest()
        return Attempt(self.top_up.id, self.number, self.kind, at, digest)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing done for an order, written down before it was done; without `outcome` nobody knows how it ended.

    `digest` is the hex SHA-256 of a submitted order. Who decided, and on what evidence, stands in the actions.
    """

    top_up_id: str
    number: int
    kind: AttemptKind
    sent_at: datetime
    digest: str | None = None
    answered_at: datetime | None = None
    outcome: str | None = None


def top_up_reference(shop_id: str, till_id: str, sale_id: str, line_id: str) -> str:
    """The same for the same line for ever: "TU" and 30 hex digits."""
    parts = binding("pos-top-up-1", shop_id, till_id, sale_id, line_id)
    return "TU" + hashlib.sha256(parts).hexdigest()[:30]
