"""What every gateway's client is handed: a way to send bytes, which a test or a simulation may play."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pos_app.wire.http import Exchange, Request


class Sender(Protocol):
    """`wire/http.py` is the real one. Unreachable when there was no answer; statuses are not judged."""

    def send(self, make: Callable[[], Request]) -> Exchange:
        """Questions and whatever may be repeated: `make` may be called twice."""

    def send_once(self, request: Request) -> Exchange:
        """What takes money: sent at most once."""
