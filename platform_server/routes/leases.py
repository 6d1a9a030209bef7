"""The doors of a lease: fill it, give cards back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from platform_server.domain.leases import LeasedState
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.reservation import StepCall, parse_key
from platform_server.domain.tills import to_base64url
from platform_server.flows.grant_lease import GrantLease, LeaseView
from platform_server.flows.return_lease import ReturnLease
from platform_server.ports.world import Clock
from platform_server.routes import lease_messages as lm
from platform_server.routes import messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.problems import write_instant

LeaseId = Annotated[str, Path(pattern=m.UUID7)]


@dataclass(frozen=True, slots=True)
class LeaseFlows:
    """What these doors open on."""

    grant: GrantLease
    take_back: ReturnLease
    clock: Clock


def lease_routes(flows: LeaseFlows) -> APIRouter:
    """Both, under /v1/leases/{lease_id}."""
    router = APIRouter(prefix="/v1/leases/{lease_id}", responses=REFUSALS, tags=["leases"])

    @router.put("", response_model=lm.LeaseReply)
    async def lease(request: Request, lease_id: LeaseId, body: lm.LeaseRequest) -> Response:
        visit: Visit = request.state.visit
        view = await flows.grant(visit.caller, _call(visit, lease_id, "lease", body.epoch), body.plan)
        return reply(_told(view, write_instant(flows.clock.now())), is_replay=view.is_replay)

    @router.post("/return", response_model=lm.ReturnReply)
    async def give_back(request: Request, lease_id: LeaseId, body: lm.ReturnRequest) -> Response:
        visit: Visit = request.state.visit
        call = _call(visit, lease_id, "return", body.epoch)
        proof = LedgerHead(body.proof.seq, body.proof.head)
        view = await flows.take_back(visit.caller, call, body.card_ids, proof)
        now = write_instant(flows.clock.now())
        told = lm.ReturnReply.model_construct(lease_id=lease_id, state=view.state.value, server_time=now)
        return reply(told, is_replay=view.is_replay)

    return router


def _call(visit: Visit, lease_id: str, step: str, epoch: int) -> StepCall:
    return StepCall(lease_id, step, parse_key(visit.key, lease_id, step), visit.fingerprint, epoch)


def _told(view: LeaseView, now: str) -> lm.LeaseReply:
    lease = view.lease
    cards = [
        lm.LeasedCardMessage.model_construct(
            card_id=card.card_id,
            product_id=card.product_id,
            kind=card.payload,
            face=m.MoneyMessage.of(card.face),
            sealed=to_base64url(card.sealed),
        )
        for card in view.sealed
    ]
    caps = lm.LeaseCapsMessage.model_construct(
        most=lease.most, most_amount=m.MoneyMessage.of(lease.most_amount)
    )
    return lm.LeaseReply.model_construct(
        lease_id=lease.lease_id,
        state=view.state.value,
        cards=cards,
        caps=caps,
        expires_at=write_instant(lease.expires_at),
        server_time=now,
    )


def lease_message(view: LeaseView) -> lm.LeaseMessage:
    """A lease as the account tells it."""
    lease = view.lease
    counts = Counter(card.state for card in view.cards)
    held = Money.sum((card.cost for card in view.cards if card.is_out), lease.most_amount.currency)
    return lm.LeaseMessage.model_construct(
        lease_id=lease.lease_id,
        state=view.state.value,
        epoch=lease.epoch,
        expires_at=write_instant(lease.expires_at),
        leased=counts[LeasedState.LEASED],
        quarantined=counts[LeasedState.QUARANTINED],
        sold=counts[LeasedState.SOLD],
        returned=counts[LeasedState.RETURNED],
        held=m.MoneyMessage.of(held),
    )
