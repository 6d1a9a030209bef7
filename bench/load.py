"""Tills at the door: requests signed beforehand, sent over kept connections as fast as they are answered."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.platform_world import EVIDENCE, PRODUCTS, SIGN_KEYS, numbered, product_id, till_id
from tests.fakes.platform_till import FakeTill, b64

_WARM_S = 0.5


@dataclass
class Connection:
    """One till's connection with the pairs that it will send."""

    socket: socket.socket
    requests: list[bytes]
    next: int = 0
    sent_at: float = 0.0
    buffer: bytes = b""


@dataclass
class Outcome:
    """How many pairs were sold in how many seconds, and how long each request took."""

    pairs: float = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        return self.pairs / self.seconds

    def wait_ms(self, share: float) -> float:
        ordered = sorted(self.waits)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def requests_of(number: int, address: str, first: int, pairs: int, *, is_signed: bool = True) -> list[bytes]:
    """Reserve and confirm of that many sales of one till, in the bytes that travel."""
    code = ".".join(["K1", b64(address.encode()), b64(b"\0" * 32), b64(b"\0" * 16)])
    import hashlib

    code += "." + hashlib.sha256(code.encode()).hexdigest()[:8]
    till = FakeTill(lambda *_: (0, {}, b""), code, sign_key=SIGN_KEYS[number], till_id=till_id(number))
    requests = []
    for serial in range(first, first + pairs):
        sale = numbered(f"{number:04x}", serial)
        line = {
            "line_id": "1",
            "product_id": product_id(serial % PRODUCTS),
            "quantity": 1,
            "version": 1,
            "max_unit_cost": {"minor": 9500, "currency": "CNY"},
            "fields": {},
        }
        order = {"epoch": 1, "business_date": "2026-11-22", "lines": [line], "customer_token": None}
        order |= {"answers": None, "ledger": {"seq": 0, "head": "0" * 32}}
        place = f"/v1/reservations/{sale}"
        steps = [
            ("PUT", place, order, f"{sale}:reserve:1"),
            ("POST", f"{place}/confirm", {"epoch": 1, **json.loads(EVIDENCE)}, f"{sale}:confirm:1"),
        ]
        for method, path, body, key in steps:
            message = till.build(method, path, body, key=key)
            head = "".join(f"{name}: {value}\r\n" for name, value in message.headers.items())
            length = f"content-length: {len(message.body)}\r\n"
            requests.append(f"{method} {path} HTTP/1.1\r\n{head}{length}\r\n".encode() + message.body)
    return requests


def run(
    addresses: Sequence[str], batches: Sequence[list[bytes]], seconds: float, pause_s: float = 0.0
) -> Outcome:
    """Every batch on a connection of its own, the connections spread over the servers; `seconds` are counted.

    They begin half a second after the first request: a server that runs for days has its first calls behind it.
    With `pause_s` each connection begins a request that long after it began the one before (an open loop).
    """
    outcome = Outcome()
    connections, selector = _connect(addresses, batches)
    began = time.perf_counter()
    is_warm = False
    due = [(began + pause_s * place / len(connections), each) for place, each in enumerate(connections)]
    if not pause_s:
        for each in connections:
            _send(each)
        due = []
    while (now := time.perf_counter()) - began < seconds:
        if not is_warm and now - began >= _WARM_S:
            is_warm, began = True, now
            outcome.waits.clear()
        while due and due[0][0] <= now:
            at, each = due.pop(0)
            if each.next < len(each.requests):
                _send(each, at)
        wait = min(0.05, due[0][0] - now) if due else 0.05
        for key, _ in selector.select(max(0.0, wait)):
            each = key.data
            if _receive(each, outcome) and each.next < len(each.requests):
                if pause_s:
                    due.append((max(each.sent_at + pause_s, 0.0), each))
                    due.sort(key=lambda pair: pair[0])
                else:
                    _send(each)
        if not due and all(each.next >= len(each.requests) for each in connections):
            break
    outcome.seconds = time.perf_counter() - began
    outcome.pairs = len(outcome.waits) / 2
    for each in connections:
        each.socket.close()
    return outcome


def _connect(
    addresses: Sequence[str], batches: Sequence[list[bytes]]
) -> tuple[list[Connection], selectors.BaseSelector]:
    connections, selector = [], selectors.DefaultSelector()
    for place, batch in enumerate(batches):
        host, _, port = addresses[place % len(addresses)].removeprefix("http://").partition(":")
        opened = socket.create_connection((host, int(port)))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections.append(Connection(opened, batch))
        selector.register(opened, selectors.EVENT_READ, connections[-1])
    return connections, selector


def _send(each: Connection, at: float | None = None) -> None:
    each.sent_at = time.perf_counter() if at is None else at
    each.socket.sendall(each.requests[each.next])
    each.next += 1


def _receive(each: Connection, outcome: Outcome) -> bool:
    """Whether an answer is whole now."""
    each.buffer += each.socket.recv(65536)
    head, found, body = each.buffer.partition(b"\r\n\r\n")
    if not found:
        return False
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    if len(body) < length:
        return False
    each.buffer = b""
    outcome.waits.append(time.perf_counter() - each.sent_at)
    if not head.startswith(b"HTTP/1.1 200"):
        outcome.refused.append((head[:20] + b" " + body[:200]).decode("latin-1"))
    return True
