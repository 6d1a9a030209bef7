"""What shops are told, in SQL: an outbox beside the effects, then a numbered row for each shop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.canonical import canonical_json
from platform_server.domain.shop_events import Callback, EventKind, NumberedEvent, ShopEvent
from platform_server.store.dialect import among, insert_if_absent, pick
from platform_server.store.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.tables import event_outbox, shop_callbacks, shop_events, shops

_DUE = (
    shop_callbacks.c.url.is_not(None),
    shop_callbacks.c.parked_at.is_(None),
    shop_callbacks.c.delivered_seq < shop_callbacks.c.last_seq,
)


class SqlEvents:
    """Implements ports.door_shelves.EventShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, event: ShopEvent) -> None:
        text = canonical_json(dict(event.body)).decode()
        row = {"shop_id": event.shop_id, "kind": event.kind.value, "body": text}
        await self._connection.execute(insert(event_outbox).values(**row))

    async def number(self, now: datetime, limit: int) -> int:
        # One worker numbers at a time: the second waits for the rows, so that no shop's order is turned round.
        query = select(event_outbox).order_by(event_outbox.c.id).limit(limit).with_for_update()
        waiting = (await self._connection.execute(query)).all()
        if not waiting:
            return 0
        for shop_id, rows in sorted((await self._by_shop(waiting)).items()):
            last = await self._advance(shop_id, len(rows), now)
            values = [
                {"shop_id": shop_id, "seq": seq, "kind": row.kind, "body": row.body, "at": to_micros(now)}
                for seq, row in enumerate(rows, start=last - len(rows) + 1)
            ]
            await self._connection.execute(insert(shop_events), values)
        ids = [row.id for row in waiting]
        await self._connection.execute(delete(event_outbox).where(event_outbox.c.id.in_(ids)))
        return len(waiting)

    async def _by_shop(self, waiting: Sequence[Any]) -> dict[str, list[Any]]:
        everyone: list[str] = []
        if any(row.shop_id is None for row in waiting):
            everyone = list(await self._connection.scalars(select(shops.c.id)))
        found: dict[str, list[Any]] = {}
        for row in waiting:
            for shop_id in everyone if row.shop_id is None else [row.shop_id]:
                found.setdefault(shop_id, []).append(row)
        return found

    async def _advance(self, shop_id: str, count: int, now: datetime) -> int:
        nothing = Callback(shop_id, None, 0, 0, now)
        await insert_if_absent(self._connection, shop_callbacks, {**_row(nothing), "last_seq": 0})
        query = update(shop_callbacks).where(shop_callbacks.c.shop_id == shop_id)
        query = query.values(last_seq=shop_callbacks.c.last_seq + count)
        return int((await self._connection.execute(query.returning(shop_callbacks.c.last_seq))).scalar_one())

    async def after(self, shop_id: str, seq: int, limit: int) -> tuple[NumberedEvent, ...]:
        query = select(shop_events).where(shop_events.c.shop_id == shop_id, shop_events.c.seq > seq)
        rows = await self._connection.execute(query.order_by(shop_events.c.seq).limit(limit))
        return tuple(_event(row) for row in rows)

    async def callback(self, shop_id: str) -> Callback | None:
        query = select(shop_callbacks).where(shop_callbacks.c.shop_id == shop_id)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _callback(row)

    async def save_callback(self, callback: Callback) -> None:
        await insert_if_absent(self._connection, shop_callbacks, {**_row(callback), "last_seq": 0})
        query = update(shop_callbacks).where(shop_callbacks.c.shop_id == callback.shop_id)
        await self._connection.execute(query.values(**_row(callback)))

    async def has_work(self, now: datetime) -> bool:
        due = select(shop_callbacks.c.shop_id).where(*_due(now))
        for query in (select(exists(select(event_outbox.c.id))), select(exists(due))):
            if await self._connection.scalar(query):
                return True
        return False

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Callback, ...]:
        due: Select[Any] = select(shop_callbacks.c.shop_id).where(*_due(now))
        due = pick(due.order_by(shop_callbacks.c.next_at).limit(limit))
        query = update(shop_callbacks).where(among(self._connection, shop_callbacks.c.shop_id, due))
        query = query.values(taken_until=to_micros(until))
        rows = (await self._connection.execute(query.returning(shop_callbacks))).all()
        return tuple(_callback(row) for row in rows)

    async def save_delivery(self, callback: Callback, taken_until: datetime) -> bool:
        query = update(shop_callbacks).where(
            shop_callbacks.c.shop_id == callback.shop_id,
            shop_callbacks.c.taken_until == to_micros(taken_until),
        )
        return (await self._connection.execute(query.values(**_row(callback)))).rowcount == 1

    async def forget(self, before: datetime) -> int:
        query = delete(shop_events).where(shop_events.c.at < to_micros(before))
        return (await self._connection.execute(query)).rowcount


def _due(now: datetime) -> tuple[Any, ...]:
    at = to_micros(now)
    return (*_DUE, shop_callbacks.c.next_at <= at, shop_callbacks.c.taken_until <= at)


def _row(callback: Callback) -> dict[str, Any]:
    """Everything but `last_seq`, which only numbering moves; free for whoever delivers next."""
    return {
        "shop_id": callback.shop_id,
        "url": callback.url,
        "delivered_seq": callback.delivered_seq,
        "next_at": to_micros(callback.next_at),
        "taken_until": 0,
        "tries": callback.tries,
        "failed_since": maybe_to_micros(callback.failed_since),
        "parked_at": maybe_to_micros(callback.parked_at),
    }


def _callback(row: Any) -> Callback:
    return Callback(
        shop_id=row.shop_id,
        url=row.url,
        last_seq=row.last_seq,
        delivered_seq=row.delivered_seq,
        next_at=from_micros(row.next_at),
        tries=row.tries,
        failed_since=maybe_from_micros(row.failed_since),
        parked_at=maybe_from_micros(row.parked_at),
    )


def _event(row: Any) -> NumberedEvent:
    event = ShopEvent(row.shop_id, EventKind(row.kind), json.loads(row.body))
    return NumberedEvent(row.seq, from_micros(row.at), event)
