"""What an older program had to say is still said after the step that lets messages be dead."""

from __future__ import annotations

import importlib
from typing import Any

from sqlcipher3 import dbapi2

from pos_app.store.migrations import versions

_FIELDS = "id, kind, sale_id, state, tries, next_try_at, reason"
_OLD = (
    ("m-1", "ack", "sale-1", "sent", 1, 10, None),
    ("m-2", "ack", "sale-2", "refused", 4, 20, "LIMIT"),
    ("m-3", "ack", "sale-3", "due", 2, 30, "UNAVAILABLE"),
)


def step(name: str) -> Any:
    return importlib.import_module(f"{versions.__name__}.{name}")


def test_what_was_refused_is_dead_and_nothing_else_has_changed() -> None:
    connection = dbapi2.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE sales (id TEXT PRIMARY KEY)")
    for statement in step("0001_first_books").STEPS:
        if "outbox" in statement:
            connection.execute(statement)
    connection.executemany("INSERT INTO sales VALUES (?)", [(row[2],) for row in _OLD])
    connection.executemany(f"INSERT INTO outbox ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)", _OLD)
    for statement in step("0004_no_loss").MESSAGES:
        connection.execute(statement)
    kept = connection.execute(f"SELECT {_FIELDS}, since FROM outbox ORDER BY num").fetchall()
    assert kept == [
        (*_OLD[0], 10),
        ("m-2", "ack", "sale-2", "dead", 4, 20, "LIMIT", 20),
        (*_OLD[2], 30),
    ]
    connection.close()
