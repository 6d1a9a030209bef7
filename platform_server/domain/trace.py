"""The whole history of one card as one answer, from its supplier's batch to the slip, chained so that an edit shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from platform_server.domain.actions import ActionHead, ChainedAction
from platform_server.domain.canonical import canonical_json, fingerprint
from platform_server.domain.cards import CardRecord, CardState
from platform_server.domain.claims import Claim
from platform_server.domain.leases import Lease, LeasedCard, LeasedState
from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.reservation import Reservation, ReservationState, StepDone

FIRST_TRACE_PREV = "0" * 64
# What a till's entry may say in a trace: ids and figures, never a text that somebody typed.
_TOLD = ("receipt_number", "copy", "cashier_id", "authoriser_id", "amount_minor", "line_id", "total_minor")
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
_STEPS = {"reserve": "reserved", "confirm": "sold", "cancel": "cancelled", "ack": "delivered"}


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """One thing that happened to a card; `source` is where it stands: "row", "action" or "till"."""

    at: datetime
    kind: str
    actor: str
    source: str
    sale_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "at": self.at.isoformat(timespec="microseconds"), "detail": dict(self.detail)}


@dataclass(frozen=True, slots=True)
class SoldIn:
    """A sale that a card belonged to, and the calls that made it."""

    sale: Reservation
    steps: Sequence[StepDone]


@dataclass(frozen=True, slots=True, repr=False)
class CardFacts:
    """Everything that is written about one card; entries by till, as the tills pushed them."""

    card: CardRecord
    sales: Sequence[SoldIn]
    claims: Sequence[Claim]
    actions: Sequence[ChainedAction]
    entries: Mapping[str, Sequence[LedgerEntry]]
    leased: Sequence[tuple[Lease, LeasedCard]] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer. `contradictions` are sentences: empty when rows, chain and the tills' ledgers say the same.

    `head` is where the chain of actions stands now; whoever keeps it can tell later that nothing was changed.
    """

    card_id: str
    product_id: str
    masked: str
    state: CardState
    events: Sequence[TraceEvent]
    contradictions: Sequence[str]
    head: ActionHead

    def told(self) -> dict[str, Any]:
        """As plain JSON; each event carries the hash of the one before, the answer the last of them."""
        prev, events = FIRST_TRACE_PREV, []
        for event in self.events:
            link = {**event.told(), "prev": prev}
            prev = hashlib.sha256(canonical_json(link)).hexdigest()
            events.append({**link, "hash": prev})
        return {
            "card_id": self.card_id,
            "product_id": self.product_id,
            "masked": self.masked,
            "state": self.state.value,
            "events": events,
            "hash": prev,
            "contradictions": list(self.contradictions),
            "actions_head": {"seq": self.head.seq, "hash": self.head.hash},
        }


def events_of(facts: CardFacts) -> tuple[TraceEvent, ...]:
    """In the order of time; what happened at once stands in the order of its cause."""
    found = [_import_of(facts.card), *_sale_events(facts), *_lease_events(facts), *_till_events(facts)]
    for chained in facts.actions:
        action = chained.action
        detail = {**action.detail, "reason": action.reason, "action": chained.seq}
        if action.authoriser is not None:
            detail["authoriser"] = action.authoriser
        sale_id = action.detail.get("sale_id")
        found.append(TraceEvent(action.at, action.what, action.actor, "action", sale_id, detail))
    card = facts.card
    if card.boxed.held.state is CardState.EXPIRED and card.sell_by is not None:
        found.append(TraceEvent(card.sell_by, "expired", "platform", "row"))
    return tuple(sorted(found, key=lambda event: event.at))


def _import_of(card: CardRecord) -> TraceEvent:
    label = card.boxed.label
    detail = {
        "batch_id": label.batch_id,
        "supplier_batch": card.supplier_batch,
        "supplier_id": card.provenance.supplier_id,
        "reference": card.provenance.reference,
        "received_at": card.provenance.received_at.isoformat(),
        "product_id": label.product_id,
    }
    return TraceEvent(card.imported_at, "imported", "platform", "row", None, detail)


