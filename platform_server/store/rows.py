"""A row put in its place, whether or not it was there before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection


async def put_row(connection: AsyncConnection, key: Column[Any], values: dict[str, Any]) -> None:
    """Changes the row of this key in `key`'s table, or adds it; of two that add it at once one collides."""
    query = update(key.table).where(key == values[key.name]).values(**values)
    if (await connection.execute(query)).rowcount == 0:
        await connection.execute(insert(key.table).values(**values))
