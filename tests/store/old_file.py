"""Files of before, filled by the present shelves: what came later is lent to them meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from pos_app.store.books import BOOKS
from tests.store.till_world import KEY, open_file

_LATER = (
    ("sales", "is_offline", "INTEGER DEFAULT 0 NOT NULL"),
    ("sales", "cools_until", "INTEGER"),
    ("sales", "is_doubtful", "INTEGER DEFAULT 0 NOT NULL"),
    ("cards", "epoch", "INTEGER"),
    ("cards", "lease_id", "TEXT"),
)


@contextmanager
def with_later_columns(folder: Path) -> Iterator[None]:
    """Inside it the file of that folder, made at its old step, can be written to by shelves of today."""
    open_file(folder).close()
    lent = [f"ALTER TABLE {table} ADD COLUMN {name} {kind}" for table, name, kind in _LATER]
    _change(folder, [*lent, "CREATE TABLE rolled_back (epoch INTEGER, seq INTEGER)"])
    yield
    taken = [f"ALTER TABLE {table} DROP COLUMN {name}" for table, name, _ in _LATER]
    _change(folder, [*taken, "DROP TABLE rolled_back"])


def _change(folder: Path, statements: list[str]) -> None:
    with dbapi2.connect(str(folder / BOOKS), isolation_level=None) as connection:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        for statement in statements:
            connection.execute(statement)
    connection.close()
