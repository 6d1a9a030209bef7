"""The short way to the database for the statements of a sale: compiled once, run close to the driver.

Through SQLAlchemy's asynchronous connection a statement costs several times as much, and a sale has some twenty of
them. Both ways share one connection and its transaction, so each statement may take the one it needs.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.engine import Dialect

from platform_server.store.inline import run_inline

Statement = Select[Any] | Insert | Update | Delete
_POSTGRES: Dialect = psycopg_dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_SQLITE: Dialect = sqlite.dialect()


@dataclass(frozen=True, slots=True, eq=False)
class Spelled:
    """A statement in one engine's words; `order` names its values as they stand in it."""

    sql: str
    order: Sequence[str]
    constants: Mapping[str, Any]
    row: Callable[[Any], Any]

    @classmethod
    def of(cls, statement: Statement, dialect: Dialect) -> Spelled:
        """Compiled."""
        made = statement.compile(dialect=dialect)
        constants = {name: value for name, value in made.params.items() if value is not None}
        # SQLAlchemy has no public word for whether a statement tells rows.
        tells = isinstance(statement, Select) or bool(statement._returning)  # noqa: SLF001
        names = [str(column.key) for column in statement.exported_columns] if tells else []
        row = getattr(namedtuple("Row", names), "_make")  # noqa: B009
        return cls(str(made), getattr(made, "positiontup", None) or (), constants, row)

    @classmethod
    def word(cls, sql: str) -> Spelled:
        """BEGIN and its like."""
        return cls(sql, (), {}, tuple)

    def values(self, told: Mapping[str, Any]) -> list[Any]:
        """In order."""
        return [told[name] if name in told else self.constants[name] for name in self.order]


class Prepared:
    """A statement with named parameters, in the words of both engines; its rows are named tuples.

    `make` is given the engine's module of SQLAlchemy's dialects, for what is spelt by engine.
    """

    all: ClassVar[list[Prepared]] = []  # so that a server can be ready for every one before its first call

    def __init__(self, statement: Statement | Callable[[Any], Statement]) -> None:
        self.all.append(self)
        self._make = statement if callable(statement) else lambda _: statement

    @cached_property
    def inline(self) -> Spelled:
        """In SQLite's words."""
        return Spelled.of(self._make(sqlite), _SQLITE)

    @cached_property
    def wired(self) -> Spelled:
        """In PostgreSQL's."""
        return Spelled.of(self._make(postgresql), _POSTGRES)


Ask = tuple[Prepared, Mapping[str, Any]]


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

    async def together(self, *asks: Ask) -> list[list[Any]]:
        """What each tells, one after the other, in one trip."""
        ...

    async def later(self, prepared: Prepared, **values: Any) -> None:
        """Nobody waits for its answer: it goes out at the latest with the next statement that somebody waits for."""
        ...


class InlineFast:
    """On SQLite every statement is a call."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    async def rows(self, prepared: Prepared, **values: Any) -> list[Any]:
        cursor = run_inline(self._raw, prepared.inline.sql, prepared.inline.values(values))
        return [prepared.inline.row(row) for row in cursor.fetchall()]

    async def one(self, prepared: Prepared, **values: Any) -> Any | None:
        found = await self.rows(prepared, **values)
        return found[0] if found else None

    async def count(self, prepared: Prepared, **values: Any) -> int:
        return int(run_inline(self._raw, prepared.inline.sql, prepared.inline.values(values)).rowcount)

    async def together(self, *asks: Ask) -> list[list[Any]]:
        return [await self.rows(prepared, **values) for prepared, values in asks]

    async def later(self, prepared: Prepared, **values: Any) -> None:
        run_inline(self._raw, prepared.inline.sql, prepared.inline.values(values))
