"""Builds the web application: routes behind the guard, faults of form as our own refusals."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from platform_server.domain.errors import BadRequest, NotFound
from platform_server.routes.callbacks import CallbackFlows, callback_routes
from platform_server.routes.claims import ClaimFlows, claim_routes
from platform_server.routes.guard import Guard, Rules
from platform_server.routes.sales import SaleFlows, sale_routes
from platform_server.routes.shop import ShopFlows, shop_routes

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Doors:
    """Everything the application opens on."""

    sales: SaleFlows
    shop: ShopFlows
    claims: ClaimFlows
    rules: Rules
    callbacks: CallbackFlows


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
    app.include_router(callback_routes(doors.callbacks))
    app.include_router(claim_routes(doors.claims))
    app.include_router(_open_routes())
    app.add_exception_handler(RequestValidationError, _refuse_form)
    app.add_exception_handler(HTTPException, _refuse_place)
    app.add_middleware(Guard, rules=doors.rules)
    return app


def _open_routes() -> APIRouter:
    router = APIRouter(tags=["open"])

    @router.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return router


async def _refuse_form(request: Request, fault: Exception) -> Response:
    """What and where, but never the value: it may be a secret."""
    faults = fault.errors() if isinstance(fault, RequestValidationError) else []
    errors = [{"where": ".".join(str(part) for part in e["loc"]), "what": e["msg"]} for e in faults]
    raise BadRequest("the request is not of the agreed form", errors=errors)


async def _refuse_place(request: Request, fault: Exception) -> Response:
    raise NotFound(f"no {request.method} here")
