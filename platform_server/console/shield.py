"""What stands before every page: headers that let nothing foreign in, one origin for every change, a pace, a size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.formparsers import MultiPartException
from starlette.responses import PlainTextResponse

from platform_server.console.uploads import take_out
from platform_server.ports.world import Clock

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
}
_BODY_MOST = 64 << 20  # bytes: an import of a million codes; larger ones go by the command
_STRANGER_MOST = 64 << 10  # bytes: whoever never signed in has nothing to send but that
_TRIES_AT_ONCE = 20  # sign-ins of one address ...
_TRY_EVERY_S = 3.0  # ... and then one in so many seconds
_MOST_ADDRESSES = 10_000


class Pace:
    """Lets an address try the door so often; the brake of an operator is apart and kept on disk."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, datetime]] = {}

    def take(self, address: str) -> bool:
        """Whether this try may be made."""
        now = self._clock.now()
        if len(self._left) > _MOST_ADDRESSES:
            self._left.clear()
        left, at = self._left.get(address, (float(_TRIES_AT_ONCE), now))
        left = min(left + max((now - at).total_seconds(), 0.0) / _TRY_EVERY_S, _TRIES_AT_ONCE)
        is_free = left >= 1
        self._left[address] = (left - 1 if is_free else left, now)
        return is_free


class Shield:
    """ASGI around the console."""

    def __init__(self, app: App, clock: Clock, is_known: Callable[[str], bool]) -> None:
        """`is_known` says whether a cookie header holds a session that we signed, alive or not."""
        self._app = app
        self._pace = Pace(clock)
        self._is_known = is_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_static = scope["path"].startswith(("/admin/static/", "/admin/fonts/"))

        async def send_shielded(event: Event) -> None:
            if event["type"] == "http.response.start":
                added = {**_HEADERS, "cache-control": "no-cache" if is_static else "no-store"}
                kept = [pair for pair in event["headers"] if pair[0].decode("latin-1").lower() not in added]
                event["headers"] = [_strict(pair) for pair in kept] + [
                    (k.encode(), v.encode()) for k, v in added.items()
                ]
            await send(event)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send_shielded)
            return
        limited = _limited(receive)
        if _header(scope, b"content-type").startswith("multipart/form-data"):
            try:
                limited = await take_out(scope, limited, _BODY_MOST)
            except MultiPartException:
                await PlainTextResponse("This form cannot be read.", 400)(scope, receive, send_shielded)
                return
        await self._app(scope, limited, send_shielded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] in ("GET", "HEAD"):
            return None
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        if not _is_own_origin(headers):
            return PlainTextResponse("This request comes from another place.", 403)
        length = headers.get("content-length", "")
        most = _BODY_MOST if self._is_known(headers.get("cookie", "")) else _STRANGER_MOST
        if not length.isdecimal() or int(length) > most:
            return PlainTextResponse("This is too large.", 413)
        address = scope["client"][0] if scope.get("client") else ""
        if scope["path"] == "/admin/login" and not self._pace.take(address):
            return PlainTextResponse("Too many tries; wait a moment.", 429, {"retry-after": "3"})
        return None


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def _strict(pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """The library's own cookies, as strict as ours: no script reads them, because there is none."""
    name, value = pair
    if name.lower() != b"set-cookie" or b"SameSite=lax" not in value:
        return pair
    http_only = b"" if b"HttpOnly" in value else b"; HttpOnly"
    return name, value.replace(b"SameSite=lax", b"SameSite=strict").replace(
        b"Path=/;", b"Path=/admin;"
    ) + http_only


def _is_own_origin(headers: MutableMapping[str, str]) -> bool:
    """A browser names where a form comes from; what names another place, or none at all, changes nothing here."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin") or headers.get("referer")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _limited(receive: Receive) -> Receive:
    size = 0

    async def receive_limited() -> Event:
        nonlocal size
        event = await receive()
        size += len(event.get("body", b""))
        return event if size <= _BODY_MOST else {"type": "http.disconnect"}

    return receive_limited