def _sale_events(facts: CardFacts) -> list[TraceEvent]:
    """What the calls of the till did to the card."""
    found = []
    for sold in facts.sales:
        sale = sold.sale
        for step in sold.steps:
            if step.step not in _STEPS or (_is_reissued(facts) and step.step in ("reserve", "confirm")):
                continue
            detail: dict[str, Any] = {"attempt": step.attempt}
            if step.step == "ack":
                detail |= {"printed": facts.card.printed, "copies": facts.card.copies}
            actor, kind = f"till:{sale.till_id}", _STEPS[step.step]
            found.append(TraceEvent(step.at, kind, actor, "row", sale.sale_id, detail))
    return found


_LEASE_ENDS = {
    LeasedState.SOLD: "sold_offline",
    LeasedState.RETURNED: "lease_returned",
    LeasedState.QUARANTINED: "lease_quarantined",
}


def _lease_events(facts: CardFacts) -> list[TraceEvent]:
    """When a till got it to sell without us, and what became of it there."""
    found = []
    for lease, card in facts.leased:
        detail, actor = {"lease_id": lease.lease_id}, f"till:{lease.till_id}"
        found.append(TraceEvent(card.leased_at, "leased", actor, "row", None, detail))
        if card.state in _LEASE_ENDS:
            kind = _LEASE_ENDS[card.state]
            found.append(TraceEvent(card.changed_at, kind, actor, "row", card.sale_id, detail))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry of a till's ledger, read; what a till writes is its own, so nothing of its body is relied upon."""

    seq: int
    at: datetime
    day: str
    kind: str
    body: Mapping[str, Any]

    @property
    def sale_id(self) -> str:
        return str(self.body.get("sale_id"))

    @property
    def card_id(self) -> str | None:
        """The one card that it speaks of, None when it speaks of the sale."""
        named = self.body.get("card_id") or (self.body.get("paper") == "code" and self.body.get("subject"))
        return str(named) if named else None

    @property
    def is_reveal(self) -> bool:
        return self.kind in ("code_revealed", "code_shown")


def _read(entry: LedgerEntry) -> _Told | None:
    try:
        told = json.loads(entry.text)
        at = datetime.fromisoformat(told["at"])
        return _Told(entry.seq, at, told["business_date"], told["kind"], dict(told["body"]))
    except _UNREADABLE:
        return None


def _till_events(facts: CardFacts) -> list[TraceEvent]:
    found = []
    for till_id, entries in facts.entries.items():
        for told in filter(None, map(_read, entries)):
            if told.card_id in (None, facts.card.boxed.held.card_id):
                facts_told = {
                    name: told.body[name] for name in _TOLD if isinstance(told.body.get(name), (str, int))
                }
                detail = {**facts_told, "seq": told.seq}
                event = TraceEvent(
                    told.at, f"till_{told.kind}", f"till:{till_id}", "till", told.sale_id, detail
                )
                found.append(event)
    return found


def contradictions_of(facts: CardFacts) -> tuple[str, ...]:
    """Where rows, the chain of actions and the tills' own entries do not say the same."""
    return (*_against_actions(facts), *_against_tills(facts))


def _against_actions(facts: CardFacts) -> list[str]:
    found = []
    held = facts.card.boxed.held
    done = [c.action.what for c in facts.actions if c.action.subject == f"card:{held.item_id}"]
    if (held.state is CardState.VOID) != ("card_voided" in done):
        found.append(f"the card is {held.state.value}, its actions say {done or 'nothing'}")
    known = {claim.id for claim in facts.claims}
    named = [(chained.seq, chained.action.detail.get("claim_id")) for chained in facts.actions]
    found += [
        f"action {seq} names a claim that is not of this card" for seq, i in named if i and i not in known
    ]
    told = {(c.action.subject, c.action.what): c.action for c in facts.actions}
    for claim in facts.claims:
        opened = told.get((f"claim:{claim.id}", "claim_opened"))
        evidence = fingerprint([asdict(each) for each in claim.evidence])
        if opened is None or opened.detail != {**opened.detail, **_opening(claim), "evidence": evidence}:
            found.append(f"claim {claim.id} is not what was opened")
        decision = claim.decision
        approved = told.get((f"claim:{claim.id}", "claim_approved"))
        is_approved = decision is not None and decision.outcome is not None
        if is_approved != (approved is not None):
            found.append(f"claim {claim.id} is {claim.state.value}, its actions say otherwise")
        elif decision is not None and approved is not None:
            refund = None if decision.refund is None else decision.refund.minor
            said = (str(decision.outcome), refund, decision.new_card_id)
            if said != tuple(approved.detail[name] for name in ("outcome", "refund_minor", "new_card_id")):
                found.append(f"claim {claim.id} was decided otherwise")
    return found


