"""Two lanes of one till speak to the same gateway at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.attempt import order_number
from pos_app.domain.gateway import Order, Standing, Way
from pos_app.domain.money import Money
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.http import Exchange, Request
from tests.fakes.till_clock import FakeClock
from tests.payments.counter import wire


@dataclass
class Interrupted:
    """While the answer to the first check-in is on its way, something else happens."""

    inner: Sender
    meanwhile: Callable[[], object]
    checked_in: int = 0

    def send(self, make: Callable[[], Request]) -> Exchange:
        request = make()
        exchange = self.inner.send(lambda: request)
        if request.url.endswith("/terminal/checkin"):
            self.checked_in += 1
            if self.checked_in == 1:
                self.meanwhile()
        return exchange

    def send_once(self, request: Request) -> Exchange:
        return self.inner.send_once(request)


def test_two_check_ins_at_once_leave_a_key_that_is_good() -> None:
    """At midnight the counter and the lane behind it both find their key too old."""
    clock = FakeClock()
    wired = wire("shouqianba", clock)
    wired.gateway.begin_day()
    clock.advance(timedelta(days=1))
    order = Order(order_number("T1", "261123", 1, 1), Money(100), Way.SCANNED, clock.now())
    behind = KINDS["shouqianba"]().make(wired.keys, wired.sender, clock)
    line = Interrupted(wired.sender, lambda: behind.ask(order))
    counter = KINDS["shouqianba"]().make(wired.keys, line, clock)
    assert counter.ask(order).standing is Standing.ABSENT
    for gateway in (counter, behind, KINDS["shouqianba"]().make(wired.keys, wired.sender, clock)):
        assert gateway.ask(order).standing is Standing.ABSENT
