"""One HTTP/1.1 call at a time, without blocking the loop; every failure is SupplierAway."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import h11

from platform_server.domain.errors import SupplierAway

_LARGEST_REPLY = 1 << 20


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and whole body of an answer."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpCaller:
    """Calls one host. A connection is used once: top-ups are few, and a stale one would look like a lost reply."""

    base: str
    timeout_s: float
    address: str | None = None  # that the name of `base` was found at: nobody looks it up again

    async def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Raises SupplierAway when no whole answer comes in time."""
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._talk(method, path, headers, body)
        except (OSError, TimeoutError, h11.RemoteProtocolError, ssl.SSLError) as trouble:
            raise SupplierAway(type(trouble).__name__) from trouble

    async def _talk(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        target = urlsplit(self.base)
        secure = ssl.create_default_context() if target.scheme == "https" else None
        port = target.port or (443 if secure else 80)
        host = target.hostname or ""
        reader, writer = await asyncio.open_connection(
            self.address or host, port, ssl=secure, server_hostname=host if secure else None
        )
        try:
            machine = h11.Connection(h11.CLIENT)
            fields = {
                "Host": target.netloc,
                "Connection": "close",
                "Content-Length": str(len(body)),
                **headers,
            }
            request = h11.Request(method=method, target=target.path + path, headers=list(fields.items()))
            events = (request, h11.Data(data=body), h11.EndOfMessage())
            writer.write(b"".join(machine.send(event) or b"" for event in events))
            await writer.drain()
            return await _receive(machine, reader)
        finally:
            writer.close()


async def _receive(machine: h11.Connection, reader: asyncio.StreamReader) -> Reply:
    status = 0
    body = b""
    while True:
        event = machine.next_event()
        if event is h11.NEED_DATA:
            machine.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LARGEST_REPLY:
                raise SupplierAway("the answer is too long")
        elif isinstance(event, h11.EndOfMessage):
            return Reply(status, body)
        elif isinstance(event, h11.ConnectionClosed):
            raise SupplierAway("closed without an answer")
