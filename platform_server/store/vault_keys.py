"""Data keys of batches in SQL, and the key-encryption keys that may wrap them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.cards import BatchKey, BoxedCard
from platform_server.store.card_rows import boxed_card, key_row, with_key
from platform_server.store.dialect import insert_absent
from platform_server.store.tables import batch_keys, batches, cards, keks

_NEWEST = and_(batch_keys.c.batch_id == batches.c.id, batch_keys.c.version == batches.c.key_version)

_HAS_BOX = cards.c.source_id.is_(None)  # a further use of a code opens with the box and the key of its source


class SqlVaultKeys:
    """Implements ports.import_shelves.KeyShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wants_deep(self, kek_id: str) -> bool:
        query = select(keks.c.is_deep_wanted).where(keks.c.id == kek_id)
        return bool(await self._connection.scalar(query))

    async def want_deep(self, kek_id: str, is_wanted: bool) -> None:
        await self._declare(kek_id)
        query = update(keks).where(keks.c.id == kek_id)
        await self._connection.execute(query.values(is_deep_wanted=is_wanted))

    async def wrapped_elsewhere(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        query = select(batch_keys).where(batch_keys.c.kek_id != kek_id).limit(limit)
        return await self._keys(query)

    async def rewrap(self, before: BatchKey, after: BatchKey) -> bool:
        query = update(batch_keys).where(
            batch_keys.c.batch_id == before.batch_id,
            batch_keys.c.version == before.version,
            batch_keys.c.kek_id == before.kek_id,
        )
        result = await self._connection.execute(query.values(kek_id=after.kek_id, wrapped_key=after.wrapped))
        return result.rowcount == 1

    async def retire(self, kek_id: str) -> bool:
        # The row first: who is just bringing a batch under this key holds it, and is waited for.
        await self._declare(kek_id)
        in_use = exists().where(batch_keys.c.kek_id == kek_id)
        await self._connection.execute(select(keks.c.id).where(keks.c.id == kek_id).with_for_update())
        query = update(keks).where(keks.c.id == kek_id, ~in_use)
        return (await self._connection.execute(query.values(is_retired=True))).rowcount == 1

    async def made_before(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        query = select(batch_keys).join_from(batch_keys, batches, _NEWEST)
        return await self._keys(query.where(batch_keys.c.made_under != kek_id).limit(limit))

    async def outgrown(self, limit: int) -> tuple[BatchKey, ...]:
        older = batch_keys.alias("older")
        has_older = exists().where(older.c.batch_id == batches.c.id, older.c.version < batches.c.key_version)
        query = select(batch_keys).join_from(batch_keys, batches, _NEWEST)
        return await self._keys(query.where(has_older).limit(limit))

    async def put(self, key: BatchKey) -> bool:
        query = update(batches).where(batches.c.id == key.batch_id, batches.c.key_version == key.version - 1)
        if (await self._connection.execute(query.values(key_version=key.version))).rowcount == 0:
            return False
        await self._connection.execute(insert(batch_keys), [key_row(key)])
        return True

    async def shut_before(self, key: BatchKey, limit: int) -> tuple[BoxedCard, ...]:
        query = with_key().where(cards.c.batch_id == key.batch_id, cards.c.version < key.version, _HAS_BOX)
        rows = await self._connection.execute(query.limit(limit))
        return tuple(boxed_card(row) for row in rows)

    async def shut_again(self, boxes: Sequence[tuple[BoxedCard, bytes]], version: int) -> None:
        if not boxes:
            return
        query = update(cards).where(cards.c.id == bindparam("which"), cards.c.version == bindparam("before"))
        rows = [
            {"which": card.label.card_id, "before": card.label.version, "shut": box, "after": version}
            for card, box in boxes
        ]
        await self._connection.execute(query.values(box=bindparam("shut"), version=bindparam("after")), rows)

    async def drop_older(self, key: BatchKey) -> bool:
        in_use = exists().where(cards.c.batch_id == key.batch_id, cards.c.version < key.version, _HAS_BOX)
        older = delete(batch_keys).where(
            batch_keys.c.batch_id == key.batch_id, batch_keys.c.version < key.version, ~in_use
        )
        return (await self._connection.execute(older)).rowcount > 0

    async def _declare(self, kek_id: str) -> None:
        await self._connection.execute(insert_absent(self._connection, keks, "id"), [{"id": kek_id}])

    async def _keys(self, query: Any) -> tuple[BatchKey, ...]:
        rows = await self._connection.execute(query)
        return tuple(BatchKey(row.batch_id, row.kek_id, row.wrapped_key, row.version) for row in rows)
