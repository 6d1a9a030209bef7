"""What sales have used of limits, in SQL: one conditional statement a counter, so that many writers pass no limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, and_, bindparam, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.judge import Take
from platform_server.domain.reservation import ReservationState
from platform_server.ports.rule_shelves import Told
from platform_server.store.dialect import engine_of, pick
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import from_micros, to_micros
from platform_server.store.tables import customer_said, policy_counters, policy_uses, reservations

_ROLLING = 0
_FORGET_AT_ONCE = 500
_MICROSECOND = timedelta(microseconds=1)
_SOLD = (ReservationState.SOLD.value, ReservationState.DELIVERED.value)
_KEY = ("policy_id", "subject", "window_start")
_COUNTER = tuple(policy_counters.c[name] for name in _KEY)
_USE = tuple(policy_uses.c[name] for name in _KEY)
_OF_SALE = policy_uses.c.reservation_id == bindparam("of_sale")
_LIVE = policy_uses.c.is_live.is_(True)


def _counting(engine: Any) -> Insert:
    """Raises a counter unless that passes its limit; then it tells nothing and changes nothing."""
    made = engine.insert(policy_counters)
    new, old = made.excluded, policy_counters.c
    after = {"count": old.count + new.count, "amount_minor": old.amount_minor + new.amount_minor}
    fits = and_(
        or_(new.most.is_(None), after["count"] <= new.most),
        or_(new.most_minor.is_(None), after["amount_minor"] <= new.most_minor),
    )
    after |= {"most": new.most, "most_minor": new.most_minor}
    counted: Insert = made.on_conflict_do_update(index_elements=_KEY, set_=after, where=fits)
    return counted.returning(old.count)


def _queueing(engine: Any) -> Insert:
    made = engine.insert(policy_counters)
    queued: Insert = made.on_conflict_do_update(
        index_elements=_KEY, set_={"keep_until": made.excluded.keep_until}
    )
    return queued


_COUNT, _QUEUE = Prepared(_counting), Prepared(_queueing)
_ROLLED = Prepared(
    select(
        func.coalesce(func.sum(policy_uses.c.count), 0).label("codes"),
        func.coalesce(func.sum(policy_uses.c.amount_minor), 0).label("amount"),
    ).where(
        policy_uses.c.policy_id == bindparam("policy_id"),
        policy_uses.c.subject == bindparam("subject"),
        policy_uses.c.window_start == _ROLLING,
        policy_uses.c.at > bindparam("since"),
        _LIVE,
    )
)
_ADD_USE = Prepared(insert(policy_uses))
_RELEASE = Prepared(update(policy_uses).where(_OF_SALE, _LIVE).values(is_live=False).returning(policy_uses))
_LESS = Prepared(
    update(policy_counters)
    .where(*(policy_counters.c[name] == bindparam(f"which_{name}") for name in _KEY))
    .values(
        count=policy_counters.c.count - bindparam("less"),
        amount_minor=policy_counters.c.amount_minor - bindparam("less_minor"),
    )
)


class SqlCounts:
    """Implements ports.rule_shelves.CountShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def take(self, reservation_id: str, take: Take, at: datetime) -> bool:
        if not await self._count(take, at):
            return False
        await self._fast.later(_ADD_USE, **_use(reservation_id, take, at))
        return True

    async def release(self, reservation_id: str) -> None:
        rows = await self._fast.rows(_RELEASE, of_sale=reservation_id)
        for row in sorted(rows, key=_key):
            if row.window_start != _ROLLING:
                which = {f"which_{name}": getattr(row, name) for name in _KEY}
                await self._fast.later(_LESS, **which, less=row.count, less_minor=row.amount_minor)

    async def retake(self, reservation_id: str, at: datetime) -> bool:
        query = select(policy_uses).where(policy_uses.c.reservation_id == reservation_id)
        rows = (await self._connection.execute(query.where(policy_uses.c.is_live.is_(False)))).all()
        for row in sorted(rows, key=_key):
            take = _take(row, at)
            if not await self._count(take, at):
                return False
            mine = update(policy_uses).where(
                policy_uses.c.reservation_id == reservation_id, tuple_(*_USE) == _key(row)
            )
            live = {"is_live": True, "at": to_micros(at), "keep_until": to_micros(take.keep_until)}
            await self._connection.execute(mine.values(**live))
        return True

    async def forget_sale(self, reservation_id: str) -> None:
        query = delete(policy_uses).where(policy_uses.c.reservation_id == reservation_id)
        await self._connection.execute(query)

    async def tell(self, told: Told) -> None:
        said: dict[str, Any] = {"customer": told.customer, "answers": told.answers}
        said |= {"at": to_micros(told.at), "keep_until": to_micros(told.keep_until)}
        made = engine_of(self._connection).insert(customer_said)
        query = made.values(reservation_id=told.reservation_id, **said)
        await self._connection.execute(
            query.on_conflict_do_update(index_elements=["reservation_id"], set_=said)
        )

    async def has_bought(self, customer: str) -> bool:
        query = select(reservations.c.id).join(
            customer_said, customer_said.c.reservation_id == reservations.c.id
        )
        query = query.where(customer_said.c.customer == customer, reservations.c.state.in_(_SOLD))
        return await self._connection.scalar(query.limit(1)) is not None

    async def forget(self, now: datetime) -> int:
        old = to_micros(now)
        ended = select(*_COUNTER).where(policy_counters.c.keep_until <= old).limit(_FORGET_AT_ONCE)
        keys = [tuple(row) for row in await self._connection.execute(pick(ended))]
        if keys:
            await self._connection.execute(delete(policy_uses).where(tuple_(*_USE).in_(keys)))
            await self._connection.execute(delete(policy_counters).where(tuple_(*_COUNTER).in_(keys)))
        rolled = delete(policy_uses).where(
            policy_uses.c.window_start == _ROLLING, policy_uses.c.keep_until <= old
        )
        done = len(keys) + (await self._connection.execute(rolled)).rowcount
        said = delete(customer_said).where(customer_said.c.keep_until <= old)
        return done + (await self._connection.execute(said)).rowcount

    async def _count(self, take: Take, at: datetime) -> bool:
        if not take.fits(0, 0):
            return False
        return await (self._count_rolling(take, at) if take.starts_at is None else self._count_fixed(take))

    async def _count_fixed(self, take: Take) -> bool:
        return await self._fast.one(_COUNT, **_counter(take)) is not None

    async def _count_rolling(self, take: Take, at: datetime) -> bool:
        """Sales of one subject queue at its row; the sum is a new statement, so it sees what they have committed."""
        nothing = {"count": 0, "amount_minor": 0, "most": None, "most_minor": None}
        await self._fast.later(_QUEUE, **{**_counter(take), **nothing})
        since = to_micros(at - (take.rolls or timedelta(0)))
        row = await self._fast.one(_ROLLED, policy_id=take.policy_id, subject=take.subject, since=since)
        return row is not None and take.fits(int(row.codes), int(row.amount))


