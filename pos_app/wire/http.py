"""The one file that speaks HTTP: what the network does to us becomes Unreachable here."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import Unreachable

if TYPE_CHECKING:
    import ssl

    import requests
    import urllib3

_CHUNK = 64 * 1024
_BITE = 512
_MOST_WINDOW = 8 * 1024 * 1024  # what RFC 8878 asks every zstd reader to have
# requests takes 100 ms to import: only when the first request leaves, off the start of the program.


@dataclass(frozen=True, slots=True)
class Identity:
    """A client's certificate (PEM, leaf first) and its private key (PEM, without a password): who we are to TLS."""

    certificate: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it leaves; `url` is absolute and already encoded, `identity` what a few servers ask for."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back: `body` as it travelled, header names in lower case."""

    request: Request
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How much we take: seconds to connect, between two bytes and in all; bytes as sent and as decoded."""

    connect_s: float = 3.0
    read_s: float = 10.0
    whole_s: float = 30.0
    most_bytes: int = 16 * 1024 * 1024
    most_decoded: int = 64 * 1024 * 1024


class Http:
    """A session of one thread, connections kept alive: certificates are checked, no redirects, no proxies."""

    def __init__(self, patience: Patience, agent: str) -> None:
        self._patience = patience
        self._agent = agent
        self._sessions: dict[Identity | None, requests.Session] = {}
        self._spoken_to: set[str] = set()

    def send(self, make: Callable[[], Request]) -> Exchange:
        """One request, one answer, whatever its status; Unreachable when there was none.

        `make` is called again when a connection that lay idle turns out to have been dropped: a repeat must
        carry the same idempotency key, but not the same nonce.
        """
        request = make()
        origin = "/".join(request.url.split("/", 3)[:3])
        try:
            exchange = self._exchange(request, may_be_stale=origin in self._spoken_to)
        except _StaleConnectionError:
            exchange = self._exchange(make(), may_be_stale=False)
        self._spoken_to.add(origin)
        return exchange

    def send_once(self, request: Request) -> Exchange:
        """As `send`, but never a second time, whatever the connection does: what takes money is said once."""
        origin = "/".join(request.url.split("/", 3)[:3])
        exchange = self._exchange(request, may_be_stale=False)
        self._spoken_to.add(origin)
        return exchange

    def decoded(self, exchange: Exchange) -> bytes:
        """The body without its content coding; Unreachable when it cannot be undone or grows too large."""
        coding = exchange.headers.get("content-encoding", "identity").strip().lower()
        decoders = {"identity": _as_it_is, "gzip": _gunzip, "zstd": _unzstd}
        if coding not in decoders:
            raise Unreachable("not_ours")
        return decoders[coding](exchange.body, self._patience.most_decoded)

    def close(self) -> None:
        """Let go of all connections; the next request opens new ones."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
        self._spoken_to.clear()

    def _exchange(self, request: Request, *, may_be_stale: bool) -> Exchange:
        import requests
        import urllib3

        session = self._session(request.identity)
        prepared = requests.Request(request.method, request.url, dict(request.headers), data=request.body)
        ready = session.prepare_request(prepared)
        if ready.url != request.url:
            raise ValueError(f"an address that is not in its plain form: {request.url}")
        patience = self._patience
        ends_at = time.monotonic() + patience.whole_s
        timeouts = (patience.connect_s, patience.read_s)
        try:
            with session.send(
                ready, stream=True, timeout=timeouts, allow_redirects=False, verify=True
            ) as reply:
                body = _read(reply.raw, patience.most_bytes, ends_at)
                return Exchange(request, reply.status_code, _plain_headers(reply.raw.headers), body)
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
            raise Unreachable("timeout", was_sent=not _never_left(error)) from error
        except requests.exceptions.SSLError as error:
            raise Unreachable("not_ours") from error
        except requests.ConnectionError as error:
            if may_be_stale and _was_dropped(error):
                raise _StaleConnectionError from error
            cause = "not_ours" if _is_gibberish(error) else "down"
            raise Unreachable(cause, was_sent=not _never_left(error)) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unreachable("down") from error

    def _session(self, identity: Identity | None) -> requests.Session:
        """Connections of one identity are never used by another."""
        import requests

        if identity not in self._sessions:
            session = requests.Session()
            session.trust_env = False
            session.headers.clear()
            session.headers.update({"User-Agent": self._agent, "Accept-Encoding": "zstd, gzip"})
            if identity is not None:
                adapter = requests.adapters.HTTPAdapter()
                adapter.init_poolmanager(1, 1, ssl_context=_known_as(identity))
                session.mount("https://", adapter)
            self._sessions[identity] = session
        return self._sessions[identity]


