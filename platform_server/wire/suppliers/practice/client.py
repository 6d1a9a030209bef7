"""Orders top-ups at the practice supplier, which answers the same reference with the same order."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from platform_server.domain.errors import SupplierAway
from platform_server.domain.money import Money
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.wire.http import HttpCaller
from platform_server.wire.suppliers.practice.messages import read_reply, write_order

_HEADERS = {"Authorization": "Bearer practice", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class PracticeSupplier:
    """Implements ports.supplier.Supplier."""

    call: HttpCaller

    async def submit(self, reference: str, product_id: str, account: str, face: Money) -> SupplierAnswer:
        reply = await self.call(
            "POST", "/orders", _HEADERS, write_order(reference, product_id, account, face)
        )
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
