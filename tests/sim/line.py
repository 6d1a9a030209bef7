"""The network between tills and platform: it carries the bytes of signed requests, or loses, repeats, delays and spoils them."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch

from platform_server.routes.buckets import Buckets
from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Exchange, Http, Patience, Request, _StaleConnectionError
from tests.sim.fate import Fate
from tests.sim.platform_side import SimPlatform, Wire

_PAGE = b"<!doctype html><title>Welcome to the hotel</title><form>Log in</form>"
_NEVER_ARRIVES = ("net: request lost", "net: delayed", "net: html 200", "net: proxy 429")
_ARRIVES = (
    "net: reply lost",
    "net: 502 after effect",
    "net: reply cut",
    "net: reply spoilt",
    "net: former reply",
    "net: unsigned reply",
    "net: duplicated",
    "net: twice at once",
    "net: reset after effect",
    "platform: throttled",
    "platform: killed before commit",
    "platform: killed after commit",
)
_FAULTS = (*_NEVER_ARRIVES, *_ARRIVES)


@dataclass
class Line:
    """All cables of the shop; what was delayed arrives when its time comes, whoever has lost patience by then."""

    fate: Fate
    platform: SimPlatform
    down_until: dict[int, datetime] = field(default_factory=dict)
    calls: int = 0
    _late: list[tuple[datetime, int, Request]] = field(default_factory=list)
    _former: dict[int, Wire] = field(default_factory=dict)

    def is_down(self, till: int) -> bool:
        return not self.fate.is_calm and self.fate.at < self.down_until.get(till, self.fate.at)

    def cut(self, till: int, seconds: float) -> None:
        self.down_until[till] = self.fate.at + timedelta(seconds=seconds)

    def tend(self) -> None:
        """What was on its way arrives; nobody waits for the answer."""
        while self._late and self._late[0][0] <= self.fate.at:
            _, _, request = heapq.heappop(self._late)
            if self.platform.is_reachable():
                answer = self._deliver(request)
                self.fate.note("late", request.method, request.url, answer and answer.status)

    def carry(self, till: int, request: Request, *, may_be_stale: bool) -> Wire:
        """The answer as it arrives; Unreachable when none does."""
        fate = self.fate
        self.calls += 1
        if self.is_down(till) or not self.platform.is_reachable():
            fate.note("down", request.method, request.url)
            fate.passes(fate.chance.choice((0.01, 3.0)))
            raise Unreachable("down", was_sent=False)
        fault = fate.one_of(_FAULTS)
        fate.passes(fate.chance.uniform(0.02, 0.4))
        if fault in _NEVER_ARRIVES:
            return self._lost(request, fault)
        answer = self._arrived(till, request, fault, may_be_stale)
        fate.note(till, request.method, request.url, answer.status)
        return answer

    def _lost(self, request: Request, fault: str | None) -> Wire:
        if fault == "net: html 200":
            return Wire(200, {"content-type": "text/html"}, _PAGE)
        if fault == "net: proxy 429":
            return Wire(429, {"content-type": "text/plain", "retry-after": "3"}, b"slow down")
        if fault == "net: delayed":
            seconds = self.fate.chance.choice((2.0, 30.0, 200.0, 1_000.0, 30_000.0, 200_000.0))
            due = self.fate.at + timedelta(seconds=seconds)
            heapq.heappush(self._late, (due, self.calls, request))
        self.fate.passes(10)
        raise Unreachable("timeout")

    def _arrived(self, till: int, request: Request, fault: str | None, may_be_stale: bool) -> Wire:
        if fault in ("platform: killed before commit", "platform: killed after commit"):
            nth = self.fate.chance.choice((1, 1, 2))
            self.platform.loop.arm(nth, is_before=fault == "platform: killed before commit")
        if fault == "platform: throttled":
            with patch.object(Buckets, "take", lambda self, caller: 2.0):
                answer = self._deliver(request)
        else:
            answer = self._deliver(request, 2 if fault == "net: twice at once" else 1)
        if fault == "net: duplicated" and answer is not None:
            second = self._deliver(request)
            answer = second if self.fate.likely(0.5) else answer
        if answer is None or fault == "net: reply lost":
            self.fate.passes(10)
            raise Unreachable("timeout")
        if fault == "net: reset after effect":
            if may_be_stale:
                raise _StaleConnectionError
            raise Unreachable("down")
        former, self._former[till] = self._former.get(till), answer
        return _spoilt(answer, fault, former)

    def _deliver(self, request: Request, times: int = 1) -> Wire | None:
        if not self.platform.is_reachable():
            return None
        return self.platform.answer(request.method, request.url, request.headers, request.body, times)


def _spoilt(answer: Wire, fault: str | None, former: Wire | None) -> Wire:
    if fault == "net: 502 after effect":
        return Wire(502, {"content-type": "text/html"}, b"<h1>502 Bad Gateway</h1>")
    if fault == "net: reply cut":
        return Wire(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
    if fault == "net: reply spoilt":
        middle = len(answer.body) // 2
        body = answer.body[:middle] + bytes([answer.body[middle] ^ 1]) + answer.body[middle + 1 :]
        return Wire(answer.status, answer.headers, body)
    if fault == "net: former reply" and former is not None:
        return former
    if fault == "net: unsigned reply":
        named = {name: text for name, text in answer.headers.items() if not name.startswith("signature")}
        return Wire(answer.status, named, answer.body)
    return answer


class SimHttp(Http):
    """The till's own client with its bytes carried by the line; `around` is called before and after each call."""

    def __init__(self, line: Line, till: int, around: Callable[[str], None]) -> None:
        super().__init__(Patience(), "pos_app/simulated")
        self._line, self._till, self._around = line, till, around

    def _exchange(self, request: Request, *, may_be_stale: bool) -> Exchange:
        self._around("before call")
        answer = self._line.carry(self._till, request, may_be_stale=may_be_stale)
        self._around("after call")
        return Exchange(request, answer.status, answer.headers, answer.body)
