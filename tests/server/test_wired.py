"""The short way to PostgreSQL when a statement is refused, a caller goes away, or the server does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import psycopg
import pytest

from platform_server.domain.errors import Collided
from platform_server.domain.money import Money
from platform_server.domain.tills import Shop
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.store.postgres_store import PostgresStore
from tests.server.conftest import postgres_store

pytestmark = pytest.mark.anyio
UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[PostgresStore]:
    async with postgres_store(postgres_url) as opened:
        async with opened.open_books() as books:
            await books.tills.add_shop(Shop("shop", "Shop", "CNY"))
            await books.wallets.open("shop", Money(1_000, "CNY"))
            await books.commit()
        yield opened


async def hold(store: PostgresStore, minor: int, again: Money | None = None) -> bool:
    async with store.open_books() as books:
        is_held = await books.wallets.hold("shop", Money(minor, "CNY"))
        if again is not None:
            await books.wallets.open("shop", again)
        await books.commit()
    return is_held


async def post_twice(store: PostgresStore) -> None:
    head = JournalHead("j", "shop", "top_up", "r", UNTIL)
    booked = move(head, Money(5, "CNY"), giver=SALES, taker=wallet_account("shop"))
    async with store.open_books() as books:
        await books.wallets.post(booked)
        await books.wallets.post(booked)
        await books.commit()


async def held(store: PostgresStore) -> int:
    async with store.peek_books() as books:
        wallet = await books.wallets.find("shop")
    assert wallet is not None
    return wallet.held.minor


async def nonce(store: PostgresStore, text: str) -> bool:
    return (await store.spend_nonce("till", text, UNTIL)).is_new


def hang_up_all(url: str) -> None:
    """What a restart of the server does to those who are connected."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


async def test_a_refused_statement_undoes_its_transaction_and_no_other(store: PostgresStore) -> None:
    assert await hold(store, 100)
    with pytest.raises(Collided):
        await hold(store, 300, again=Money(0, "CNY"))  # the wallet is there already
    assert store.pools() == {"all": (0, 12)}
    assert await hold(store, 20)
    assert await held(store) == 120
    assert [await nonce(store, "a"), await nonce(store, "a"), await nonce(store, "b")] == [True, False, True]


async def test_a_refused_commit_leaves_its_line_clean(store: PostgresStore) -> None:
    """What nobody waits for goes out with the commit, and is refused there."""
    for turn in range(2):
        with pytest.raises(Collided):
            await post_twice(store)
        assert await nonce(store, f"after {turn}")  # on the same line, which waits to be used again
    assert await hold(store, 1_000)
    assert await held(store) == 1_000


async def test_a_server_that_went_away_is_found_again(store: PostgresStore, postgres_url: str) -> None:
    assert await asyncio.gather(*(hold(store, 1) for _ in range(5))) == [True] * 5  # several lines are open
    hang_up_all(postgres_url)
    with pytest.raises(psycopg.OperationalError):
        await hold(store, 10)
    assert await hold(store, 10)  # the others were given up with the first
    assert await nonce(store, "a")
    hang_up_all(postgres_url)
    with pytest.raises(psycopg.OperationalError):
        await nonce(store, "b")
    assert await nonce(store, "b")
    assert await held(store) == 15


async def test_who_goes_away_in_mid_trip_leaves_no_answer_to_the_next(
    store: PostgresStore, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT * FROM wallets FOR UPDATE")
        waiting = asyncio.create_task(hold(store, 500))
        while other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):  # noqa: ASYNC110 - the server's lock is no event of ours
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert store.pools() == {"all": (0, 12)}
        assert await nonce(store, "a")
    assert await hold(store, 7)
    assert await held(store) == 7


async def test_a_warm_store_has_every_line_open_and_every_statement_prepared(
    store: PostgresStore, postgres_url: str
) -> None:
    await store.warm()
    with psycopg.connect(postgres_url) as other:
        ours = other.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert ours == (12,)
    before = await prepared(store)
    assert len(before) > 30
    assert await hold(store, 5)
    assert await nonce(store, "a")
    assert await prepared(store) == before


async def prepared(store: PostgresStore) -> list[str]:
    """On the line that is used next."""
    async with store.peek_books() as books:
        rows = await books._connection.exec_driver_sql(
            "SELECT name FROM pg_prepared_statements ORDER BY name"
        )
        return [row[0] for row in rows if row[0].startswith("cc")]
