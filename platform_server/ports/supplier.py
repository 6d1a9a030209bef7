"""Who carries out a top-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from platform_server.domain.top_up import CallbackNotice, SupplierAnswer, TopUp


class Supplier(Protocol):
    """An upstream that knows an order by our reference and answers a repeat with the same order.

    The adapter of a supplier that does not must answer `submit` of a known reference from `ask`.
    """

    @property
    def name(self) -> str:
        """As its callback door is called."""
        ...

    def write_order(self, top_up: TopUp) -> bytes:
        """The order as it will go out: kept before it is sent, and sent again as it was."""
        ...

    async def submit(self, reference: str, request: bytes) -> SupplierAnswer:
        """Order, or repeat the order of this reference. Raises SupplierAway when the outcome is not known."""
        ...

    async def ask(self, reference: str) -> SupplierAnswer:
        """What became of it; NOT_FOUND when the supplier never heard. Raises SupplierAway."""
        ...

    def read_callback(self, headers: Mapping[str, str], body: bytes, now: datetime) -> CallbackNotice | None:
        """A callback of the supplier, None unless its key, signature and time are true.

        `headers` by lower-case name, doubled ones joined by ", "; `body` as it travelled.
        """
        ...
