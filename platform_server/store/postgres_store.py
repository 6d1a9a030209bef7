"""The store on PostgreSQL 15 or newer: many writers, also of several server processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

from platform_server.domain.errors import Collided, StoreTrouble
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import is_collision, pool_figures
from platform_server.store.fast import WiredFast
from platform_server.store.instants import to_micros
from platform_server.store.nonces import SPEND

_POOL = 12  # of one process: more only wait for the same rows
# A statement that waits this long waits for something dead; the call is then asked again under its key.
_SETTINGS = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
_WRITE = "BEGIN"
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FAST = "card-counter.fast"


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
    engine = create_async_engine(
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
    event.listen(engine.sync_engine, "before_cursor_execute", _flush_first)
    return engine


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
                fast = await _fast_of(connection)
                fast.word_later(_WRITE if is_writer else _READ)
                books = SqlBooks(connection, fast, _Ending(fast) if is_writer else None)
                try:
                    yield books
                finally:
                    if not books.is_committed and fast.forget():
                        await _undo(connection, fast, is_writer=is_writer)
        except (DBAPIError, psycopg.Error) as fault:
            if is_collision(fault):
                raise Collided from fault
            raise

    async def spend_nonce(self, keyid: str, nonce: str, until: datetime) -> bool:
        """One statement, a transaction of its own that does not wait for the disk."""
        async with self._engine.connect() as connection:
            fast = await _fast_of(connection)
            try:
                return await fast.one(SPEND, keyid=keyid, nonce=nonce, until=to_micros(until)) is not None
            except psycopg.OperationalError:
                await connection.invalidate()
                raise

    async def tidy(self) -> None:
        """PostgreSQL tidies up by itself."""

    def pools(self) -> dict[str, tuple[int, int]]:
        """Connections in use and connections there can be."""
        return {"all": pool_figures(self._engine)}

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._engine.dispose()


@dataclass(frozen=True, slots=True)
class _Ending:
    """The end of a transaction, sent together with whatever still waits."""

    fast: WiredFast

    async def __call__(self) -> None:
        self.fast.word_later("COMMIT")
        await self.fast.flush()


async def _fast_of(connection: AsyncConnection) -> WiredFast:
    """One for each connection of the pool, with what it has prepared."""
    info = connection.sync_connection.info if connection.sync_connection else {}
    found: WiredFast | None = info.get(_FAST)
    if found is None:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        found = info[_FAST] = WiredFast(raw)
    return found


async def _undo(connection: AsyncConnection, fast: WiredFast, *, is_writer: bool) -> None:
    """A reader ends by COMMIT, because psycopg forgets at a ROLLBACK all that it has prepared."""
    try:
        if is_writer or fast.has_failed:
            await fast.raw.rollback()
        else:
            fast.word_later("COMMIT")
            await fast.flush()
    except psycopg.OperationalError:  # the connection is gone, and the transaction with it
        await connection.invalidate()


def _flush_first(sync: Connection, *_: Any) -> None:
    """A statement by SQLAlchemy goes after those that wait on the short way."""
    fast: WiredFast | None = sync.info.get(_FAST)
    if fast is not None and fast.is_waiting:
        await_only(fast.flush())