def _counter(take: Take) -> dict[str, Any]:
    return {
        "policy_id": take.policy_id,
        "subject": take.subject,
        "window_start": _ROLLING if take.starts_at is None else to_micros(take.starts_at),
        "count": take.count,
        "amount_minor": take.amount_minor,
        "most": take.most,
        "most_minor": take.most_minor,
        "keep_until": to_micros(take.keep_until),
    }


def _use(reservation_id: str, take: Take, at: datetime) -> dict[str, Any]:
    rolls_us = 0 if take.rolls is None else take.rolls // _MICROSECOND
    row = {**_counter(take), "reservation_id": reservation_id, "rolls_us": rolls_us}
    return {**row, "at": to_micros(at), "is_live": True}


def _take(row: Any, at: datetime) -> Take:
    rolls = row.rolls_us * _MICROSECOND
    is_rolling = row.window_start == _ROLLING
    take = Take(
        policy_id=row.policy_id,
        subject=row.subject,
        count=row.count,
        amount_minor=row.amount_minor,
        most=row.most,
        most_minor=row.most_minor,
        starts_at=None if is_rolling else from_micros(row.window_start),
        rolls=rolls if is_rolling else None,
        keep_until=from_micros(row.keep_until),
        refusal={},
    )
    return replace(take, keep_until=max(take.keep_until, at + rolls)) if is_rolling else take


def _key(row: Any) -> tuple[str, str, int]:
    return row.policy_id, row.subject, row.window_start
