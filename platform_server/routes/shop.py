"""The doors besides the sale: enrolment, catalogue, account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response

from platform_server.domain.catalogue import CataloguePage
from platform_server.domain.errors import BadRequest
from platform_server.domain.tills import from_base64url, hash_secret, to_base64url
from platform_server.flows.enrol_till import Enrolled, EnrolTill, NewTill
from platform_server.flows.keep_leases import ReadLeases
from platform_server.flows.publish_catalogue import PublishCatalogue
from platform_server.flows.read_account import ReadAccount
from platform_server.ports.world import Clock
from platform_server.routes import messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.lease_messages import AccountReply
from platform_server.routes.leases import lease_message
from platform_server.routes.problems import JSON, write_instant
from platform_server.routes.shelf_messages import CatalogueReply, product_values
from platform_server.routes.signing import PLATFORM_KEYID


@dataclass(frozen=True, slots=True)
class ShopFlows:
    """What these doors open on; `platform_key` is the raw public key that signs replies."""

    enrol: EnrolTill
    publish: PublishCatalogue
    account: ReadAccount
    leases: ReadLeases
    clock: Clock
    platform_key: bytes


def shop_routes(flows: ShopFlows) -> APIRouter:
    """All three, under /v1."""
    router = APIRouter(prefix="/v1", responses=REFUSALS, tags=["shop"])

    @router.post("/enrolments", response_model=m.EnrolmentReply, status_code=201)
    async def enrol(request: Request, body: m.EnrolmentRequest) -> Response:
        visit: Visit = request.state.visit
        secret = _bytes("body.secret", body.secret, 16)
        _expect_key(visit, f"{hash_secret(secret)[:16]}:enrol:1")
        sign_key, seal_key = _bytes("body.sign_key", body.sign_key), _bytes("body.seal_key", body.seal_key)
        enrolled = await flows.enrol(secret, NewTill(body.till_name, sign_key, seal_key, visit.fingerprint))
        return reply(_enrolled(enrolled, flows), 201, is_replay=enrolled.is_replay)

    @router.get("/catalogue", response_model=CatalogueReply)
    async def catalogue(
        request: Request,
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int | None, Query(ge=1, le=2000)] = None,
    ) -> Response:
        visit: Visit = request.state.visit
        page = await flows.publish(visit.caller.shop_id, cursor, limit)
        return Response(_page(page, _now(flows)), headers={"cache-control": "no-store"}, media_type=JSON)

    @router.get("/account", response_model=AccountReply)
    async def account(request: Request) -> Response:
        visit: Visit = request.state.visit
        wallet = await flows.account(visit.caller)
        leases = [lease_message(view) for view in await flows.leases.of_till(visit.caller)]
        amounts = m.WalletMessage.model_construct(
            balance=m.MoneyMessage.of(wallet.balance),
            held=m.MoneyMessage.of(wallet.held),
            credit_limit=m.MoneyMessage.of(wallet.credit_limit),
        )
        return reply(
            AccountReply.model_construct(
                wallet=amounts, leases=leases, limits={}, notices=[], server_time=_now(flows)
            )
        )

    return router


def _now(flows: ShopFlows) -> str:
    return write_instant(flows.clock.now())


def _bytes(where: str, text: str, length: int = 32) -> bytes:
    try:
        return from_base64url(text, length)
    except ValueError as fault:
        raise BadRequest.at(where, f"{length} bytes in base64url") from fault


def _expect_key(visit: Visit, expected: str) -> None:
    if visit.key != expected:
        raise BadRequest.at("idempotency-key", f"expected {expected}")


def _enrolled(enrolled: Enrolled, flows: ShopFlows) -> m.EnrolmentReply:
    shop, till = enrolled.shop, enrolled.till
    key = m.PlatformKeyMessage.model_construct(keyid=PLATFORM_KEYID, key=to_base64url(flows.platform_key))
    return m.EnrolmentReply.model_construct(
        shop=m.ShopMessage.model_construct(id=shop.id, name=shop.name),
        till_id=till.id,
        till_code=till.code,
        epoch=till.epoch,
        currency=shop.currency,
        platform_keys=[key],
        server_time=_now(flows),
    )


def _page(page: CataloguePage, now: str) -> bytes:
    return msgspec.json.encode(
        {
            "products": [product_values(item) for item in page.items],
            "removed": page.removed,
            "cursor": page.cursor_text,
            "complete": page.is_complete,
            "total": page.total,
            "server_time": now,
        }
    )
