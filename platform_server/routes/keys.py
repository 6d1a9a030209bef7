"""The door for a key that follows another, and for what a shop is told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Query, Request, Response

from platform_server.domain.canonical import binding
from platform_server.domain.errors import BadRequest
from platform_server.domain.shop_events import Callback, NumberedEvent
from platform_server.domain.tills import from_base64url
from platform_server.flows.follow_key import FollowKey
from platform_server.flows.keep_callbacks import ReadCallback, ReadEvents, SetCallback
from platform_server.ports.world import Clock
from platform_server.routes import door_messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.problems import write_instant

_AFTER_MOST = 2**53


@dataclass(frozen=True, slots=True)
class KeyFlows:
    """What these doors open on."""

    follow: FollowKey
    set_callback: SetCallback
    read_callback: ReadCallback
    read_events: ReadEvents
    clock: Clock


def key_routes(flows: KeyFlows) -> APIRouter:
    """All four, under /v1."""
    router = APIRouter(prefix="/v1", responses=REFUSALS, tags=["doors"])

    @router.post("/keys", response_model=m.KeyReply, status_code=201)
    async def follow(request: Request, body: m.KeyRequest) -> Response:
        visit: Visit = request.state.visit
        _expect_key(visit, f"{visit.caller.till_id}:key:{_mark(body.sign_key)}")
        key = _proved(visit.caller.till_id, body)
        followed = await flows.follow(visit.caller, visit.keyid, body.epoch, key)
        told = m.KeyReply.model_construct(
            keyid=followed.key.keyid,
            scopes=sorted(scope.value for scope in followed.key.scopes),
            not_before=write_instant(followed.key.not_before),
            former_ends_at=write_instant(followed.former_ends_at),
            server_time=_now(flows),
        )
        return reply(told, 201, is_replay=followed.is_replay)

    @router.put("/callbacks", response_model=m.ShopCallbackReply)
    async def set_callback(request: Request, body: m.ShopCallbackRequest) -> Response:
        visit: Visit = request.state.visit
        _expect_key(visit, f"{visit.caller.till_id}:callbacks:{_mark(body.url or '')}")
        return _callback(await flows.set_callback(visit.caller, body.epoch, body.url), flows)

    @router.get("/callbacks", response_model=m.ShopCallbackReply)
    async def read_callback(request: Request) -> Response:
        visit: Visit = request.state.visit
        return _callback(await flows.read_callback(visit.caller.shop_id), flows)

    @router.get("/events", response_model=m.EventsReply)
    async def events(
        request: Request,
        after: Annotated[int, Query(ge=0, le=_AFTER_MOST)] = 0,
        limit: Annotated[int | None, Query(ge=1, le=500)] = None,
    ) -> Response:
        visit: Visit = request.state.visit
        told = await flows.read_events(visit.caller.shop_id, after, limit)
        events = [_event(event) for event in told.events]
        return reply(
            m.EventsReply.model_construct(events=events, last_seq=told.last_seq, server_time=_now(flows))
        )

    return router


def _now(flows: KeyFlows) -> str:
    return write_instant(flows.clock.now())


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _expect_key(visit: Visit, expected: str) -> None:
    if visit.key != expected:
        raise BadRequest.at("idempotency-key", f"expected {expected}")


def _proved(till_id: str, body: m.KeyRequest) -> bytes:
    """The new key, once it has shown that the till holds its private half."""
    try:
        key, proof = from_base64url(body.sign_key, 32), from_base64url(body.proof, 64)
        public = Ed25519PublicKey.from_public_bytes(key)
        public.verify(proof, binding("pos-new-key-1", till_id, body.sign_key))
    except (ValueError, InvalidSignature) as fault:
        raise BadRequest.at("body.proof", "not a signature of this key over this till and key") from fault
    return key


def _callback(callback: Callback, flows: KeyFlows) -> Response:
    parked_at = None if callback.parked_at is None else write_instant(callback.parked_at)
    return reply(
        m.ShopCallbackReply.model_construct(
            url=callback.url,
            last_seq=callback.last_seq,
            delivered_seq=callback.delivered_seq,
            parked_at=parked_at,
            server_time=_now(flows),
        )
    )


def _event(event: NumberedEvent) -> m.EventMessage:
    return m.EventMessage.model_construct(
        seq=event.seq, kind=event.event.kind.value, at=write_instant(event.at), body=dict(event.event.body)
    )
