"""The statement that spends a nonce and tells whose its key is now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Insert, Select, String, bindparam, cast, func, select, true
from sqlalchemy.dialects import postgresql

from platform_server.ports.books import Spent
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import to_micros
from platform_server.store.tables import nonces
from platform_server.store.till_keys import FIND_HOLDER, FIND_HOLDER_FAST, holder_of


def _spend(engine: Any) -> Insert:
    made: Insert = engine.insert(nonces).on_conflict_do_nothing().returning(nonces.c.nonce)
    return made


def _spend_and_tell(_: Any) -> Select[Any]:
    # Said within the statement, the setting costs no trip of its own and ends with it.
    hurry = select(func.set_config("synchronous_commit", "off", True).label("said")).cte("hurry")
    row = (
        select(
            cast(bindparam("keyid"), String),
            cast(bindparam("nonce"), String),
            cast(bindparam("until"), BigInteger),
        )
        .select_from(hurry)
        .where(hurry.c.said == "off")
    )
    insert = postgresql.insert(nonces).from_select(["keyid", "nonce", "until"], row)
    spent = insert.on_conflict_do_nothing().returning(nonces.c.nonce).cte("spent")
    is_new = select((func.count() > 0).label("is_new")).select_from(spent).subquery("told")
    holder = FIND_HOLDER.subquery("holder")
    return select(is_new.c.is_new, holder).select_from(is_new.outerjoin(holder, true()))


_SPEND, _SPEND_AND_TELL = Prepared(_spend), Prepared(_spend_and_tell)


async def spend_inline(fast: Fast, keyid: str, nonce: str, until: datetime) -> Spent:
    """On SQLite, where two statements are as cheap as one."""
    row = await fast.one(_SPEND, keyid=keyid, nonce=nonce, until=to_micros(until))
    return Spent(row is not None, holder_of(await fast.one(FIND_HOLDER_FAST, keyid=keyid)))


async def spend_wired(fast: Fast, keyid: str, nonce: str, until: datetime) -> Spent:
    """On PostgreSQL: one trip, a transaction of its own that does not wait for the disk."""
    row = await fast.one(_SPEND_AND_TELL, keyid=keyid, nonce=nonce, until=to_micros(until))
    return Spent(bool(row and row.is_new), holder_of(row if row and row.keyid else None))
