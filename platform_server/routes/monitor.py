"""What is open to whoever watches the server: whether it lives, whether it is ready, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from platform_server.domain.endpoints import Network, is_within
from platform_server.domain.errors import NotFound
from platform_server.flows.read_figures import CheckReady, ReadFigures
from platform_server.ports.world import Clock
from platform_server.routes.answers import REFUSALS
from platform_server.routes.door_messages import HealthReply
from platform_server.routes.guard import shielded
from platform_server.routes.meter import CONTENT_TYPE, Meter
from platform_server.routes.problems import not_ready


@dataclass(frozen=True, slots=True)
class Monitor:
    """What these doors open on; `pools` tells connections in use and connections there are, by name of pool."""

    figures: ReadFigures
    check_ready: CheckReady
    meter: Meter
    clock: Clock
    seen_from: tuple[Network, ...]
    pools: Callable[[], Mapping[str, tuple[int, int]]]


def monitor_routes(monitor: Monitor) -> APIRouter:
    """Unsigned; the figures only for callers of the networks that may see them."""
    refusals: dict[int | str, dict[str, Any]] = {status: REFUSALS[status] for status in (405, 413, 429, 503)}
    router = APIRouter(tags=["open"], responses=refusals)

    @router.get("/health", response_model=HealthReply)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/health/ready", response_model=HealthReply)
    async def ready() -> Response:
        faults = await shielded(monitor.check_ready, "the check for readiness")
        if faults == ():
            return Response('{"status":"ok"}', media_type="application/json")
        answer = not_ready(faults or ("the database does not answer",), monitor.clock.now())
        return Response(answer.body, answer.status, headers=dict(answer.headers))

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if request.client is None or not is_within(request.client.host, monitor.seen_from):
            raise NotFound("no GET here")
        figures = await monitor.figures()
        text = monitor.meter.render(figures, monitor.pools(), monitor.clock.now())
        return Response(text, headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})

    return router
