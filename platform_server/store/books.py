"""The books on SQL: one transaction, one writer at a time, rolled back unless committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from platform_server.domain.errors import StoreTrouble
from platform_server.store.audit import SqlAudit
from platform_server.store.cards import SqlCards
from platform_server.store.dialect import begin_read, begin_write
from platform_server.store.goods import SqlGoods
from platform_server.store.ledger import SqlLedger
from platform_server.store.reservations import SqlReservations
from platform_server.store.tills import SqlTills
from platform_server.store.top_ups import SqlTopUps
from platform_server.store.wallets import SqlWallets

log = logging.getLogger(__name__)
_FATAL = ("disk I/O error", "database or disk is full", "malformed", "file is not a database")


class SqlBooks:
    """The shelves over one connection whose transaction is open."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.is_committed = False

    @cached_property
    def tills(self) -> SqlTills:
        """Shops, tills, tickets, nonces."""
        return SqlTills(self._connection)

    @cached_property
    def goods(self) -> SqlGoods:
        """Products."""
        return SqlGoods(self._connection)

    @cached_property
    def cards(self) -> SqlCards:
        """The vault's rows."""
        return SqlCards(self._connection)

    @cached_property
    def reservations(self) -> SqlReservations:
        """Sales and steps."""
        return SqlReservations(self._connection)

    @cached_property
    def wallets(self) -> SqlWallets:
        """Wallets and journals."""
        return SqlWallets(self._connection)

    @cached_property
    def top_ups(self) -> SqlTopUps:
        """Orders at suppliers."""
        return SqlTopUps(self._connection)

    @cached_property
    def ledger(self) -> SqlLedger:
        """The tills' chains."""
        return SqlLedger(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        """Incidents and invariants."""
        return SqlAudit(self._connection)

    async def commit(self) -> None:
        """Durable when it returns."""
        await self._connection.exec_driver_sql("COMMIT")
        self.is_committed = True


class SqlStore:
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
                    books = SqlBooks(connection)
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
                yield SqlBooks(connection)
            finally:
                await connection.exec_driver_sql("ROLLBACK")

    async def checkpoint(self) -> None:
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
