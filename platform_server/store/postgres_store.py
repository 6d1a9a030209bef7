"""The store on PostgreSQL 15 or newer: many writers, also of several server processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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
from platform_server.ports.books import Spent
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import is_collision
from platform_server.store.fast import Prepared, Spelled
from platform_server.store.nonces import spend_wired
from platform_server.store.wired import WiredFast

_POOL = 12  # of one process: more only wait for the same rows
# A statement that waits this long waits for something dead; the call is then asked again under its key.
_SETTINGS = "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
_WRITE = Spelled.word("BEGIN")
_READ = Spelled.word("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
_COMMIT, _ROLLBACK = Spelled.word("COMMIT"), Spelled.word("ROLLBACK")
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
        self._idle: list[_Line] = []
        self._places = asyncio.Semaphore(_POOL)
        self._lent = 0

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
            async with self._line() as line:
                line.fast.word_later(_WRITE if is_writer else _READ)
                books = SqlBooks(line.connection, line.fast, line.end if is_writer else None)
                try:
                    yield books
                finally:
                    if not books.is_committed:
                        await line.undo()
        except (DBAPIError, psycopg.Error) as fault:
            if is_collision(fault):
                raise Collided from fault
            raise

    async def spend_nonce(self, keyid: str, nonce: str, until: datetime) -> Spent:
        """Does not wait for the disk."""
        async with self._line() as line:
            return await spend_wired(line.fast, keyid, nonce, until)

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[_Line]:
        """One that nobody else uses meanwhile; to take it from the engine each time costs more than a statement."""
        async with self._places:
            line = self._idle.pop() if self._idle else await _Line.open(self._engine)
            self._lent += 1
            try:
                yield line
            finally:
                self._lent -= 1
                if line.is_down:  # then the others are of a server that went away, too
                    await self._hang_up(line)
                else:
                    self._idle.append(line)

    async def _hang_up(self, *lines: _Line) -> None:
        idle, self._idle = self._idle, []
        for line in (*lines, *idle):
            await line.close()

    async def warm(self) -> None:
        """Every line opened, every statement of the short way prepared on it: no customer waits for that."""
        statements = [_WRITE, _READ, _COMMIT, _ROLLBACK, *(each.wired for each in Prepared.all)]
        for _ in range(_POOL - self._lent - len(self._idle)):
            line = await _Line.open(self._engine)
            await line.fast.prepare(statements)
            self._idle.append(line)

    async def tidy(self) -> None:
        """PostgreSQL tidies up by itself."""

    def pools(self) -> dict[str, tuple[int, int]]:
        """Connections in use and connections there can be."""
        return {"all": (self._lent, _POOL)}

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._hang_up()
        await self._engine.dispose()


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """A connection to the database, with both ways to use it."""

    connection: AsyncConnection
    fast: WiredFast

    @classmethod
    async def open(cls, engine: AsyncEngine) -> _Line:
        connection = await engine.connect()
        raw: Any = (await connection.get_raw_connection()).driver_connection
        fast = WiredFast(raw)
        if connection.sync_connection is not None:
            connection.sync_connection.info[_FAST] = fast
        return cls(connection, fast)

    @property
    def is_down(self) -> bool:
        return self.fast.raw.closed or self.connection.invalidated

    async def end(self) -> None:
        """The end of a transaction, sent together with whatever still waits; refused, it is undone."""
        self.fast.word_later(_COMMIT)
        try:
            await self.fast.flush()
        except psycopg.Error:
            await self.undo()
            raise

    async def undo(self) -> None:
        """Our own word for it: at the driver's, it forgets all that the connection has prepared."""
        if self.fast.forget() and not self.is_down:
            with suppress(psycopg.OperationalError):  # the connection is gone, and the transaction with it
                self.fast.word_later(_ROLLBACK)
                await self.fast.flush()

    async def close(self) -> None:
        if not self.fast.raw.closed:
            await self.fast.raw.close()
        await self.connection.invalidate()
        await self.connection.close()


def _flush_first(sync: Connection, *_: Any) -> None:
    """A statement by SQLAlchemy goes after those that wait on the short way."""
    fast: WiredFast | None = sync.info.get(_FAST)
    if fast is not None and fast.is_waiting:
        await_only(fast.flush())
