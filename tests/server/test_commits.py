"""Grouped commits on SQLite: durable together, undone alone, and nobody waits for ever."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.errors import Collided, StoreTrouble
from platform_server.domain.tills import Shop
from platform_server.store import inline
from platform_server.store.sqlite_file import connect
from platform_server.store.sqlite_store import SqliteStore
from tests.server.conftest import KEY, postgres_store

pytestmark = pytest.mark.anyio


async def add_shop(store: Any, name: str, *, fails: bool = False) -> None:
    async with store.open_books() as books:
        await books.tills.add_shop(Shop(name, name, "CNY"))
        if fails:
            raise ValueError(name)
        await books.commit()


def on_disk(folder: Path) -> set[str]:
    """As another program sees the file: only what is committed."""
    raw = connect(folder / "platform.db", KEY, is_reader=True)
    try:
        return {row[0] for row in raw.execute("SELECT id FROM shops")}
    finally:
        raw.close()


async def test_many_commits_are_one_and_every_one_is_durable(
    sql_store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    apart = inline._apart

    async def counted(work: Any, *arguments: Any) -> Any:
        commits.append(arguments[0])
        return await apart(work, *arguments)

    monkeypatch.setattr(inline, "_apart", counted)
    names = [f"shop {number}" for number in range(40)]

    async def one(name: str) -> None:
        await add_shop(sql_store, name)
        assert name in on_disk(tmp_path)  # when commit returns, it is there

    await asyncio.gather(*(one(name) for name in names))
    assert on_disk(tmp_path) == set(names)
    assert 1 <= commits.count("COMMIT") < 20


async def test_who_fails_is_undone_alone(sql_store: SqliteStore, tmp_path: Path) -> None:
    works = [add_shop(sql_store, f"shop {number}", fails=number % 3 == 0) for number in range(30)]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert [isinstance(outcome, ValueError) for outcome in outcomes] == [n % 3 == 0 for n in range(30)]
    assert on_disk(tmp_path) == {f"shop {number}" for number in range(30) if number % 3}


def spent(folder: Path) -> set[str]:
    raw = connect(folder / "platform.db", KEY, is_reader=True)
    try:
        return {row[0] for row in raw.execute("SELECT nonce FROM nonces")}
    finally:
        raw.close()


async def test_a_nonce_is_spent_at_once_and_durable_soon(sql_store: SqliteStore, tmp_path: Path) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    assert (await sql_store.spend_nonce("till", "one", until)).is_new
    assert not (await sql_store.spend_nonce("till", "one", until)).is_new
    await add_shop(sql_store, "shop")
    assert spent(tmp_path) == {"one"}  # no later than the next commit
    assert (await sql_store.spend_nonce("till", "two", until)).is_new
    for _ in range(1_000):
        if spent(tmp_path) == {"one", "two"}:
            return
        await asyncio.sleep(0.005)  # the timer's turn; a thousand times its pause
    pytest.fail("nobody made it durable")


async def test_a_nonce_is_spent_once_by_many(any_store: Any) -> None:
    until = datetime(2030, 1, 1, tzinfo=UTC)
    outcomes = await asyncio.gather(*(any_store.spend_nonce("till", "n", until) for _ in range(16)))
    assert [spent.is_new for spent in outcomes].count(True) == 1


async def test_whoever_waits_and_goes_away_leaves_nobody_hanging(
    sql_store: SqliteStore, tmp_path: Path
) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with sql_store.open_books() as books:
            await books.tills.add_shop(Shop("first", "first", "CNY"))
            entered.set()
            await leave.wait()
            await books.commit()

    holder = asyncio.create_task(first())
    await entered.wait()
    waiter = asyncio.create_task(add_shop(sql_store, "second"))
    await asyncio.sleep(0)
    leave.set()
    waiter.cancel()
    await asyncio.wait_for(holder, 5)
    assert "first" in on_disk(tmp_path)
    await asyncio.wait_for(add_shop(sql_store, "third"), 5)
    assert on_disk(tmp_path) == {"first", "third"}


async def test_a_commit_that_fails_is_told_to_everyone_in_it(
    sql_store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = inline._apart

    async def full(work: Any, *arguments: Any) -> Any:
        if arguments[0] == "COMMIT":
            raise sqlite3.OperationalError("database or disk is full")
        return await apart(work, *arguments)

    await add_shop(sql_store, "before")
    with monkeypatch.context() as patched:
        patched.setattr(inline, "_apart", full)
        works = [add_shop(sql_store, f"shop {number}") for number in range(6)]
        outcomes = await asyncio.gather(*works, return_exceptions=True)
    assert all(isinstance(outcome, Exception) for outcome in outcomes), outcomes
    assert on_disk(tmp_path) == {"before"}
    with pytest.raises(StoreTrouble, match="started again"):
        await add_shop(sql_store, "after")


async def test_a_writer_that_is_cancelled_at_its_commit_gives_the_turn_back(sql_store: SqliteStore) -> None:
    for _ in range(20):
        works = [asyncio.create_task(add_shop(sql_store, f"{_}-{number}")) for number in range(8)]
        await asyncio.sleep(0)
        for work in works[::2]:
            work.cancel()
        await asyncio.wait_for(asyncio.gather(*works, return_exceptions=True), 5)
    await asyncio.wait_for(add_shop(sql_store, "last"), 5)


async def test_two_writers_that_meet_on_postgres(postgres_url: str) -> None:
    async with postgres_store(postgres_url) as store:
        outcomes = await asyncio.gather(*(add_shop(store, "same") for _ in range(4)), return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Collided"] * 3 + ["NoneType"]
        await add_shop(store, "next")  # no connection was left in a broken transaction
        with pytest.raises(Collided):
            await add_shop(store, "next")


async def test_a_lost_connection_is_replaced(postgres_url: str, postgres: Any) -> None:
    async with postgres_store(postgres_url) as store:
        await add_shop(store, "one")
        postgres.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname LIKE 'pos%'"
        )
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the driver says
            await add_shop(store, "two")
        await add_shop(store, "two")
