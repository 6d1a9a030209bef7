"""Signed calls of a till over its own sockets: cut off, repeated and spread over the servers as chance will have it.

The signature is written out by hand, because the library takes a millisecond for it and a race needs the processor
for the platform, which takes no other spelling.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.races import market

_COVERED = '"@method" "@authority" "@path" "@query" "content-digest"'
_PATIENCE_S = 300.0  # many restarts of a busy machine


class NoReply(Exception):
    """The connection ended before the answer was whole."""


class NobodyThere(NoReply):
    """It was never made."""


@dataclass(frozen=True)
class Heard:
    """An answer that ends the asking."""

    status: int
    body: dict[str, Any]
    is_replay: bool = False

    @property
    def is_ok(self) -> bool:
        return self.status == 200

    @property
    def code(self) -> str:
        return "OK" if self.is_ok else str(self.body.get("code", self.status))


def signed(till: int, address: str, method: str, path: str, body: bytes, key: str) -> bytes:
    """The request in the bytes that travel."""
    host = address.removeprefix("http://")
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    nonce = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    created = int(time.time())
    route, _, query = path.partition("?")
    covered = _COVERED + (' "idempotency-key"' if key else "")
    inner = f'({covered});created={created};expires={created + 300};nonce="{nonce}"'
    inner += f';keyid="{market.till_id(till)}";alg="ed25519";tag="pos-till-1"'
    lines = [f'"@method": {method}', f'"@authority": {host}', f'"@path": {route}', f'"@query": ?{query}']
    lines += [f'"content-digest": sha-256=:{digest}:'] + ([f'"idempotency-key": {key}'] if key else [])
    base = "\n".join([*lines, f'"@signature-params": {inner}'])
    proof = base64.b64encode(market.sign_key(till).sign(base.encode())).decode()
    head = [f"{method} {path} HTTP/1.1", f"host: {host}", f"content-digest: sha-256=:{digest}:"]
    head += [f"signature-input: till={inner}", f"signature: till=:{proof}:", f"content-length: {len(body)}"]
    head += [f"idempotency-key: {key}"] if key else []
    head += ["content-type: application/json"] if body else []
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


@dataclass
class Line:
    """One connection to one server; it is opened when it is needed and forgotten when it broke."""

    address: str
    source: str
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def say(self, request: bytes, *, is_lost: bool, timeout_s: float = 30.0) -> Heard:
        """Raises NoReply; with `is_lost` the connection is cut as soon as everything is sent."""
        try:
            async with asyncio.timeout(timeout_s):
                reader, writer = await self._open()
                writer.write(request)
                await writer.drain()
                if is_lost:
                    raise NoReply
                return await _read(reader)
        except NoReply:
            await self.close()
            raise
        except (TimeoutError, OSError, EOFError, ValueError) as fault:
            await self.close()
            raise NoReply from fault

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            host, _, port = self.address.removeprefix("http://").partition(":")
            try:
                opened = await asyncio.open_connection(host, int(port), local_addr=(self.source, 0))
            except OSError as fault:
                raise NobodyThere from fault
            self._reader, self._writer = opened
        return self._reader, self._writer

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    body = json.loads(await reader.readexactly(length))
    return Heard(int(head.split(" ", 2)[1]), body, "idempotent-replay: true" in head)


@dataclass
class Mouth:
    """How one till speaks: each call under its key again and again until there is an answer that ends it."""

    till: int
    addresses: Sequence[str]
    chance: random.Random
    lose: float = 0.06  # of the replies nobody waits for
    tally: Counter[str] = field(default_factory=Counter)
    _spare: dict[str, list[Line]] = field(default_factory=dict)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None, key: str) -> Heard:
        """Raises TimeoutError when nobody ever answers."""
        raw = b"" if body is None else json.dumps(body).encode()
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            heard = await self._once(method, path, raw, key)
            if heard is not None:
                return heard
        raise TimeoutError(f"nobody answers {key or path}")

    async def _once(self, method: str, path: str, raw: bytes, key: str) -> Heard | None:
        address = self.chance.choice(self.addresses)
        spare = self._spare.setdefault(address, [])
        line = spare.pop() if spare else Line(address, f"127.0.1.{self.till % 250 + 1}")
        is_lost = self.chance.random() < self.lose
        try:
            heard = await line.say(signed(self.till, address, method, path, raw, key), is_lost=is_lost)
        except NobodyThere:
            await asyncio.sleep(self.chance.uniform(0.2, 0.6))
            return None
        except NoReply:
            self.tally["calls"] += 1
            self.tally["replies lost" if is_lost else "connections broken"] += 1
            await asyncio.sleep(0.0 if is_lost else self.chance.uniform(0.05, 0.3))
            return None
        spare.append(line)
        self.tally["calls"] += 1
        if heard.status in (429, 503) or heard.code == "IN_PROGRESS":
            self.tally[f"asked again after {heard.code}"] += 1
            await asyncio.sleep(self.chance.uniform(0.02, 0.2))
            return None
        self.tally["told again"] += heard.is_replay
        return heard

    async def close(self) -> None:
        for lines in self._spare.values():
            for line in lines:
                await line.close()
