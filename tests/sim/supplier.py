"""The practice supplier in this process: its real order book and course of events, and a line that loses things."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from platform_server.domain.errors import SupplierAway
from platform_server.wire.http import Reply
from platform_server.wire.suppliers.practice.client import PracticeSupplier
from practice.suppliers.behaviour import Answering, behaviour_of
from practice.suppliers.order_book import Order, OrderBook, read_request
from tests.sim.fate import Fate

_HTML = b"<!doctype html><title>Maintenance</title>"
_ONCE = (Answering.REPLY_LOST_ONCE, Answering.HIDDEN_ONCE)


@dataclass
class SimCaller:
    """What `HttpCaller` is to the platform: a call arrives or not, and its answer comes back or not."""

    fate: Fate
    book: OrderBook
    heard: Counter[str] = field(default_factory=Counter)

    async def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        fate = self.fate
        fault = fate.one_of(("supplier: request lost", "supplier: reply lost", "supplier: 500"))
        fate.passes(fate.chance.uniform(0.05, 1.0))
        if fault == "supplier: request lost":
            fate.passes(10)
            raise SupplierAway("TimeoutError")
        reply = self._order(body) if method == "POST" else self._question(path.rpartition("/")[2])
        fate.note("supplier", method, path, "" if reply is None else reply.status)
        if reply is None or fault == "supplier: reply lost":
            fate.passes(10)
            raise SupplierAway("TimeoutError")
        return Reply(500, b"") if fault else reply

    def _order(self, body: bytes) -> Reply | None:
        request = read_request(body)
        behaviour = behaviour_of(request.account)
        self.heard[request.reference] += 1
        is_first = self.heard[request.reference] == 1
        if behaviour.answering is Answering.ERROR_500 and is_first:
            return Reply(500, b"")
        if behaviour.answering is Answering.ORDER_LOST_ONCE and is_first:
            return None
        order, _ = self.book.place(request)
        if behaviour.answering in _ONCE and is_first:
            return None
        if behaviour.answering is Answering.DUPLICATE:
            return Reply(409, b"{}")
        return self._told(order)

    def _question(self, reference: str) -> Reply:
        order = self.book.find(reference)
        self.heard[f"? {reference}"] += 1
        if order is None:
            return Reply(404, b"{}")
        behaviour = behaviour_of(order.request.account)
        if behaviour.answering is Answering.HIDDEN_ONCE and self.heard[f"? {reference}"] == 1:
            return Reply(404, b"{}")
        return self._told(order)

    def _told(self, order: Order) -> Reply:
        if behaviour_of(order.request.account).answering is Answering.HTML_PAGE and self.fate.likely(0.5):
            return Reply(200, _HTML)
        return Reply(200, json.dumps(self.book.describe(order)).encode())


def sim_supplier(fate: Fate) -> tuple[PracticeSupplier, OrderBook]:
    """The platform's own client over that line, and the book that says what was really carried out."""
    book = OrderBook(lambda: fate.at.timestamp())
    return PracticeSupplier(SimCaller(fate, book)), book  # type: ignore[arg-type]
