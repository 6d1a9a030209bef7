"""Orders top-ups at the practice supplier, which answers the same reference with the same order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from platform_server.domain.errors import SupplierAway
from platform_server.domain.top_up import CallbackNotice, SupplierAnswer, SupplierState, TopUp
from platform_server.wire.http import HttpCaller
from platform_server.wire.suppliers.practice.callbacks import KEYS, read_callback
from platform_server.wire.suppliers.practice.messages import read_reply, write_order

_HEADERS = {"Authorization": "Bearer practice", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class PracticeSupplier:
    """Implements ports.supplier.Supplier; `callback_keys` by key id, two of them while one replaces the other."""

    call: HttpCaller
    callback_keys: Mapping[str, bytes] = field(default_factory=lambda: KEYS)
    name: str = "practice"

    def write_order(self, top_up: TopUp) -> bytes:
        return write_order(top_up.reference, top_up.product_id, top_up.account, top_up.face)

    async def submit(self, reference: str, request: bytes) -> SupplierAnswer:
        reply = await self.call("POST", "/orders", _HEADERS, request)
        if reply.status != 200:
            raise SupplierAway(f"status {reply.status}")
        return read_reply(reference, reply.body)

    async def ask(self, reference: str) -> SupplierAnswer:
        reply = await self.call("GET", f"/orders/{quote(reference, safe='')}", _HEADERS)
        if reply.status == 404:
            return SupplierAnswer(SupplierState.NOT_FOUND)
        if reply.status != 200:
            raise SupplierAway(f"status {reply.status}")
        return read_reply(reference, reply.body)

    def read_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> CallbackNotice | None:
        return read_callback(self.callback_keys, headers, body, now)
