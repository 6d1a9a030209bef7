"""The line from a till to its gateway: it is down at times, the till may die on it, and the counter does not wait."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pos_app.domain.errors import Unreachable
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.http import Exchange, Request
from tests.fakes.till_clock import FakeClock
from tests.payments import mix


class TillDied(Exception):
    """The program is gone in the middle of whatever it did; what was committed stays."""


@dataclass
class Line:
    """Between the till and its gateway. `meanwhile` is what the counter does while a request is out."""

    inner: Sender
    clock: FakeClock
    chance: random.Random
    thrown: Counter[str]
    meanwhile: Callable[[], None] = lambda: None
    requests: int = 0
    down_until: float = 0.0

    def send(self, make: Callable[[], Request]) -> Exchange:
        return self._carry(lambda: self.inner.send(make))

    def send_once(self, request: Request) -> Exchange:
        return self._carry(lambda: self.inner.send_once(request))

    def _carry(self, go: Callable[[], Exchange]) -> Exchange:
        if self.clock.now().timestamp() < self.down_until:
            self.thrown["line down"] += 1
            raise Unreachable("down", was_sent=False)
        self._maybe_die(mix.DIES_BEFORE, "till died before the call")
        self.requests += 1
        try:
            exchange = go()
        except Unreachable:
            self.clock.advance(timedelta(seconds=self.chance.choice((0, 1, 10, 30))))
            self._others()
            raise
        self.clock.advance(timedelta(milliseconds=self.chance.randint(20, 900)))
        self._others()
        self._maybe_die(mix.DIES_AFTER, "till died after the call")
        return exchange

    def _others(self) -> None:
        if self.chance.random() < mix.MEANWHILE:
            self.meanwhile()

    def _maybe_die(self, share: float, how: str) -> None:
        if self.chance.random() < share:
            self.thrown[how] += 1
            raise TillDied
