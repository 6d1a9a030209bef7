"""Imports of files in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.code_rows import FaultReason
from platform_server.domain.imports import CodeImport, ImportFault, ImportReport
from platform_server.store.dialect import insert_absent
from platform_server.store.instants import from_micros, maybe_from_micros, to_micros
from platform_server.store.tables import import_faults, imports


class SqlImports:
    """Implements ports.import_shelves.ImportShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, draft: CodeImport) -> CodeImport:
        await self._connection.execute(insert_absent(self._connection, imports, "mark"), [_row(draft)])
        query = select(imports).where(imports.c.mark == draft.mark)
        return _import((await self._connection.execute(query)).one())

    async def advance(self, before: CodeImport, after: CodeImport, faults: Sequence[ImportFault]) -> bool:
        query = update(imports).where(imports.c.id == before.id, imports.c.last_row == before.last_row)
        query = query.where(imports.c.finished_at.is_(None))
        moved = {
            name: getattr(after, name) for name in ("last_row", "added", "duplicates", "faults", "batch_id")
        }
        if (await self._connection.execute(query.values(**moved))).rowcount == 0:
            return False
        if faults:
            rows = [
                {"import_id": after.id, "line": fault.row, "reason": fault.reason.value} for fault in faults
            ]
            await self._connection.execute(insert(import_faults), rows)
        return True

    async def finish(self, import_id: str, at: datetime) -> None:
        query = update(imports).where(imports.c.id == import_id, imports.c.finished_at.is_(None))
        await self._connection.execute(query.values(finished_at=to_micros(at)))

    async def recent(self, limit: int) -> tuple[CodeImport, ...]:
        query = select(imports).order_by(imports.c.began_at.desc(), imports.c.id.desc()).limit(limit)
        return tuple(_import(row) for row in await self._connection.execute(query))

    async def report(self, import_id: str, examples: int) -> ImportReport | None:
        row = (await self._connection.execute(select(imports).where(imports.c.id == import_id))).one_or_none()
        if row is None:
            return None
        mine = import_faults.c.import_id == import_id
        count = select(import_faults.c.reason, func.count()).where(mine).group_by(import_faults.c.reason)
        counts = {FaultReason(reason): n for reason, n in await self._connection.execute(count)}
        firsts = {}
        for reason in sorted(counts):
            query = select(import_faults.c.line).where(mine, import_faults.c.reason == reason.value)
            query = query.order_by(import_faults.c.line).limit(examples)
            firsts[reason] = tuple(await self._connection.scalars(query))
        return ImportReport(_import(row), counts, firsts)


def _row(given: CodeImport) -> dict[str, Any]:
    return {
        "id": given.id,
        "mark": given.mark,
        "product_id": given.product_id,
        "file_name": given.file_name,
        "supplier_batch": given.supplier_batch,
        "imported_by": given.by,
        "began_at": to_micros(given.began_at),
        "last_row": given.last_row,
        "added": given.added,
        "duplicates": given.duplicates,
        "faults": given.faults,
    }


def _import(row: Any) -> CodeImport:
    return CodeImport(
        id=row.id,
        mark=row.mark,
        product_id=row.product_id,
        file_name=row.file_name,
        supplier_batch=row.supplier_batch,
        by=row.imported_by,
        began_at=from_micros(row.began_at),
        last_row=row.last_row,
        added=row.added,
        duplicates=row.duplicates,
        faults=row.faults,
        batch_id=row.batch_id,
        finished_at=maybe_from_micros(row.finished_at),
    )
