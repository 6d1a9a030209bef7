"""SQLite without a thread hop for each statement: short ones run in the event loop, long ones apart.

A statement of the hot path takes some 20 us; handing it to a thread and back took 130 us, 78 times a call.
Only what may wait for the disk leaves the loop: commits, bulk writes and queries that begin with APART.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeVar

from sqlcipher3 import dbapi2

APART = "/* apart */"  # as a prefix of a query: it reads much
_MANY = 50
_T = TypeVar("_T")


def _translate(fault: Any) -> NoReturn:
    """SQLAlchemy knows the errors of the standard library's module, so ours take their names."""
    raise getattr(sqlite3, type(fault).__name__, sqlite3.DatabaseError)(*fault.args) from fault


def run_inline(connection: InlineConnection, sql: str, values: Sequence[Any] = ()) -> Any:
    """A short statement, here and now; gives the driver's cursor."""
    try:
        return connection.raw.execute(sql, values)
    except dbapi2.Error as fault:
        _translate(fault)


async def _apart(work: Callable[..., _T], *arguments: Any) -> _T:
    try:
        return await asyncio.to_thread(work, *arguments)
    except dbapi2.Error as fault:
        _translate(fault)


class InlineCursor:
    """What SQLAlchemy's aiosqlite dialect asks of a cursor."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> InlineCursor:
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    @property
    def lastrowid(self) -> Any:
        return self._cursor.lastrowid

    @property
    def arraysize(self) -> int:
        return int(self._cursor.arraysize)

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._cursor.arraysize = value

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> InlineCursor:
        if sql == "COMMIT" or sql.startswith("PRAGMA") or APART in sql[:40]:
            await _apart(self._cursor.execute, sql, parameters)
            return self
        try:
            self._cursor.execute(sql, parameters)
        except dbapi2.Error as fault:
            _translate(fault)
        return self

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> InlineCursor:
        everything = list(rows)
        if len(everything) > _MANY:
            await _apart(self._cursor.executemany, sql, everything)
            return self
        try:
            self._cursor.executemany(sql, everything)
        except dbapi2.Error as fault:
            _translate(fault)
        return self

    async def fetchall(self) -> list[Any]:
        try:
            rows: list[Any] = self._cursor.fetchall()
        except dbapi2.Error as fault:
            _translate(fault)
        return rows

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        rows: list[Any] = self._cursor.fetchmany(size or self._cursor.arraysize)
        return rows

    async def close(self) -> None:
        self._cursor.close()


class InlineConnection:
    """What SQLAlchemy's aiosqlite dialect asks of a connection; begin, commit and rollback are statements."""

    def __init__(self, raw: Any) -> None:
        self._connection: Any = raw

    @property
    def raw(self) -> Any:
        """The driver's connection."""
        return self._connection

    @property
    def isolation_level(self) -> str | None:
        level: str | None = self._connection.isolation_level
        return level

    def cursor(self) -> InlineCursor:
        return InlineCursor(self._connection.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self._connection.create_function(*arguments, **options)

    async def commit(self) -> None:
        await _apart(self._connection.commit)

    async def rollback(self) -> None:
        self._connection.rollback()

    async def close(self) -> None:
        self.stop()

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
