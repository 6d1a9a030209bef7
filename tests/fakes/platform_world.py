"""A clock that is turned by hand, ids that count, and a supplier that does as it is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from platform_server.domain.errors import SupplierAway
from platform_server.domain.top_up import CallbackNotice, SupplierAnswer, SupplierState, TopUp

START = datetime(2026, 11, 22, 6, 15, 29, 123456, tzinfo=UTC)


class HandClock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


class CountingIds:
    def __init__(self) -> None:
        self.count = 0

    def new_id(self) -> str:
        self.count += 1
        return f"019393a1-5c00-7000-8000-{self.count:012x}"

    def new_secret(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(16, "big")


class ToldSupplier:
    """Answers from a script, then success; `orders` counts how often each reference was really carried out.

    A callback is true when its body is among `notices`.
    """

    def __init__(self) -> None:
        self.script: deque[SupplierAnswer | None] = deque()
        self.orders: dict[str, int] = {}
        self.calls: list[tuple[str, str]] = []
        self.notices: dict[bytes, CallbackNotice] = {}

    @property
    def name(self) -> str:
        return "told"

    def write_order(self, top_up: TopUp) -> bytes:
        return f"{top_up.reference} {top_up.account} {top_up.face.minor}".encode()

    async def submit(self, reference: str, request: bytes) -> SupplierAnswer:
        self.calls.append(("submit", reference))
        self.orders.setdefault(reference, 1)
        return self._next()

    async def ask(self, reference: str) -> SupplierAnswer:
        self.calls.append(("ask", reference))
        return self._next()

    def read_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> CallbackNotice | None:
        return self.notices.get(body)

    def _next(self) -> SupplierAnswer:
        answer = self.script.popleft() if self.script else SupplierAnswer(SupplierState.SUCCESS, "SO-1")
        if answer is None:
            raise SupplierAway("told to be silent")
        return answer
