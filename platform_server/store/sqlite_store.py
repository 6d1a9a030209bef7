"""The store on one encrypted SQLite file: one writer whose commits are grouped, readers beside it.

Writers take turns on one connection, each in a savepoint of its own. A commit hands the turn to the next writer
and waits; the last of a group makes all of them durable by one commit. Whoever fails is rolled back alone.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from platform_server.domain.errors import StoreTrouble
from platform_server.ports.books import Spent
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import begin_write, pool_figures
from platform_server.store.fast import InlineFast, Prepared
from platform_server.store.inline import InlineConnection, run_inline
from platform_server.store.nonces import spend_inline

log = logging.getLogger(__name__)
_FATAL = ("disk I/O error", "database or disk is full", "malformed", "file is not a database")
_GROUP_MOST = 64  # commits: more would make the first of them wait
_GROUP_S = 0.01  # how long what need not be durable yet may hold the file's lock


class SqliteStore:
    """Opens books for the writers and readers of one process."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._connection: AsyncConnection | None = None
        self._raw: InlineConnection | None = None
        self._group: _Group | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._trouble: str | None = None

    @asynccontextmanager
    async def open_books(self) -> AsyncIterator[SqlBooks]:
        """For writing. Raises StoreTrouble once the disk has failed: then nothing is written any more."""
        await self._take_turn()
        books: SqlBooks | None = None
        try:
            connection, raw = await self._join_group()
            books = SqlBooks(connection, InlineFast(raw), self._end)
            yield books
        except (DBAPIError, sqlite3.Error) as fault:
            self._note(fault)
            raise
        finally:
            if books is None or not books.is_committed:
                await self._leave(has_begun=books is not None)

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        if self._trouble is not None:
            self._turn.release()
            raise StoreTrouble(self._trouble)

    async def _join_group(self) -> tuple[AsyncConnection, InlineConnection]:
        if self._connection is None or self._raw is None:
            self._connection = await self._writer.connect()
            self._raw = (await self._connection.get_raw_connection()).driver_connection
        assert self._raw is not None  # noqa: S101 - SQLAlchemy's type allows None
        if self._group is None:
            await begin_write(self._connection)
            self._group = _Group(asyncio.get_running_loop())
        run_inline(self._raw, "SAVEPOINT one")
        return self._connection, self._raw

    async def spend_nonce(self, keyid: str, nonce: str, until: datetime) -> Spent:
        """Does not wait for the disk: the call's own commit, or a timer, takes it along."""
        await self._take_turn()
        spent: Spent | None = None
        try:
            _, raw = await self._join_group()
            spent = await spend_inline(InlineFast(raw), keyid, nonce, until)
        finally:
            if spent is not None and spent.is_new:
                self._end_soon()
            else:
                await self._leave(has_begun=self._group is not None)
        return spent

    async def _end(self) -> None:
        """Ends a writer's part; its turn goes to the next, or with the last of the group to the disk."""
        group = self._group
        assert self._raw is not None  # noqa: S101 - the books are open
        assert group is not None  # noqa: S101
        try:
            run_inline(self._raw, "RELEASE one")
        except sqlite3.Error:
            await self._leave(has_begun=True)
            raise
        group.size += 1
        if self._waiting and group.size < _GROUP_MOST:
            group.end_by(self._start_closing)
            self._turn.release()
        else:
            self._start(self._close_group())
        await asyncio.shield(group.done)

    def _end_soon(self) -> None:
        group = self._group
        assert self._raw is not None  # noqa: S101 - its turn
        assert group is not None  # noqa: S101
        run_inline(self._raw, "RELEASE one")
        group.size += 1
        group.end_by(self._start_closing)
        self._turn.release()

    async def _leave(self, *, has_begun: bool) -> None:
        """Undoes one writer's part and no other's."""
        group = self._group
        if has_begun and group is not None and self._raw is not None:
            run_inline(self._raw, "ROLLBACK TO one")
            run_inline(self._raw, "RELEASE one")
            if group.size:
                group.end_by(self._start_closing)
            elif not self._waiting:
                run_inline(self._raw, "ROLLBACK")
                self._group = None
        self._turn.release()

    def _start_closing(self) -> None:
        self._start(self._close_in_turn())

    async def _close_in_turn(self) -> None:
        await self._turn.acquire()
        await self._close_group()

    async def _close_group(self) -> None:
        """Makes the group durable and gives the turn back; a task of its own, so that nobody can cancel it."""
        group, self._group = self._group, None
        try:
            if group is not None and self._connection is not None:
                group.close()
                await self._connection.exec_driver_sql("COMMIT")
                group.done.set_result(None)
        except DBAPIError as fault:
            self._note(fault)
            self._drop_all()
            if group is not None:
                group.done.set_exception(fault)
                group.done.exception()  # somebody has looked at it, even if nobody waits
        finally:
            self._turn.release()

    def _drop_all(self) -> None:
        try:
            if self._raw is not None:
                run_inline(self._raw, "ROLLBACK")
        except sqlite3.Error:
            log.debug("the failed commit has rolled back by itself")

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def peek_books(self) -> AsyncIterator[SqlBooks]:
        """For reading: one view, no waiting for writers."""
        async with self._reader.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            run_inline(raw, "BEGIN")
            try:
                yield SqlBooks(connection, InlineFast(raw))
            finally:
                run_inline(raw, "ROLLBACK")

    async def warm(self) -> None:
        """The statements of the short way, spelled out before the first call."""
        _ = [each.inline for each in Prepared.all]

    async def tidy(self) -> None:
        """Moves the write-ahead log into the file; on a reader in the way the rest waits for the next time."""
        await self._alone("PRAGMA wal_checkpoint(PASSIVE)")

    def pools(self) -> dict[str, tuple[int, int]]:
        """Connections in use and connections there can be, of each pool."""
        return {"write": pool_figures(self._writer), "read": pool_figures(self._reader)}

    async def close(self) -> None:
        """Empties the write-ahead log and lets go of the file."""
        await self._reader.dispose()
        if self._trouble is None:
            await self._alone("PRAGMA wal_checkpoint(TRUNCATE)")
        if self._connection is not None:
            await self._connection.close()
        await self._writer.dispose()

    async def _alone(self, words: str) -> None:
        """Runs a statement outside of every transaction, with everything before it durable."""
        await self._turn.acquire()
        while self._group is not None:
            await self._close_group()
            await self._turn.acquire()
        try:
            if self._connection is None:
                self._connection = await self._writer.connect()
                self._raw = (await self._connection.get_raw_connection()).driver_connection
            row = (await self._connection.exec_driver_sql(words)).one()
            log.debug("checkpoint: busy=%s log=%s moved=%s", *row)
        finally:
            self._turn.release()

    def _note(self, fault: DBAPIError | sqlite3.Error) -> None:
        text = str(fault.orig if isinstance(fault, DBAPIError) else fault)
        if any(sign in text for sign in _FATAL):
            self._trouble = f"The disk failed ({text}); nothing is written until the server is started again."
            log.critical(self._trouble)


class _Group:
    """The writers that one commit makes durable."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self.done: asyncio.Future[None] = loop.create_future()
        self.size = 0

    def end_by(self, close: Callable[[], None]) -> None:
        """Whoever comes next closes it; if nobody does, a timer."""
        if self._timer is None:
            self._timer = self._loop.call_later(_GROUP_S, close)

    def close(self) -> None:
        """No timer needed any more."""
        if self._timer is not None:
            self._timer.cancel()
