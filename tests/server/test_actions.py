"""The chain of what people did: it grows under many writers, and any edit of it is found."""

import asyncio
import json
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from platform_server.domain.actions import Action, ActionHead, Authority
from platform_server.domain.errors import BadRequest, Forbidden
from platform_server.store.tables import action_head, actions
from tests.fakes.platform_world import START
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio

OWNER = Authority("owner", "asked by the supplier", "second")
EDITS = 150


def action(number: int, subject: str = "card:c1") -> Action:
    return Action.by(OWNER, START, "card_voided", subject, {"number": number, "state": "DELIVERED"})


async def fill(store: Any, count: int) -> None:
    for number in range(count):
        async with store() as books:
            await books.actions.append(action(number, f"card:c{number % 2}"))
            await books.commit()


def test_an_authority_has_a_name_and_a_reason_and_a_second_person_is_another() -> None:
    for fields in (("", "why"), ("me", " "), ("me", "why", ""), ("m" * 101, "why"), ("me", "w" * 501)):
        with pytest.raises(BadRequest):
            Authority(*fields)
    for twin in ("me", " ME "):
        with pytest.raises(Forbidden):
            Authority("me", "why", twin)
    assert Authority("me", "why", "you").authoriser == "you"


async def test_the_chain_grows_and_tells(counter: Counter) -> None:
    async with counter.peek_books() as books:
        assert (await books.actions.head(), await books.actions.verify()) == (ActionHead(), None)
    await fill(counter.open_books, 5)
    async with counter.open_books() as books:
        await books.actions.append(action(99))  # never committed
    async with counter.peek_books() as books:
        head = await books.actions.head()
        newest = await books.actions.latest(2)
        assert [each.seq for each in newest] == [5, 4]
        assert (head.seq, head.hash) == (5, newest[0].hash)
        assert newest[0].prev == newest[1].hash
        assert [each.seq for each in await books.actions.latest(9, before=3)] == [2, 1]
        mine = await books.actions.about(["card:c1", "claim:x"])
        assert [each.action.detail["number"] for each in mine] == [1, 3]
        assert mine[0].action == action(1)
        assert await books.actions.verify() is None


async def test_many_writers_make_one_chain(counter: Counter) -> None:
    await asyncio.gather(*(fill(counter.open_books, 5) for _ in range(8)))
    async with counter.peek_books() as books:
        assert (await books.actions.head()).seq == 40
        assert await books.actions.verify() is None


async def test_any_edit_is_found(any_store: Any) -> None:
    await fill(any_store.open_books, 12)
    chance = Random(20261122)
    for _ in range(EDITS):
        async with any_store.open_books() as books:
            what = await _edit(books._connection, chance)
            assert await books.actions.verify() is not None, what
    async with any_store.peek_books() as books:
        assert await books.actions.verify() is None


async def _edit(connection: Any, chance: Random) -> str:
    """One change by somebody who may write to the database, whatever column or row it is."""
    seq = chance.randint(1, 12)
    row = (await connection.execute(select(actions).where(actions.c.seq == seq))).one()
    where = actions.c.seq == seq
    kind = chance.choice(["column", "column", "column", "column", "cut", "add", "swap", "head"])
    if kind == "cut":
        await connection.execute(delete(actions).where(actions.c.seq >= seq))
    elif kind == "add":
        last = (await connection.execute(select(actions).where(actions.c.seq == 12))).one()
        await connection.execute(insert(actions).values(**{**last._mapping, "seq": 13, "prev": last.hash}))
    elif kind == "swap":
        other = seq % 12 + 1
        twin = (await connection.execute(select(actions).where(actions.c.seq == other))).one()
        text = {"detail": twin.detail, "reason": row.reason + "!"}
        await connection.execute(update(actions).where(where).values(**text))
    elif kind == "head":
        name = chance.choice(["seq", "hash"])
        changed = 11 if name == "seq" else "0" * 64
        await connection.execute(update(action_head).values(**{name: changed}))
    else:
        name = chance.choice([column.name for column in actions.c])
        await connection.execute(update(actions).where(where).values(**{name: _other(row, name, chance)}))
        return f"{kind} {name} {seq}"
    return f"{kind} {seq}"


def _other(row: Any, name: str, chance: Random) -> Any:
    value = row._mapping[name]
    if name == "seq":
        return value + 100
    if name == "at":
        return value + chance.choice([-1, 1, 10**9])
    if name == "detail":
        told = json.loads(value)
        return chance.choice(
            [" " + value, "{}", "no json", json.dumps({**told, "number": 1.5}), '{"number":-1}']
        )
    if name == "authoriser":
        return chance.choice([None, "", "else"])
    if name in ("prev", "hash"):
        place = chance.randrange(64)
        return value[:place] + ("0" if value[place] != "0" else "1") + value[place + 1 :]
    return value + chance.choice([" ", "x"])


async def test_a_head_that_is_gone_or_doubled_is_found(any_store: Any) -> None:
    await fill(any_store.open_books, 2)
    async with any_store.open_books() as books:
        await books._connection.execute(delete(action_head))
        assert await books.actions.verify() == 3
    async with any_store.open_books() as books:
        await books._connection.execute(insert(action_head).values(id=2, seq=2, hash="0" * 64))
        assert await books.actions.verify() == 3
        assert await books._connection.scalar(select(func.count()).select_from(action_head)) == 2
