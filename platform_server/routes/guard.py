"""Who may come in, once only, and what leaves signed: every call under /v1 passes here, and every fault ends here."""

from __future__ import annotations

import asyncio
import gzip
import logging
import math
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import zstandard

from platform_server.domain.canonical import fingerprint, read_plain_json
from platform_server.domain.errors import BadRequest, BadSignature, Collided, InProgress, RateLimited, Refused
from platform_server.domain.reservation import Caller
from platform_server.domain.till_keys import KeyHolder
from platform_server.domain.tills import Till, from_base64url
from platform_server.flows.admit_till import NEW, AdmitTill, FindKey, SignedBy
from platform_server.ports.world import Clock
from platform_server.routes.buckets import Buckets
from platform_server.routes.problems import Answer, problem_of, unavailable
from platform_server.routes.scopes import check_scope
from platform_server.routes.signing import ReplySigner, SignedMessage, signed_by, verify

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_WORTH_PACKING = 600  # bytes: below it the header costs what the packing saves
_ENROL = "/v1/enrolments"
_T = TypeVar("_T")
_TRIES = 4
_PACK_APART = 64 << 10  # bytes: above it packing would hold up the others


@dataclass(frozen=True, slots=True)
class Visit:
    """What a route may know of its caller; `till` is None for one that enrols."""

    till: Till | None
    key: str
    fingerprint: str
    keyid: str

    @property
    def caller(self) -> Caller:
        """The enrolled till."""
        if self.till is None:
            raise BadSignature("not enrolled")
        return Caller(self.till.shop_id, self.till.id)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the guard needs to decide."""

    find_key: FindKey
    admit_till: AdmitTill
    signer: ReplySigner
    clock: Clock
    buckets: Buckets
    enrolments: Buckets
    body_most: int


@dataclass(slots=True)
class _Call:
    request: SignedMessage
    path: str
    accepts: str
    source: str
    is_true: bool = False  # whether the request's signature was found true
    running: tuple[str, str] | None = None


async def shielded(work: Callable[[], Awaitable[_T]], what: str) -> _T | None:
    """Runs `work`; a refusal flies on, any other fault is a bug or a broken disk: logged, and None comes back."""
    try:
        return await work()
    except Refused:
        raise
    except Exception:  # the one place of the server that catches everything
        log.exception("%s failed", what)
        return None


class Guard:
    """ASGI middleware around the routes."""

    def __init__(self, app: App, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._running: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read_body(receive, self._rules.body_most)
        request = _request_of(scope, body or b"")
        call = _Call(request, scope["path"], _header(scope, b"accept-encoding"), _source(scope))
        answer: Answer | None
        try:
            if body is None:
                raise _too_long(self._rules.body_most)
            answer = await shielded(lambda: self._answer(call, scope), scope["path"])
        except Refused as refusal:
            answer = problem_of(refusal, self._rules.clock.now())
        finally:
            if call.running is not None:
                self._running.discard(call.running)
        await self._send(call, answer or unavailable(self._rules.clock.now()), send)

    async def _answer(self, call: _Call, scope: Scope) -> Answer:
        _wait_for(self._rules.buckets, f"source {call.source}")
        if call.path == _ENROL:
            return await self._enrol(call, scope)
        if call.path.startswith("/v1/"):
            scope.setdefault("state", {})["visit"] = await self._check(call)
        for _ in range(_TRIES):
            try:
                return await _run(self._app, scope, call.request.body)
            except Collided:  # two server processes met at one sale; whoever lost has written nothing
                log.info("%s met another and is done again", scope["path"])
        raise InProgress

    async def _enrol(self, call: _Call, scope: Scope) -> Answer:
        """Attempts are few per source, so that no secret can be tried; the one that succeeds is not counted."""
        _wait_for(self._rules.enrolments, call.source)
        scope.setdefault("state", {})["visit"] = await self._check(call)
        answer = await _run(self._app, scope, call.request.body)
        self._rules.enrolments.give_back(call.source)
        return answer

    async def _check(self, call: _Call) -> Visit:
        request = call.request
        signed = signed_by(request)
        plain = _plain_body(request.body)
        holder: KeyHolder | None = None
        if signed.keyid == NEW:
            verify(request, _key_in_body(plain, call.path))
            call.is_true = True
            await self._rules.admit_till(signed, None)
        else:
            holder = await self._admit(call, signed)
            check_scope(holder.key, request.method, call.path)
        speaker = NEW if holder is None else holder.till.id
        key = request.headers.get("idempotency-key", "")
        if key:
            running = (speaker, key)
            if running in self._running:
                raise InProgress
            self._running.add(running)
            call.running = running
        if isinstance(plain, ValueError):
            raise BadRequest.at("body", str(plain))
        return Visit(None if holder is None else holder.till, key, fingerprint(plain), signed.keyid)

    async def _admit(self, call: _Call, signed: SignedBy) -> KeyHolder:
        """Whose key it is, the signature found true by it, its nonce spent."""
        rules = self._rules
        holder, signed = await self._find_key(call.request, signed)
        call.is_true = True
        _wait_for(rules.buckets, f"till {holder.till.id}")
        now = await rules.admit_till(signed, holder)
        if now == holder:
            return holder
        # Changed since it was last seen: judged again by what it is now.
        rules.find_key.note(signed.keyid, now)
        if now is None:
            raise BadSignature("no such key")
        rules.admit_till.check(_verified(call.request, signed, now), now)
        return now

    async def _find_key(self, request: SignedMessage, signed: SignedBy) -> tuple[KeyHolder, SignedBy]:
        seen = self._rules.find_key.seen.get(signed.keyid)
        if seen is not None:
            with suppress(BadSignature):  # its till may have another key by now
                return seen, _verified(request, signed, seen)
        holder = await self._rules.find_key(signed.keyid)
        if holder is None:
            raise BadSignature("no such key")
        return holder, _verified(request, signed, holder)

    async def _send(self, call: _Call, answer: Answer, send: Send) -> None:
        headers = {"vary": "accept-encoding", **answer.headers}
        body = answer.body
        packing = _packing(call.accepts) if len(body) >= _WORTH_PACKING else None
        if packing is not None:
            apart = len(body) >= _PACK_APART
            body = await asyncio.to_thread(_pack, packing, body) if apart else _pack(packing, body)
            headers["content-encoding"] = packing
        headers["content-length"] = str(len(body))
        headers |= self._rules.signer.sign(answer.status, body, call.request if call.is_true else None)
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


def _wait_for(buckets: Buckets, caller: str) -> None:
    wait_s = buckets.take(caller)
    if wait_s:
        raise RateLimited(retry_after_s=math.ceil(wait_s))


def _verified(request: SignedMessage, signed: SignedBy, holder: KeyHolder) -> SignedBy:
    """Raises BadSignature unless it is true by the key, or by the one that it had before an enrolment anew."""
    try:
        verify(request, holder.key.public_key)
    except BadSignature:
        former = holder.till.previous_sign_key
        if former is None or holder.key.keyid != holder.till.id:
            raise
        verify(request, former)
        return replace(signed, is_previous_key=True)
    return replace(signed, is_previous_key=False)


def _too_long(most: int) -> BadRequest:
    what = f"at most {most} bytes"
    return BadRequest(f"body: {what}", errors=[{"where": "body", "what": what}], longest=most)


def _key_in_body(plain: Any, path: str) -> bytes:
    """Whoever enrols proves to have the key that the body names."""
    if path != _ENROL or not isinstance(plain, dict):
        raise BadSignature("only an enrolment is signed by a new key")
    try:
        return from_base64url(str(plain.get("sign_key")), 32)
    except ValueError as fault:
        raise BadSignature("sign_key is 32 bytes in base64url") from fault


def _plain_body(body: bytes) -> Any:
    """The JSON of a body, None for none; a fault is returned, because the signature is judged first."""
    if not body:
        return None
    try:
        return read_plain_json(body)
    except (ValueError, RecursionError) as fault:
        return ValueError(f"not plain JSON: {type(fault).__name__}")


async def _read_body(receive: Receive, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return b"".join(parts)
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not event.get("more_body", False):
            return b"".join(parts)


async def _run(app: App, scope: Scope, body: bytes) -> Answer:
    """The routes' answer, whole."""
    status = 500
    headers: dict[str, str] = {}
    parts: list[bytes] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: MutableMapping[str, Any]) -> None:
        nonlocal status, headers
        if event["type"] == "http.response.start":
            status = event["status"]
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event["headers"]}
        elif event["type"] == "http.response.body":
            parts.append(event.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, headers, b"".join(parts))


def _request_of(scope: Scope, body: bytes) -> SignedMessage:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return SignedMessage(headers, scope["method"], scope["scheme"], path, query, body)


def _header(scope: Scope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def _source(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _packing(accepts: str) -> str | None:
    """The better of what the caller takes."""
    offers = [offer.replace(" ", "").lower().split(";q=") for offer in accepts.split(",")]
    taken = {offer[0] for offer in offers if len(offer) == 1 or offer[1].strip("0.") != ""}
    return next((name for name in ("zstd", "gzip") if name in taken), None)


def _pack(packing: str, body: bytes) -> bytes:
    if packing == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(body)
    return gzip.compress(body, compresslevel=5, mtime=0)