def _opening(claim: Claim) -> dict[str, Any]:
    return {"sale_id": claim.sale_id, "line_id": claim.line_id, "card_id": claim.card_id}


def _against_tills(facts: CardFacts) -> list[str]:
    found: list[str] = []
    for till_id, entries in facts.entries.items():
        read = [_read(entry) for entry in entries]
        for entry, told in zip(entries, read, strict=True):
            try:
                words = ["cannot be read"] if told is None else _against_entry(facts, till_id, told)
            except _UNREADABLE:
                words = ["is not of the known form"]
            found += [f"entry {entry.seq} of till {till_id} {each}" for each in words]
        found += _against_copies(facts, till_id, [told for told in read if told is not None])
    return found


def _against_entry(facts: CardFacts, till_id: str, told: _Told) -> list[str]:
    card_id = facts.card.boxed.held.card_id
    sale = _sale_of(facts, till_id, told)
    if sale is None:
        if (till_id, told.sale_id) in {(lease.till_id, card.sale_id) for lease, card in facts.leased}:
            return []
        has_card = told.card_id == card_id or card_id in told.body.get("cards", ())
        is_odd = has_card and (told.is_reveal or told.kind == "sale_confirmed")
        return [f"has the card in sale {told.sale_id}"] if is_odd else []
    is_cancelled = sale.state is ReservationState.CANCELLED
    if told.kind == "sale_cancelled" and not is_cancelled:
        return [f"cancels the sale, which is {sale.state.value}"]
    if told.is_reveal and told.card_id == card_id and is_cancelled:
        return ["reveals the code, its sale is CANCELLED"]
    if told.kind == "sale_confirmed" and card_id not in told.body["cards"] and not _is_reissued(facts):
        return ["got other cards for the sale"]
    return _odd_payment(sale, told) if told.kind == "sale_paid" else []


def _sale_of(facts: CardFacts, till_id: str, told: _Told) -> Reservation | None:
    sales = [sold.sale for sold in facts.sales]
    mine = [sale for sale in sales if (sale.till_id, sale.sale_id) == (till_id, told.sale_id)]
    return mine[0] if mine else None


def _is_reissued(facts: CardFacts) -> bool:
    """Whether it took another's place: it was then neither reserved nor sold anew."""
    item_id = facts.card.boxed.held.item_id
    return any(claim.decision and claim.decision.new_card_id == item_id for claim in facts.claims)


def _against_copies(facts: CardFacts, till_id: str, told: Sequence[_Told]) -> list[str]:
    """A till writes that it reveals before it does, so it never acknowledged more copies than it wrote."""
    if not any(_sale_of(facts, till_id, each) for each in told):
        return []
    card = facts.card
    revealed = sum(each.is_reveal and each.card_id == card.boxed.held.card_id for each in told)
    return [] if card.copies <= revealed else [f"till {till_id} revealed {revealed} copies of {card.copies}"]


def _odd_payment(sale: Reservation, told: _Told) -> list[str]:
    found = []
    if told.day != sale.business_date:
        found.append(f"is of {told.day}, the sale of {sale.business_date}")
    lines = told.body["lines"]
    said = {(line["line_id"], line["product_id"], line["quantity"]) for line in lines}
    if said != {(line.line_id, line.product_id, line.quantity) for line in sale.lines}:
        found.append("has other lines than the sale")
    most = {line["line_id"]: line["cost_minor"] for line in lines}
    if any(line.unit_cost.minor > most.get(line.line_id, 0) for line in sale.lines):
        found.append("agreed to a lower cost than the sale has")
    if sale.evidence is not None:
        paid = sorted(each["amount"]["minor"] for each in json.loads(sale.evidence).get("payments", []))
        if paid != sorted(each["amount_minor"] for each in told.body["payments"]):
            found.append("has other payments than the sale")
    return found
