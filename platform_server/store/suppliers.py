"""Suppliers in SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.goods import Names
from platform_server.domain.suppliers import Authorisation, SupplierFile
from platform_server.store.tables import products, suppliers

_AT_ONCE = 500


class SqlSuppliers:
    """Implements ports.supplier_shelf.SupplierShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, files: Sequence[SupplierFile]) -> int:
        files = list({file.id: file for file in files}.values())
        known = await self.find([file.id for file in files])
        fresh = [file for file in files if file.id not in known]
        changed = [file for file in files if file.id in known and known[file.id] != file]
        if fresh:
            await self._connection.execute(insert(suppliers), [_row(file) for file in fresh])
        for file in changed:
            query = update(suppliers).where(suppliers.c.id == file.id)
            await self._connection.execute(query.values(**_row(file)))
        return len(fresh) + len(changed)

    async def find(self, supplier_ids: Collection[str]) -> Mapping[str, SupplierFile]:
        wanted = list(supplier_ids)
        found = {}
        for start in range(0, len(wanted), _AT_ONCE):
            query = select(suppliers).where(suppliers.c.id.in_(wanted[start : start + _AT_ONCE]))
            for row in await self._connection.execute(query):
                found[row.id] = _file(row)
        return found

    async def all(self) -> tuple[SupplierFile, ...]:
        rows = await self._connection.execute(select(suppliers).order_by(suppliers.c.id))
        return tuple(_file(row) for row in rows)

    async def lapsed(self, today: date, limit: int) -> tuple[str, ...]:
        is_over = or_(not_(suppliers.c.is_active), suppliers.c.valid_until < today.isoformat())
        gone = list(await self._connection.scalars(select(suppliers.c.id).where(is_over)))
        if not gone:  # as nearly always: the products are not looked at
            return ()
        query = select(products.c.id).where(products.c.supplier_id.in_(gone), products.c.is_on_sale)
        return tuple(await self._connection.scalars(query.order_by(products.c.id).limit(limit)))


def _row(file: SupplierFile) -> dict[str, Any]:
    paper = file.authorisation
    return {
        "id": file.id,
        "name_zh": file.names.zh,
        "name_en": file.names.en,
        "is_active": file.is_active,
        "document": None if paper is None else paper.document,
        "granted_by": None if paper is None else paper.granted_by,
        "valid_from": None if paper is None else paper.valid_from.isoformat(),
        "valid_until": None if paper is None else paper.valid_until.isoformat(),
    }


def _file(row: Any) -> SupplierFile:
    paper = None
    if row.document is not None:
        first, last = date.fromisoformat(row.valid_from), date.fromisoformat(row.valid_until)
        paper = Authorisation(row.document, row.granted_by, first, last)
    return SupplierFile(row.id, Names(row.name_zh, row.name_en), paper, row.is_active)
