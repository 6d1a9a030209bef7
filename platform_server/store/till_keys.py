"""The tills' keys in SQL."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.scopes import parse_scopes, write_scopes
from platform_server.domain.till_keys import KeyHolder, TillKey
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.rows import put_row
from platform_server.store.tables import till_keys, tills
from platform_server.store.tills import till_from_row

_read_scopes = lru_cache(maxsize=64)(parse_scopes)  # every call reads them, and there are few sets
_HOLDER: Select[Any] = select(
    tills,
    till_keys.c.keyid,
    till_keys.c.till_id,
    till_keys.c.public_key,
    till_keys.c.scopes,
    till_keys.c.epoch.label("key_epoch"),
    till_keys.c.not_before,
    till_keys.c.not_after,
    till_keys.c.revoked_at,
).select_from(till_keys.join(tills, tills.c.id == till_keys.c.till_id))
FIND_HOLDER = _HOLDER.where(till_keys.c.keyid == bindparam("keyid"))
FIND_HOLDER_FAST = Prepared(FIND_HOLDER)


class SqlTillKeys:
    """Implements ports.door_shelves.TillKeyShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def save(self, key: TillKey) -> None:
        values = {
            "keyid": key.keyid,
            "till_id": key.till_id,
            "public_key": key.public_key,
            "scopes": write_scopes(key.scopes),
            "epoch": key.epoch,
            "not_before": to_micros(key.not_before),
            "not_after": maybe_to_micros(key.not_after),
            "revoked_at": maybe_to_micros(key.revoked_at),
        }
        await put_row(self._connection, till_keys.c.keyid, values)

    async def find(self, keyid: str) -> KeyHolder | None:
        return holder_of(await self._fast.one(FIND_HOLDER_FAST, keyid=keyid))

    async def lock(self, keyid: str) -> KeyHolder | None:
        query = _HOLDER.where(till_keys.c.keyid == keyid).with_for_update(of=till_keys)
        return holder_of((await self._connection.execute(query)).one_or_none())

    async def of_till(self, till_id: str) -> tuple[TillKey, ...]:
        query = _HOLDER.where(till_keys.c.till_id == till_id)
        query = query.order_by(till_keys.c.not_before, till_keys.c.keyid)
        return tuple(_key(row) for row in await self._connection.execute(query))


def holder_of(row: Any | None) -> KeyHolder | None:
    """Of a row of FIND_HOLDER."""
    return None if row is None else KeyHolder(till_from_row(row), _key(row))


def _key(row: Any) -> TillKey:
    return TillKey(
        keyid=row.keyid,
        till_id=row.till_id,
        public_key=row.public_key,
        scopes=_read_scopes(row.scopes),
        epoch=row.key_epoch,
        not_before=from_micros(row.not_before),
        not_after=maybe_from_micros(row.not_after),
        revoked_at=maybe_from_micros(row.revoked_at),
    )
