"""Who carries out a top-up."""

from __future__ import annotations

from typing import Protocol

from platform_server.domain.money import Money
from platform_server.domain.top_up import SupplierAnswer


class Supplier(Protocol):
    """An upstream that knows an order by our reference and answers a repeat with the same order.

    The adapter of a supplier that does not must answer `submit` of a known reference from `ask`.
    """

    async def submit(self, reference: str, product_id: str, account: str, face: Money) -> SupplierAnswer:
        """Order, or repeat the order of this reference. Raises SupplierAway when the outcome is not known."""
        ...

    async def ask(self, reference: str) -> SupplierAnswer:
        """What became of it; NOT_FOUND when the supplier never heard. Raises SupplierAway."""
        ...
