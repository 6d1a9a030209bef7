"""Builds the web application: routes behind the guard, faults of form as our own refusals."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from platform_server.domain.errors import BadRequest, NotFound
from platform_server.routes.callbacks import CallbackFlows, callback_routes
from platform_server.routes.claims import ClaimFlows, claim_routes
from platform_server.routes.document import document_of
from platform_server.routes.guard import Guard, Rules
from platform_server.routes.keys import KeyFlows, key_routes
from platform_server.routes.leases import LeaseFlows, lease_routes
from platform_server.routes.ledger import LedgerFlows, ledger_routes
from platform_server.routes.meter import Measured
from platform_server.routes.monitor import Monitor, monitor_routes
from platform_server.routes.sales import SaleFlows, sale_routes
from platform_server.routes.settlements import SettlementFlows, settlement_routes
from platform_server.routes.shop import ShopFlows, shop_routes

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything the application opens on."""

    sales: SaleFlows
    shop: ShopFlows
    ledger: LedgerFlows
    settlements: SettlementFlows
    claims: ClaimFlows
    leases: LeaseFlows
    rules: Rules
    callbacks: CallbackFlows
    keys: KeyFlows
    monitor: Monitor


def build_app(doors: Doors) -> FastAPI:
    """The ASGI application; importing this module does nothing."""
    app = FastAPI(
        title="Card platform",
        version=_VERSION,
        description="The protocol between till and platform: docs/protocol.md.",
        docs_url=None,
        redoc_url=None,
        strict_content_type=False,
    )
    app.include_router(sale_routes(doors.sales))
    app.include_router(shop_routes(doors.shop))
    app.include_router(ledger_routes(doors.ledger))
    app.include_router(callback_routes(doors.callbacks))
    app.include_router(settlement_routes(doors.settlements))
    app.include_router(key_routes(doors.keys))
    app.include_router(monitor_routes(doors.monitor))
    app.include_router(claim_routes(doors.claims))
    app.include_router(lease_routes(doors.leases))
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(HTTPException, _refuse_place)
    app.add_middleware(Guard, rules=doors.rules)
    app.add_middleware(Measured, meter=doors.monitor.meter)
    app.openapi = lambda: document_of(app)  # type: ignore[method-assign]  # FastAPI's own way to replace it
    return app


async def _refuse_form(request: Request, fault: Exception) -> Response:
    """What and where, but never the value: it may be a secret."""
    faults = fault.errors() if isinstance(fault, RequestValidationError) else []
    errors = [{"where": ".".join(str(part) for part in e["loc"]), "what": e["msg"]} for e in faults]
    raise BadRequest("the request is not of the agreed form", errors=errors)


async def _refuse_place(request: Request, fault: Exception) -> Response:
    if isinstance(fault, HTTPException) and fault.status_code == 405:
        raise NotFound(f"no {request.method} here", allow=", ".join(sorted(_methods_of(request, fault))))
    raise NotFound(f"no {request.method} here")


def _methods_of(request: Request, fault: HTTPException) -> set[str]:
    """Of all calls of this path: the framework names only the first one's."""
    found = {word.strip() for word in (fault.headers or {}).get("Allow", "").split(",")}
    for path, calls in request.app.openapi()["paths"].items():
        if compile_path(path)[0].match(request.url.path):
            found |= {method.upper() for method in calls}
    return found
