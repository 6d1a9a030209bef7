"""The shelf for suppliers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from platform_server.domain.suppliers import SupplierFile


class SupplierShelf(Protocol):
    """Who is on file."""

    async def put(self, files: Sequence[SupplierFile]) -> int:
        """Adds or replaces; how many were new or changed."""
        ...

    async def find(self, supplier_ids: Collection[str]) -> Mapping[str, SupplierFile]:
        """By id; unknown ids are left out."""
        ...

    async def all(self) -> tuple[SupplierFile, ...]:
        """Everybody, by id."""
        ...

    async def lapsed(self, today: date, limit: int) -> tuple[str, ...]:
        """Products on sale whose supplier is switched off or whose authorisation is over; at most `limit`.

        A supplier without any authorisation is the one that stands for goods of before there were suppliers: what of
        it is on sale stays there until it is put again.
        """
        ...
