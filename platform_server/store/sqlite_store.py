"""The store on one encrypted SQLite file: one writer, readers beside it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from platform_server.domain.errors import StoreTrouble
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import begin_read, begin_write

log = logging.getLogger(__name__)
_FATAL = ("disk I/O error", "database or disk is full", "malformed", "file is not a database")


class SqliteStore:
    """Opens books. All writers of this process queue at one lock, the place where commits may be grouped later."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()
        self._trouble: str | None = None

    @asynccontextmanager
    async def open_books(self) -> AsyncIterator[SqlBooks]:
        """For writing. Raises StoreTrouble once the disk has failed: then nothing is written any more."""
        async with self._turn:
            if self._trouble is not None:
                raise StoreTrouble(self._trouble)
            try:
                async with self._writer.connect() as connection:
                    await begin_write(connection)
                    books = SqlBooks(connection, is_writer=True)
                    try:
                        yield books
                    finally:
                        if not books.is_committed:
                            await connection.exec_driver_sql("ROLLBACK")
            except DBAPIError as fault:
                self._note(fault)
                raise

    @asynccontextmanager
    async def peek_books(self) -> AsyncIterator[SqlBooks]:
        """For reading: one view, no waiting for writers."""
        async with self._reader.connect() as connection:
            await begin_read(connection)
            try:
                yield SqlBooks(connection, is_writer=False)
            finally:
                await connection.exec_driver_sql("ROLLBACK")

    async def tidy(self) -> None:
        """Moves the write-ahead log into the file; on a reader in the way the rest waits for the next time."""
        async with self._turn, self._writer.connect() as connection:
            row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")).one()
            log.debug("checkpoint: busy=%s log=%s moved=%s", *row)

    async def close(self) -> None:
        """Empties the write-ahead log and lets go of the file."""
        await self._reader.dispose()
        if self._trouble is None:
            async with self._turn, self._writer.connect() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        await self._writer.dispose()

    def _note(self, fault: DBAPIError) -> None:
        text = str(fault.orig)
        if any(sign in text for sign in _FATAL):
            self._trouble = f"The disk failed ({text}); nothing is written until the server is started again."
            log.critical(self._trouble)
