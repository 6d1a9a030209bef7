"""The few places where SQLite and PostgreSQL differ, by the name of the engine."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
from sqlalchemy import ColumnElement, Connection, Select, Table, any_, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from platform_server.store.tables import catalogue_clock, metadata

_BUSY_S = 5.0
_ASK_AGAIN_S = 0.005
# SQLSTATE: unique_violation, serialization_failure, deadlock_detected, lock_not_available
_COLLISIONS = {"23505", "40001", "40P01", "55P03"}


def is_postgres(connection: AsyncConnection | Connection) -> bool:
    """Many writers at once, and whoever fails in a transaction has lost all of it."""
    return connection.dialect.name == "postgresql"


def pool_figures(engine: AsyncEngine) -> tuple[int, int]:
    """Connections in use and connections there can be."""
    pool = engine.pool
    return (pool.checkedout(), pool.size()) if isinstance(pool, QueuePool) else (0, 0)


async def begin_write(connection: AsyncConnection) -> None:
    """SQLite's one lock is taken before the first read, so no select-then-update can be overtaken."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _BUSY_S
    while True:
        try:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as fault:  # another program writes: a command beside the server
            if "locked" not in str(fault.orig) or loop.time() > deadline:
                raise
        await asyncio.sleep(_ASK_AGAIN_S)


def is_collision(fault: DBAPIError | psycopg.Error) -> bool:
    """Whether two transactions met and ours lost: nothing was written, and doing it again is right."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    return getattr(cause, "sqlstate", None) in _COLLISIONS


def pick(query: Select[Any]) -> Select[Any]:
    """Rows to be taken by one worker of many: others step over them. (SQLite's compiler leaves the words out.)"""
    return query.with_for_update(skip_locked=True)


def engine_of(connection: AsyncConnection | Connection) -> Any:
    """SQLAlchemy's module of this engine."""
    return postgresql if is_postgres(connection) else sqlite


def among(engine: Any, column: ColumnElement[Any], picked: Select[Any]) -> ColumnElement[bool]:
    """`column IN (picked)`, where picked rows are locked: PostgreSQL must run that query once, not once a row."""
    if engine is postgresql:
        return column == any_(func.array(picked.scalar_subquery()))
    return column.in_(picked)


def insert_absent(connection: AsyncConnection | Connection, table: Table, *unique: str) -> Any:
    """An INSERT that leaves out rows whose `unique` columns (none: any key) are there already.

    It waits for whoever is just writing one of the same key.
    """
    return insert_or(connection, table).on_conflict_do_nothing(index_elements=unique or None)


async def insert_if_absent(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> bool:
    """Whether the row is new."""
    query = insert_absent(connection, table).values(**values)
    return (await connection.execute(query.returning(*table.primary_key))).first() is not None


async def reserve_changes(connection: AsyncConnection, count: int) -> int:
    """The first of `count` fresh values of products.changed_seq.

    The clock's row stays locked until the commit, so the order of values is the order of commits and no
    reader's cursor can pass a value that is still to come. Ask for it last.
    """
    query = update(catalogue_clock).values(seq=catalogue_clock.c.seq + count).returning(catalogue_clock.c.seq)
    last: int = await connection.scalar(query) or 0
    return last - count + 1


def insert_or(connection: AsyncConnection | Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that knows on_conflict_do_update and on_conflict_do_nothing: both engines say them alike."""
    made: postgresql.Insert | sqlite.Insert = engine_of(connection).insert(table)
    return made


async def lift_time_limit(connection: AsyncConnection) -> None:
    """For a question over everything: in this transaction a statement may take as long as it needs."""
    if is_postgres(connection):
        await connection.execute(text("SET LOCAL statement_timeout = 0"))


async def storage_faults(connection: AsyncConnection) -> list[str]:
    """What the database's own checks find."""
    if is_postgres(connection):
        return await _postgres_faults(connection)
    faults = []
    for pragma in ("quick_check", "foreign_key_check", "cipher_integrity_check"):
        rows = await connection.execute(text(f"PRAGMA {pragma}"))
        words = [" ".join(str(value) for value in row) for row in rows]
        faults += [f"{pragma}: {word}" for word in words if word != "ok"]
    return faults


async def _postgres_faults(connection: AsyncConnection) -> list[str]:
    questions = {
        "a constraint was never checked": "SELECT conname FROM pg_constraint WHERE NOT convalidated",
        "an index is not whole": "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid",
        "a setting that can lose sales": "SELECT name || ' = ' || setting FROM pg_settings WHERE setting = 'off'"
        " AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
    }
    faults = [
        f"{words}: {row[0]}"
        for words, question in questions.items()
        for row in await connection.execute(text(question))
    ]
    return faults + await _broken_references(connection)


async def _broken_references(connection: AsyncConnection) -> list[str]:
    """PostgreSQL keeps them itself; rows of a restore without its triggers were never looked at."""
    faults = []
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            there = key.column.table.alias("there")
            is_there = exists().where(there.c[key.column.name] == key.parent)
            query = select(func.count()).where(key.parent.is_not(None), ~is_there)
            count = await connection.scalar(query)
            if count:
                faults.append(f"{count} of {table.name}.{key.parent.name} point to nothing")
    return faults
