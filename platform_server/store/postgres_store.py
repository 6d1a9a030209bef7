"""The store on PostgreSQL 15 or newer: many writers, also of several server processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from platform_server.domain.errors import Collided, StoreTrouble
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import begin_read, begin_write, is_collision

_POOL = 12  # of one process: more only wait for the same rows
# A statement that waits this long waits for something dead; the call is then asked again under its key.
_SETTINGS = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


def read_url(text: str) -> URL:
    """Of postgresql://USER@HOST/NAME. Raises StoreTrouble for anything else."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreTrouble("A database is given as postgresql://USER:PASSWORD@HOST:PORT/NAME.") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise StoreTrouble("Only PostgreSQL is reached by --database; SQLite lies in --data by itself.")
    return url.set(drivername="postgresql+psycopg")


def postgres_engine(url: URL) -> AsyncEngine:
    """Transactions are begun and ended by the store itself."""
    return create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_POOL,
        max_overflow=0,
        pool_pre_ping=False,
        pool_reset_on_return=None,
        hide_parameters=True,  # an error's text must not carry what was written
        connect_args=connect_options(url),
    )


def connect_options(url: URL) -> dict[str, Any]:
    """Our limits, unless the URL brings its own."""
    return {} if "options" in url.query else {"options": _SETTINGS}


class PostgresStore:
    """Opens books; the database itself keeps writers apart, row by row."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def open_books(self) -> AsyncIterator[SqlBooks]:
        """For writing. Raises Collided when another transaction came first: do it again."""
        async with self._transaction(is_writer=True) as books:
            yield books

    @asynccontextmanager
    async def peek_books(self) -> AsyncIterator[SqlBooks]:
        """For reading: one view, no waiting for writers."""
        async with self._transaction(is_writer=False) as books:
            yield books

    @asynccontextmanager
    async def _transaction(self, *, is_writer: bool) -> AsyncIterator[SqlBooks]:
        try:
            async with self._engine.connect() as connection:
                await (begin_write if is_writer else begin_read)(connection)
                books = SqlBooks(connection, is_writer=is_writer)
                try:
                    yield books
                finally:
                    if not books.is_committed:
                        await _roll_back(connection)
        except DBAPIError as fault:
            if is_collision(fault):
                raise Collided from fault
            raise

    async def tidy(self) -> None:
        """PostgreSQL tidies up by itself."""

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._engine.dispose()


async def _roll_back(connection: AsyncConnection) -> None:
    try:
        await connection.exec_driver_sql("ROLLBACK")
    except OperationalError:  # the connection is gone, and the transaction with it
        await connection.invalidate()
