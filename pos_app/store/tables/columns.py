"""How columns and tables are made, and the one list of all tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, Text


def _first_column(constraint: Any, _table: Any) -> str:
    found = re.search(r"\w+", str(constraint.sqltext))
    return found.group() if found else ""


# Every check has a name: a later step that rebuilds a table would lose those that have none.
metadata = MetaData(
    naming_convention={
        "first_column": _first_column,
        "ck": "%(table_name)s_%(first_column)s",
        "ix": "%(table_name)s_%(column_0_name)s",
    }
)


def whole(name: str, *more: Any, **said: Any) -> Column[int]:
    return Column(name, Integer, *more, nullable=said.pop("nullable", False), **said)


def text_column(name: str, *more: Any, **said: Any) -> Column[str]:
    return Column(name, Text, *more, nullable=said.pop("nullable", False), **said)


def one_of(column: str, values: Iterable[StrEnum | str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(value)) for value in values)})")


def table(name: str, *items: Any, rowid: bool = False) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


def single() -> Any:
    return whole("one", primary_key=True), CheckConstraint("one = 1")
