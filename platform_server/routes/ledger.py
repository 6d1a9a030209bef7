"""The doors to what tills wrote: a ledger comes in and goes back, and the log over all of them is told and proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from platform_server.domain.errors import BadRequest
from platform_server.flows.accept_ledger import AcceptLedger
from platform_server.flows.read_ledger import ReadLedger
from platform_server.flows.read_log import ProveEntry, ProveGrowth, TellLog
from platform_server.ports.world import Clock
from platform_server.routes import ledger_messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.messages import LedgerHeadMessage
from platform_server.routes.problems import JSON, write_instant

_MOST = 2**53
_Number = Annotated[int, Query(ge=0, le=_MOST)]


@dataclass(frozen=True, slots=True)
class LedgerFlows:
    """What these doors open on."""

    accept: AcceptLedger
    read: ReadLedger
    tell_log: TellLog
    prove_entry: ProveEntry
    prove_growth: ProveGrowth
    clock: Clock


def ledger_routes(flows: LedgerFlows) -> APIRouter:
    """All five, under /v1."""
    router = APIRouter(prefix="/v1", responses=REFUSALS, tags=["ledger"])

    @router.post("/ledger", response_model=m.LedgerReply)
    async def ledger(request: Request, body: m.LedgerRequest) -> Response:
        visit: Visit = request.state.visit
        expected = f"{visit.caller.till_id}:ledger:{body.from_seq}"
        if visit.key != expected:
            raise BadRequest.at("idempotency-key", f"expected {expected}")
        if body.entries and body.entries[0].seq != body.from_seq:
            raise BadRequest.at("body.from_seq", "not the seq of the first entry")
        entries = [entry.model_dump() for entry in body.entries]
        accepted = await flows.accept(visit.caller, body.epoch, entries)
        head = accepted.head
        told = m.LedgerReply.model_construct(
            acked_seq=head.seq,
            checkpoint=LedgerHeadMessage.model_construct(seq=head.seq, head=head.head),
            log=m.LogPointMessage.of(accepted.log),
            server_time=_now(flows),
        )
        return reply(told)

    @router.get("/ledger/{epoch}", response_model=m.ReadBackReply)
    async def read_back(
        request: Request,
        epoch: Annotated[int, Path(ge=1, le=2**31)],
        after: _Number = 0,
        limit: Annotated[int | None, Query(ge=1, le=500)] = None,
    ) -> Response:
        visit: Visit = request.state.visit
        back = await flows.read(visit.caller, epoch, after, limit)
        # Byte for byte as they are stored: what is hashed and signed must not be written anew.
        entries = [msgspec.Raw(text) for text in back.entries]
        told = {"entries": entries, "acked_seq": back.acked_seq, "server_time": _now(flows)}
        return Response(msgspec.json.encode(told), headers={"cache-control": "no-store"}, media_type=JSON)

    _log_routes(router, flows)
    return router


def _log_routes(router: APIRouter, flows: LedgerFlows) -> None:
    @router.get("/log/checkpoint", response_model=m.LogReply)
    async def checkpoint(request: Request) -> Response:
        visit: Visit = request.state.visit
        signed = m.LogPointMessage.of(await flows.tell_log(visit.caller))
        return reply(m.LogReply.model_construct(log=signed, server_time=_now(flows)))

    @router.get("/log/inclusion", response_model=m.InclusionReply)
    async def inclusion(
        request: Request,
        epoch: Annotated[int, Query(ge=1, le=2**31)],
        seq: Annotated[int, Query(ge=1, le=_MOST)],
        size: Annotated[int | None, Query(ge=1, le=_MOST)] = None,
    ) -> Response:
        visit: Visit = request.state.visit
        proof = await flows.prove_entry(visit.caller, epoch, seq, size)
        path = [each.hex() for each in proof.path]
        return reply(
            m.InclusionReply.model_construct(
                index=proof.index, size=proof.size, path=path, server_time=_now(flows)
            )
        )

    @router.get("/log/consistency", response_model=m.ConsistencyReply)
    async def consistency(
        request: Request,
        first: Annotated[int, Query(alias="from", ge=0, le=_MOST)],
        second: Annotated[int, Query(alias="to", ge=0, le=_MOST)],
    ) -> Response:
        visit: Visit = request.state.visit
        path = [each.hex() for each in await flows.prove_growth(visit.caller, first, second)]
        return reply(m.ConsistencyReply.model_construct(path=path, server_time=_now(flows)))


def _now(flows: LedgerFlows) -> str:
    return write_instant(flows.clock.now())
