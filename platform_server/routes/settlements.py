"""The door to settled days: a shop reads its own files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from platform_server.domain.errors import BadRequest
from platform_server.domain.tills import to_base64url
from platform_server.flows.settle import ReadSettlement
from platform_server.ports.world import Clock
from platform_server.routes import messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.problems import write_instant


class SettlementReply(m.Message):
    """The file of a business date as text, and what it says of itself."""

    date: m.Day
    count: m.Count
    charged: m.MoneyMessage
    returned: m.MoneyMessage
    sha256: str
    keyid: str
    signature: str
    file: str
    server_time: m.Instant


@dataclass(frozen=True, slots=True)
class SettlementFlows:
    """What this door opens on."""

    read: ReadSettlement
    clock: Clock


def settlement_routes(flows: SettlementFlows) -> APIRouter:
    """One, under /v1."""
    router = APIRouter(prefix="/v1", responses=REFUSALS, tags=["shop"])

    @router.get("/settlements", response_model=SettlementReply)
    async def settlement(
        request: Request, day: Annotated[str, Query(alias="date", pattern=r"^\d{4}-\d\d-\d\d$")]
    ) -> Response:
        visit: Visit = request.state.visit
        seal, file = await flows.read(visit.caller.shop_id, _day(day))
        return reply(
            SettlementReply.model_construct(
                date=seal.day.isoformat(),
                count=seal.count,
                charged=m.MoneyMessage.of(seal.charged),
                returned=m.MoneyMessage.of(seal.returned),
                sha256=seal.digest,
                keyid=seal.keyid,
                signature=to_base64url(seal.signature),
                file=file.decode("utf-8"),
                server_time=write_instant(flows.clock.now()),
            )
        )

    return router


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise BadRequest.at("query.date", "not a day") from fault
