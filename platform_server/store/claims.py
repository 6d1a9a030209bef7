"""Claims in SQL."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.canonical import canonical_json
from platform_server.domain.claims import Claim, ClaimOutcome, ClaimReason, ClaimState, Decision, Evidence
from platform_server.domain.money import Money
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import claims


class SqlClaims:
    """Implements ports.claim_shelf.ClaimShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, claim: Claim) -> None:
        await self._connection.execute(insert(claims).values(**_row(claim), **_decision_row(claim)))

    async def find(self, claim_id: str) -> Claim | None:
        row = (await self._connection.execute(select(claims).where(claims.c.id == claim_id))).one_or_none()
        return None if row is None else _claim(row)

    async def save(self, claim: Claim) -> None:
        query = update(claims).where(claims.c.id == claim.id).values(**_decision_row(claim))
        await self._connection.execute(query)

    async def of_reservation(self, reservation_id: str) -> tuple[Claim, ...]:
        query = select(claims).where(claims.c.reservation_id == reservation_id)
        rows = await self._connection.execute(query.order_by(claims.c.opened_at, claims.c.id))
        return tuple(_claim(row) for row in rows)

    async def page(self, states: Collection[ClaimState], limit: int) -> tuple[Claim, ...]:
        query = select(claims).where(claims.c.state.in_([state.value for state in states]))
        rows = await self._connection.execute(query.order_by(claims.c.due_at, claims.c.id).limit(limit))
        return tuple(_claim(row) for row in rows)


def _row(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "shop_id": claim.shop_id,
        "till_id": claim.till_id,
        "sale_id": claim.sale_id,
        "attempt": claim.attempt,
        "reservation_id": claim.reservation_id,
        "line_id": claim.line_id,
        "card_id": claim.card_id,
        "reason": claim.reason.value,
        "evidence": canonical_json([asdict(each) for each in claim.evidence]).decode(),
        "cost_minor": claim.cost.minor,
        "currency": claim.cost.currency,
        "opened_by": claim.opened_by,
        "opened_at": to_micros(claim.opened_at),
        "due_at": to_micros(claim.due_at),
    }


def _decision_row(claim: Claim) -> dict[str, Any]:
    decision = claim.decision
    if decision is None:
        return {"state": claim.state.value}
    return {
        "state": claim.state.value,
        "decided_at": to_micros(decision.at),
        "decided_by": decision.by,
        "authoriser": decision.authoriser,
        "note": decision.note,
        "proof": decision.proof,
        "outcome": None if decision.outcome is None else decision.outcome.value,
        "refund_minor": None if decision.refund is None else decision.refund.minor,
        "new_card_id": decision.new_card_id,
    }


def _claim(row: Any) -> Claim:
    return Claim(
        id=row.id,
        shop_id=row.shop_id,
        till_id=row.till_id,
        sale_id=row.sale_id,
        attempt=row.attempt,
        reservation_id=row.reservation_id,
        line_id=row.line_id,
        card_id=row.card_id,
        reason=ClaimReason(row.reason),
        evidence=tuple(Evidence(**each) for each in json.loads(row.evidence)),
        cost=Money(row.cost_minor, row.currency),
        opened_by=row.opened_by,
        opened_at=from_micros(row.opened_at),
        due_at=from_micros(row.due_at),
        state=ClaimState(row.state),
        decision=_decision(row),
    )


def _decision(row: Any) -> Decision | None:
    if row.decided_at is None:
        return None
    return Decision(
        at=from_micros(row.decided_at),
        by=row.decided_by,
        authoriser=row.authoriser,
        note=row.note,
        proof=row.proof,
        outcome=None if row.outcome is None else ClaimOutcome(row.outcome),
        refund=None if row.refund_minor is None else Money(row.refund_minor, row.currency),
        new_card_id=row.new_card_id,
    )
