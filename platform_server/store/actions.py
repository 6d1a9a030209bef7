"""The chain of what people did, in SQL."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.actions import FIRST_ACTION_PREV, Action, ActionHead, ChainedAction
from platform_server.domain.canonical import canonical_json
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import action_head, actions


class SqlActions:
    """Implements ports.action_shelf.ActionShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, action: Action) -> ActionHead:
        # The update takes the head's row lock, so what it returns is the end of the chain until we commit.
        take = update(action_head).values(seq=action_head.c.seq + 1)
        before = (await self._connection.execute(take.returning(action_head.c.seq, action_head.c.hash))).one()
        chained = ChainedAction(before.seq, before.hash, action)
        await self._connection.execute(insert(actions).values(**_row(chained)))
        await self._connection.execute(update(action_head).values(hash=chained.hash))
        return ActionHead(chained.seq, chained.hash)

    async def head(self) -> ActionHead:
        row = (await self._connection.execute(select(action_head.c.seq, action_head.c.hash))).one()
        return ActionHead(row.seq, row.hash)

    async def latest(self, limit: int, before: int | None = None) -> tuple[ChainedAction, ...]:
        query = select(actions).order_by(actions.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(actions.c.seq < before)
        return tuple(_chained(row) for row in await self._connection.execute(query))

    async def about(self, subjects: Collection[str]) -> tuple[ChainedAction, ...]:
        query = select(actions).where(actions.c.subject.in_(list(subjects))).order_by(actions.c.seq)
        return tuple(_chained(row) for row in await self._connection.execute(query))

    async def verify(self) -> int | None:
        seq, prev = 0, FIRST_ACTION_PREV
        async with self._connection.stream(select(actions).order_by(actions.c.seq)) as rows:
            async for row in rows:
                if row.seq != seq + 1 or row.prev != prev or not _is_whole(row):
                    return seq + 1
                seq, prev = row.seq, row.hash
        heads = (await self._connection.execute(select(action_head.c.seq, action_head.c.hash))).all()
        return None if [tuple(head) for head in heads] == [(seq, prev)] else seq + 1


def _row(chained: ChainedAction) -> dict[str, Any]:
    action = chained.action
    return {
        "seq": chained.seq,
        "at": to_micros(action.at),
        "actor": action.actor,
        "authoriser": action.authoriser,
        "what": action.what,
        "subject": action.subject,
        "reason": action.reason,
        "detail": canonical_json(dict(action.detail)).decode(),
        "prev": chained.prev,
        "hash": chained.hash,
    }


def _chained(row: Any) -> ChainedAction:
    names = (row.actor, row.authoriser, row.what, row.subject, row.reason)
    return ChainedAction(row.seq, row.prev, Action(from_micros(row.at), *names, json.loads(row.detail)))


def _is_whole(row: Any) -> bool:
    """Also the spelling of the detail: what reads the same but was written anew is an edit."""
    try:
        chained = _chained(row)
        return bool(chained.hash == row.hash and canonical_json(chained.action.detail).decode() == row.detail)
    except (ValueError, TypeError, OverflowError):
        return False