class _StaleConnectionError(Exception):
    """The server had closed a kept-alive connection before our request reached it."""


def _known_as(identity: Identity) -> ssl.SSLContext:
    """A context with that certificate; ValueError when certificate and key are none or do not belong together.

    OpenSSL takes keys from files only: what lies there for a moment is encrypted under a password of this moment.
    """
    import secrets
    import ssl
    import tempfile

    import urllib3
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    password = secrets.token_bytes(32).hex()
    key = load_pem_private_key(identity.key, None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))
    context = urllib3.util.ssl_.create_urllib3_context()
    with tempfile.TemporaryDirectory(prefix="till-") as folder:
        place = Path(folder) / "identity.pem"
        place.write_bytes(locked + identity.certificate)
        try:
            context.load_cert_chain(place, password=password)
        except ssl.SSLError as error:
            raise ValueError("a certificate and a key that do not belong together") from error
    return context


def _read(raw: urllib3.BaseHTTPResponse, most: int, ends_at: float) -> bytes:
    """All bytes of the body, undecoded: Content-Digest covers them as they travel."""
    parts, size = [], 0
    while part := raw.read(_CHUNK, decode_content=False):
        size += len(part)
        if size > most:
            raise Unreachable("not_ours")
        if time.monotonic() > ends_at:
            raise Unreachable("timeout")
        parts.append(part)
    return b"".join(parts)


def _plain_headers(headers: urllib3.HTTPHeaderDict) -> dict[str, str]:
    """Lines of one name joined, as RFC 9110 5.2 has it."""
    return {name.lower(): ", ".join(headers.getlist(name)) for name in headers}


def _was_dropped(error: Exception) -> bool:
    return any(isinstance(each, ConnectionResetError | BrokenPipeError) for each in _causes(error))


def _never_left(error: Exception) -> bool:
    """There was no connection yet, so no byte of the request was sent."""
    import urllib3

    unmade = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    return any(isinstance(each, unmade) for each in _causes(error))


def _is_gibberish(error: Exception) -> bool:
    """Something answered that does not speak HTTP. (RemoteDisconnected is such an error too: nobody spoke.)"""
    import http.client

    found = [each for each in _causes(error) if isinstance(each, http.client.HTTPException)]
    return any(not isinstance(each, ConnectionError | http.client.IncompleteRead) for each in found)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all that it wraps: requests hides urllib3's in its arguments, that one the system's."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or each in found:
            continue
        found.append(each)
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None)]
        waiting += [inner for inner in each.args if isinstance(inner, BaseException)]
    return found


def _as_it_is(body: bytes, most: int) -> bytes:
    return body


def _gunzip(body: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(body, most)
    except zlib.error as error:
        raise Unreachable("not_ours") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Unreachable("not_ours")
    return text


def _unzstd(body: bytes, most: int) -> bytes:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW).decompressobj()
    parts, size = [], 0
    try:
        # In small bites: three bytes may unpack to 128 KB, and there is no other bound that also sees the end.
        for start in range(0, len(body), _BITE):
            parts.append(unpacker.decompress(body[start : start + _BITE]))
            size += len(parts[-1])
            if size > most:
                raise Unreachable("not_ours")
    except zstandard.ZstdError as error:
        raise Unreachable("not_ours") from error
    if not unpacker.eof or unpacker.unused_data:
        raise Unreachable("not_ours")
    return b"".join(parts)
