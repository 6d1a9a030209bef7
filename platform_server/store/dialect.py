"""The few places where SQLite and PostgreSQL differ; SQLite is built, PostgreSQL has its place here."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.store.tables import products

_BUSY_S = 5.0
_ASK_AGAIN_S = 0.005


async def begin_write(connection: AsyncConnection) -> None:
    """One writer: the lock is taken before the first read, so no select-then-update can be overtaken."""
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


async def begin_read(connection: AsyncConnection) -> None:
    """One view of everything for as long as the transaction is open."""
    await connection.exec_driver_sql("BEGIN")


def pick(query: Select[Any]) -> Select[Any]:
    """Rows to be taken by one worker of many: on PostgreSQL FOR UPDATE SKIP LOCKED; one writer needs nothing."""
    return query


async def reserve_changes(connection: AsyncConnection, count: int) -> int:
    """The first of `count` fresh values of products.changed_seq. One writer: the greatest plus one.

    On PostgreSQL it becomes a sequence, and the catalogue page stops below the oldest open transaction.
    """
    greatest = await connection.scalar(select(func.max(products.c.changed_seq)))
    return (greatest or 0) + 1


async def storage_faults(connection: AsyncConnection) -> list[str]:
    """What the database's own checks find."""
    faults = []
    for pragma in ("quick_check", "foreign_key_check", "cipher_integrity_check"):
        rows = await connection.execute(text(f"PRAGMA {pragma}"))
        words = [" ".join(str(value) for value in row) for row in rows]
        faults += [f"{pragma}: {word}" for word in words if word != "ok"]
    return faults
