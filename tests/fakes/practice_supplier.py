"""The practice supplier as a real server in this process, with short words for its desk."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from threading import Thread
from typing import Any

from practice.suppliers.callbacks import Callback, CallbackSender
from practice.suppliers.desk import MovableClock
from practice.suppliers.order_book import OrderBook
from practice.suppliers.top_up import AUTHORIZATION, top_up_supplier

WAIT_S = 120.0  # a worker on a busy machine takes its time to start


class HeardSender(CallbackSender):
    """Tells the test how each callback was received."""

    def __init__(self, url: str, clock: MovableClock) -> None:
        self.sent: Queue[tuple[str, bool]] = Queue()
        super().__init__(url, clock)

    def _send(self, callback: Callback) -> bool:
        is_taken = super()._send(callback)
        self.sent.put((json.loads(callback.body)["event_id"], is_taken))
        return is_taken


@dataclass
class Practising:
    """A running supplier; `sender` is None until it is told whom to call."""

    address: str
    book: OrderBook
    handler: Any
    sender: HeardSender | None = field(default=None)

    def calls(self, url: str) -> HeardSender:
        self.sender = HeardSender(url, self.book.clock)
        self.handler.callbacks = self.sender
        return self.sender

    def desk(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Authorization": AUTHORIZATION})
        with urllib.request.urlopen(request, timeout=40) as reply:
            return json.loads(reply.read())

    def credits(self) -> dict[str, int]:
        return dict(self.desk("/orders")["credits"])

    def orders_heard(self) -> dict[str, int]:
        return {name: counts["orders"] for name, counts in self.desk("/practice/heard").items()}

    def wait_for_orders(self, count: int) -> None:
        """Looks until so many orders were heard."""
        until = time.monotonic() + WAIT_S
        while sum(self.orders_heard().values()) < count:
            assert time.monotonic() < until, "the orders did not come"


@contextmanager
def practising(clock: Callable[[], float]) -> Iterator[Practising]:
    """By that clock."""
    book = OrderBook(clock)
    server = top_up_supplier(book)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    running = Practising(f"http://127.0.0.1:{server.server_address[1]}", book, server.RequestHandlerClass)
    try:
        yield running
    finally:
        running.desk("/practice/release", {})
        server.shutdown()
        thread.join()
        server.server_close()
        if running.sender is not None:
            running.sender.close()
