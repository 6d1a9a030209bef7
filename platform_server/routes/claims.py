"""The doors of a claim: make one, ask where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from platform_server.domain.claims import Claimed, ClaimReason, Evidence
from platform_server.domain.errors import BadRequest
from platform_server.domain.reservation import StepCall, parse_key
from platform_server.flows.open_claim import OpenClaim
from platform_server.flows.read_claim import ClaimView, ReadClaim
from platform_server.ports.world import Clock
from platform_server.routes import messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.claim_messages import ClaimReply, ClaimRequest
from platform_server.routes.guard import Visit
from platform_server.routes.problems import write_instant
from platform_server.routes.sales import sealed_cards

ClaimId = Annotated[str, Path(pattern=m.UUID7)]


@dataclass(frozen=True, slots=True)
class ClaimFlows:
    """What these doors open on."""

    open: OpenClaim
    read: ReadClaim
    clock: Clock


def claim_routes(flows: ClaimFlows) -> APIRouter:
    """Both, under /v1/claims."""
    router = APIRouter(prefix="/v1/claims", responses=REFUSALS, tags=["claims"])

    @router.post("", response_model=ClaimReply)
    async def claim(request: Request, body: ClaimRequest) -> Response:
        visit: Visit = request.state.visit
        attempt = parse_key(visit.key, body.sale_id, "claim")
        call = StepCall(body.sale_id, "claim", attempt, visit.fingerprint, body.epoch)
        view = await flows.open(visit.caller, call, _claimed(body))
        return reply(_told(view, flows), is_replay=view.is_replay)

    @router.get("/{claim_id}", response_model=ClaimReply)
    async def read_claim(request: Request, claim_id: ClaimId) -> Response:
        visit: Visit = request.state.visit
        return reply(_told(await flows.read(visit.caller, claim_id), flows))

    return router


def _claimed(body: ClaimRequest) -> Claimed:
    for place, each in enumerate(body.evidence):
        if (each.kind == "file") != (each.sha256 is not None):
            raise BadRequest.at(f"body.evidence.{place}.sha256", "a file has one, a text has none")
    evidence = tuple(Evidence(each.kind, each.text, each.sha256) for each in body.evidence)
    return Claimed(body.card_id, body.line_id, ClaimReason(body.reason), evidence, body.person)


def _told(view: ClaimView, flows: ClaimFlows) -> ClaimReply:
    claim, decision = view.claim, view.claim.decision
    refund = None if decision is None else decision.refund
    return ClaimReply.model_construct(
        claim_id=claim.id,
        sale_id=claim.sale_id,
        line_id=claim.line_id,
        card_id=claim.card_id,
        reason=claim.reason.value,
        state=claim.state.value,
        due_at=write_instant(claim.due_at),
        outcome=decision.outcome.value if decision and decision.outcome else None,
        refund=None if refund is None else m.MoneyMessage.of(refund),
        note=None if decision is None else decision.note,
        cards=sealed_cards(view.sealed),
        server_time=write_instant(flows.clock.now()),
    )
