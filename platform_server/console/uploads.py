"""Files in forms: taken out before anything else reads the form, and kept in memory only."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.requests import Request

_KEY = "console_uploads"
_PLAIN = b"application/x-www-form-urlencoded"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """A file as it came; it may hold codes in clear, so it shows nothing of itself."""

    name: str
    content: bytes


def uploads_of(request: Request) -> dict[str, Upload]:
    """The files of a request by field."""
    found: dict[str, Upload] = request.scope.get(_KEY, {})
    return found


async def take_out(scope: Scope, receive: Receive, most: int) -> Receive:
    """The form without its files, as the plain kind of form; the files stand in the scope.

    The library would put a file beyond one megabyte on disk, where codes in clear must never lie.
    Raises MultiPartException for a form that is none.
    """

    class InMemory(MultiPartParser):
        spool_max_size = most

    parser = InMemory(Headers(scope=scope), _stream(receive), max_files=1, max_fields=100)
    form = await parser.parse()
    uploads, fields = {}, []
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.append((name, value))
        else:
            uploads[name] = Upload(value.filename or "", await value.read())
    await form.close()
    body = urlencode(fields).encode("ascii")
    kept = [pair for pair in scope["headers"] if pair[0].lower() not in (b"content-type", b"content-length")]
    scope["headers"] = [*kept, (b"content-type", _PLAIN), (b"content-length", str(len(body)).encode("ascii"))]
    scope[_KEY] = uploads
    is_told = False

    async def receive_plain() -> MutableMapping[str, Any]:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_plain


async def _stream(receive: Receive) -> AsyncGenerator[bytes, None]:
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return
        yield event.get("body", b"")
        if not event.get("more_body", False):
            return
