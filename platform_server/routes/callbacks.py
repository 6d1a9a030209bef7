"""The doors that suppliers call; each verifies by its own adapter, and nothing that comes in is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from platform_server.domain.errors import NotFound
from platform_server.flows.take_callback import TakeCallback
from platform_server.routes.answers import REFUSALS, reply

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "What the supplier's own protocol says (docs/practice-supplier.md), signed in its own way.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


class CallbackReply(BaseModel):
    """Taken, or taken before."""

    ok: bool


@dataclass(frozen=True, slots=True)
class CallbackFlows:
    """What these doors open on; None without a supplier. `wake` tells the worker that there is something to ask."""

    take: TakeCallback | None
    wake: Callable[[], None]


def callback_routes(flows: CallbackFlows) -> APIRouter:
    """One door for each supplier."""
    router = APIRouter(prefix="/callbacks", responses=REFUSALS, tags=["callbacks"])

    @router.post("/{supplier}", response_model=CallbackReply, openapi_extra=_BODY)
    async def take(request: Request, supplier: Annotated[str, Path(max_length=32)]) -> Response:
        if flows.take is None or flows.take.supplier.name != supplier:
            raise NotFound("no such supplier")
        headers: dict[str, str] = {}
        for name, value in request.headers.items():  # a doubled header is nobody's signature
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if await flows.take(headers, await request.body()):
            flows.wake()
        return reply(CallbackReply(ok=True))

    return router
