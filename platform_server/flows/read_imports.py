"""Tells what files came in, and what became of their rows."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.cards import Batch
from platform_server.domain.errors import NotFound
from platform_server.domain.imports import CodeImport, ImportReport
from platform_server.ports.books import OpenBooks

_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class ReadImports:
    """For the operator."""

    peek_books: OpenBooks

    async def recent(self, limit: int) -> tuple[CodeImport, ...]:
        """The newest first."""
        async with self.peek_books() as books:
            return await books.imports.recent(limit)

    async def report(self, import_id: str) -> tuple[ImportReport, Batch | None]:
        """With the batch that it made, if a card was new. Raises NotFound."""
        async with self.peek_books() as books:
            report = await books.imports.report(import_id, _EXAMPLES)
            if report is None:
                raise NotFound(f"no import {import_id}")
            batch_id = report.done.batch_id
            return report, None if batch_id is None else await books.cards.batch(batch_id)
