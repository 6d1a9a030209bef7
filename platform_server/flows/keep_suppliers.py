"""Keeps suppliers on file, and asks whether they may sell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.suppliers import SupplierFile
from platform_server.ports.books import Books, OpenBooks


@dataclass(frozen=True, slots=True)
class PutSuppliers:
    """Add suppliers to the file or replace what is said of them; what they sell is judged when it is next put or imported."""

    open_books: OpenBooks

    async def __call__(self, files: Sequence[SupplierFile]) -> int:
        """How many were new or changed."""
        async with self.open_books() as books:
            changed = await books.suppliers.put(files)
            await books.commit()
        return changed


@dataclass(frozen=True, slots=True)
class ListSuppliers:
    """Everybody on file."""

    peek_books: OpenBooks

    async def __call__(self) -> tuple[SupplierFile, ...]:
        """By id."""
        async with self.peek_books() as books:
            return await books.suppliers.all()


async def check_suppliers(books: Books, supplier_ids: Collection[str], today: date) -> None:
    """Raises NotFound for one that is not on file, Forbidden with one sentence for one that may not sell that day."""
    known = await books.suppliers.find(supplier_ids)
    for supplier_id in sorted(supplier_ids):
        if supplier_id not in known:
            raise NotFound(f"no supplier {supplier_id} is on file")
        fault = known[supplier_id].why_not(today)
        if fault is not None:
            raise Forbidden(f"{fault}: nothing of it is imported")
