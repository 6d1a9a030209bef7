"""A connection inside a transaction: fixed text goes straight to the driver, built statements through SQLAlchemy.

A sale is a score of small statements; SQLAlchemy's result objects would cost more than the disk (`bench commit`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Executable
from sqlcipher3 import dbapi2

from pos_app.store.trouble import trouble_of


class Rows:
    """What a statement gave, read to its end: plain tuples."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._rows)

    def all(self) -> list[tuple[Any, ...]]:
        return self._rows

    def one_or_none(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None

    def one(self) -> tuple[Any, ...]:
        return self._rows[0]

    def scalars(self) -> list[Any]:
        """The first column."""
        return [row[0] for row in self._rows]

    def scalar(self) -> Any:
        """The first column of the first row; None when there is none."""
        return self._rows[0][0] if self._rows else None


class BooksConnection:
    """`run` takes the fixed text of a shelf, `execute` what SQLAlchemy built; both speak our errors."""

    __slots__ = ("_connection", "_driver", "_path")

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._driver = connection.connection.driver_connection
        self._path = path

    def run(self, statement: str, values: Sequence[Any] = ()) -> Rows:
        """One statement, its rows read; values are a tuple, never a part of the text."""
        try:
            cursor = self._driver.execute(statement, values)  # type: ignore[union-attr]
            return Rows(cursor.fetchall(), cursor.rowcount)
        except dbapi2.Error as error:
            trouble = trouble_of(error, self._path)
            if trouble is None:
                raise
            raise trouble from error

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What `run` gives, as a list."""
        return self.run(statement, values).all()

    def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """One statement for each row."""
        try:
            self._driver.executemany(statement, rows)  # type: ignore[union-attr]
        except dbapi2.Error as error:
            trouble = trouble_of(error, self._path)
            if trouble is None:
                raise
            raise trouble from error

    def execute(self, statement: Executable) -> Any:
        return self._connection.execute(statement)

    def roll_back(self) -> None:
        """Undoes what is not committed, whichever way it came."""
        self._connection.rollback()
        if self._driver.in_transaction:  # type: ignore[union-attr]
            self.run("ROLLBACK")

    @property
    def driver(self) -> Any:
        """The driver's own."""
        return self._driver

    @property
    def core(self) -> Connection:
        """SQLAlchemy's own, for Alembic."""
        return self._connection
