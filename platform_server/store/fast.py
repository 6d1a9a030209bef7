"""The short way to the database for the statements of a sale: compiled once, run by the driver itself.

A statement costs 30 to 70 us this way and 270 us through SQLAlchemy's asynchronous connection; a sale has some
twenty of them. Both ways share one connection and its transaction, so each statement may take the one it needs.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import TransactionStatus
from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.engine import Dialect

from platform_server.store.inline import run_inline

Statement = Select[Any] | Insert | Update | Delete
_POSTGRES: Dialect = psycopg_dialect()  # type: ignore[no-untyped-call]
_SQLITE: Dialect = sqlite.dialect()


class Prepared:
    """A statement with named parameters, in the words of both engines; its rows are named tuples.

    `make` is given the engine's module of SQLAlchemy's dialects, for what is spelt by engine.
    """

    def __init__(self, statement: Statement | Callable[[Any], Statement]) -> None:
        here, there = (
            (statement, statement) if not callable(statement) else (statement(sqlite), statement(postgresql))
        )
        inline, wired = here.compile(dialect=_SQLITE), there.compile(dialect=_POSTGRES)
        self.inline_sql, self.wired_sql = str(inline), str(wired).encode()
        self.constants = {name: value for name, value in wired.params.items() if value is not None}
        self._order: Sequence[str] = getattr(inline, "positiontup", None) or ()
        self._constants_inline = {name: value for name, value in inline.params.items() if value is not None}
        names = [str(column.key) for column in here.exported_columns] if _tells(here) else []
        self.row: Callable[[Any], Any] = getattr(namedtuple("Row", names), "_make")  # noqa: B009

    def in_order(self, values: Mapping[str, Any]) -> list[Any]:
        """The values as SQLite's question marks want them."""
        constants = self._constants_inline
        return [values[name] if name in values else constants[name] for name in self._order]


def _tells(statement: Statement) -> bool:
    return isinstance(statement, Select) or bool(statement._returning)  # noqa: SLF001 - there is no public word


class Fast(Protocol):
    """The short way over one connection in one transaction."""

    async def rows(self, prepared: Prepared, **values: Any) -> list[Any]:
        """What it tells."""
        ...

    async def one(self, prepared: Prepared, **values: Any) -> Any | None:
        """Its only row, or None."""
        ...

    async def count(self, prepared: Prepared, **values: Any) -> int:
        """How many rows it changed."""
        ...

    async def later(self, prepared: Prepared, **values: Any) -> None:
        """Nobody waits for its answer: it goes out at the latest with the next statement that somebody waits for."""
        ...


class InlineFast:
    """On SQLite every statement is a call."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    async def rows(self, prepared: Prepared, **values: Any) -> list[Any]:
        cursor = run_inline(self._raw, prepared.inline_sql, prepared.in_order(values))
        return [prepared.row(row) for row in cursor.fetchall()]

    async def one(self, prepared: Prepared, **values: Any) -> Any | None:
        found = await self.rows(prepared, **values)
        return found[0] if found else None

    async def count(self, prepared: Prepared, **values: Any) -> int:
        return int(run_inline(self._raw, prepared.inline_sql, prepared.in_order(values)).rowcount)

    async def later(self, prepared: Prepared, **values: Any) -> None:
        run_inline(self._raw, prepared.inline_sql, prepared.in_order(values))


class WiredFast:
    """On PostgreSQL statements that nobody waits for travel together (its pipeline mode)."""

    def __init__(self, raw: AsyncConnection[Any]) -> None:
        self._raw = raw
        self._waiting: list[tuple[bytes, Mapping[str, Any] | None]] = []

    async def rows(self, prepared: Prepared, **values: Any) -> list[Any]:
        cursor = await self._ask(prepared, values)
        return [prepared.row(row) for row in await cursor.fetchall()]

    async def one(self, prepared: Prepared, **values: Any) -> Any | None:
        found = await self.rows(prepared, **values)
        return found[0] if found else None

    async def count(self, prepared: Prepared, **values: Any) -> int:
        return (await self._ask(prepared, values)).rowcount

    async def later(self, prepared: Prepared, **values: Any) -> None:
        self._waiting.append((prepared.wired_sql, {**prepared.constants, **values}))

    @property
    def raw(self) -> AsyncConnection[Any]:
        """The driver's connection."""
        return self._raw

    @property
    def has_failed(self) -> bool:
        """Whether the transaction is aborted."""
        return self._raw.info.transaction_status is TransactionStatus.INERROR

    @property
    def is_waiting(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    def word_later(self, sql: str) -> None:
        """BEGIN and its like."""
        self._waiting.append((sql.encode(), None))

    def forget(self) -> bool:
        """Drops what waits; whether anything went out before it."""
        is_untouched = bool(self._waiting) and self._waiting[0][0].startswith(b"BEGIN")
        self._waiting.clear()
        return not is_untouched

    async def flush(self) -> None:
        """Everything that waits, in one trip."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            async with self._raw.pipeline():
                for sql, values in waiting:
                    await self._raw.execute(sql, values, prepare=values is not None)

    async def _ask(self, prepared: Prepared, values: Mapping[str, Any]) -> AsyncCursor[Any]:
        told = {**prepared.constants, **values} if prepared.constants else values
        sql = prepared.wired_sql
        if not self._waiting:
            return await self._raw.execute(sql, told, prepare=True)
        waiting, self._waiting = self._waiting, []
        async with self._raw.pipeline():
            for each, each_values in waiting:
                await self._raw.execute(each, each_values, prepare=each_values is not None)
            return await self._raw.execute(sql, told, prepare=True)
