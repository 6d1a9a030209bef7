"""The doctor finds each planted breach, and nothing in a healthy store."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.actions import Action, Authority
from platform_server.domain.goods import CodeLotDraft
from platform_server.domain.policies import read_policy
from platform_server.flows.doctor import Doctor
from platform_server.flows.keep_policies import KeepPolicies
from platform_server.flows.put_products import PutProducts
from platform_server.ports.sale_shelves import INVARIANTS, PROVES
from platform_server.store.books import SqlBooks
from platform_server.store.dialect import is_postgres
from platform_server.store.postgres_store import PostgresStore
from platform_server.store.sqlite_file import reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.vault import AesVault
from tests.fakes.platform_goods import PROVENANCE, TOP_UP, lot, product
from tests.server.after_sales import Desk
from tests.server.conftest import KEY, Counter, postgres_store
from tests.server.leasing import Leasing, ids

pytestmark = pytest.mark.anyio
Store = SqliteStore | PostgresStore
Filled = Callable[[], AbstractAsyncContextManager[Store]]

PLANTED = [
    ("journals", "UPDATE postings SET amount_minor = amount_minor + 1 WHERE account LIKE 'platform:%'"),
    ("balances", "UPDATE wallets SET balance_minor = balance_minor + 1"),
    ("holds", "UPDATE wallets SET held_minor = held_minor + 1"),
    ("credit", "UPDATE wallets SET credit_limit_minor = -2000000"),
    ("conservation", "DELETE FROM cards WHERE state = 'AVAILABLE'"),
    ("conservation", "UPDATE cards SET product_id = 'other' WHERE state = 'SOLD'"),
    ("stock", "UPDATE products SET stock = stock + 1 WHERE kind = 'code'"),
    ("allocation", "UPDATE cards SET reservation_id = NULL WHERE state = 'SOLD'"),
    ("allocation", "UPDATE cards SET line_id = 'x' WHERE state = 'RESERVED'"),
    ("allocation", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'SOLD'"),
    ("allocation", "UPDATE reservation_lines SET quantity = 2 WHERE NOT is_top_up"),
    ("top_ups", "DELETE FROM top_ups"),
    ("top_ups", "UPDATE top_ups SET state = 'FAILED_FINAL'"),
    ("top_ups", "UPDATE top_ups SET state = 'REVERSED'"),
    ("late_successes", "UPDATE top_ups SET late_success = TRUE"),
    ("late_successes", "UPDATE top_ups SET state = 'REVERSED'"),
    (
        "late_successes",
        (
            "UPDATE journals SET kind = 'top_up_loss', reference = (SELECT id FROM top_ups) WHERE"
            " kind = 'sale' AND reference = (SELECT reservation_id FROM top_ups)"
        ),
    ),
    ("top_up_requests", "UPDATE top_ups SET request = x'00'"),
    (
        "top_up_requests",
        (
            "INSERT INTO top_up_attempts (top_up_id, number, kind, sent_at, digest)"
            " SELECT id, 1, 'submit', 0, 'a' FROM top_ups; "
            "INSERT INTO top_up_attempts (top_up_id, number, kind, sent_at, digest)"
            " SELECT id, 2, 'submit', 0, 'b' FROM top_ups"
        ),
    ),
    ("refunds", "UPDATE reservation_lines SET refunded_minor = -1"),
    ("refunds", "UPDATE reservation_lines SET refunded_minor = 9500 WHERE NOT is_top_up"),
    ("refunds", "DELETE FROM journals WHERE kind = 'claim_back'"),
    ("refunds", "UPDATE claims SET outcome = 'reissue'"),
    ("postings", "DELETE FROM postings WHERE account LIKE 'platform:%'"),
    ("postings", "DELETE FROM postings"),
    ("postings", "UPDATE postings SET currency = 'USD'"),
    ("postings", "UPDATE wallets SET currency = 'USD'"),
    ("card_states", "UPDATE cards SET state = 'LOST' WHERE state = 'AVAILABLE'"),
    ("sales", "DELETE FROM postings WHERE journal_id IN (SELECT id FROM journals WHERE kind = 'sale')"),
    ("sales", "DELETE FROM journals WHERE kind = 'sale'"),
    ("sales", "UPDATE journals SET reference = 'x' || reference WHERE kind = 'sale'"),
    ("sales", "UPDATE reservation_lines SET unit_cost_minor = unit_cost_minor + 1 WHERE NOT is_top_up"),
    ("sales", "UPDATE reservation_lines SET refunded_minor = 0"),
    ("sales", "UPDATE reservations SET state = 'EXPIRED' WHERE state = 'SOLD'"),
    ("sales", "UPDATE reservations SET held_minor = held_minor + 1 WHERE state = 'RESERVED'"),
    ("sales", "UPDATE reservations SET held_minor = 1 WHERE state = 'SOLD'"),
    ("effects", "DELETE FROM steps WHERE step = 'reserve'"),
    ("effects", "DELETE FROM steps WHERE step = 'confirm'"),
    ("effects", "DELETE FROM steps WHERE step = 'ack'"),
    ("effects", "DELETE FROM steps WHERE step = 'cancel'"),
    ("effects", "DELETE FROM steps WHERE step = 'claim'"),
    ("effects", "UPDATE steps SET attempt = 2 WHERE step = 'reserve'"),
    ("effects", "UPDATE steps SET sale_id = 'nowhere' WHERE step = 'confirm' AND sale_id = 'sold'"),
    ("effects", "UPDATE reservations SET evidence = NULL"),
    ("effects", "UPDATE reservations SET state = 'SOLD' WHERE state = 'CANCELLED'"),
    ("effects", "UPDATE reservations SET state = 'SOLD' WHERE state = 'DELIVERED'"),
    ("grounds", "UPDATE claims SET proof = NULL, authoriser = NULL"),
    ("grounds", "UPDATE claims SET opened_by = decided_by"),
    ("grounds", "UPDATE claims SET decided_by = NULL"),
    ("grounds", "UPDATE claims SET state = 'OPEN'"),
    ("grounds", "UPDATE claims SET refund_minor = refund_minor + 1"),
    ("voids", "UPDATE cards SET state = 'DELIVERED' WHERE state = 'VOID'"),
    ("voids", "UPDATE cards SET state = 'VOID' WHERE state = 'AVAILABLE'"),
    ("voids", "UPDATE claims SET outcome = 'reissue'"),
    ("ledger", "UPDATE ledger_entries SET text = x'7b7d'"),
    ("ledger", "UPDATE ledger_entries SET seq = 2"),
    ("ledger", "UPDATE ledger_entries SET epoch = 1"),
    ("ledger", "DELETE FROM ledger_entries WHERE seq = (SELECT max(seq) FROM ledger_entries)"),
    ("ledger", "DELETE FROM ledger_heads"),
    ("ledger", "UPDATE ledger_heads SET hash = 'x'"),
    ("log", "UPDATE ledger_entries SET text = x'7b7d'"),
    ("log", "UPDATE log_leaves SET hash = x'00'"),
    ("log", "UPDATE log_leaves SET place = place + 1"),
    ("log", "DELETE FROM log_leaves"),
    ("log", "DELETE FROM ledger_entries"),
    ("log", "DELETE FROM shop_logs"),
    ("log", "UPDATE shop_logs SET size = size + 1"),
    ("log", "UPDATE shop_logs SET peaks = x'00'"),
    ("log", "INSERT INTO log_nodes (shop_id, level, place, hash) VALUES ('shop', 8, 0, x'00')"),
    ("actions", "UPDATE actions SET reason = 'another'"),
    ("actions", "DELETE FROM actions"),
    (
        "settlements",
        (
            "INSERT INTO settlements (shop_id, day, zone, change_hour, made_at, line_count, charged_minor, "
            "returned_minor, currency, digest, keyid, signature) "
            "VALUES ('shop', '2026-11-22', 'Asia/Shanghai', 0, 0, 1, 1, 0, 'CNY', '', '', x'00')"
        ),
    ),
    ("storage", "UPDATE batches SET product_id = 'gone'"),
    ("vault", "UPDATE cards SET version = 2"),
    ("vault", "UPDATE batches SET face_minor = 1"),
    ("conservation", "DELETE FROM cards WHERE source_id IS NOT NULL"),
    ("conservation", "DELETE FROM cards WHERE state = 'IN_KIT'"),
    ("stock", "UPDATE cards SET state = 'QUARANTINED' WHERE state = 'MASTER'"),
    ("allocation", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'IN_KIT'"),
    ("allocation", "UPDATE cards SET line_id = 'x' WHERE kit_id <> id AND state = 'SOLD'"),
    ("allocation", "UPDATE cards SET reservation_id = NULL WHERE kit_id <> id AND state = 'SOLD'"),
    ("allocation", "UPDATE cards SET reservation_id = 'x' WHERE state = 'IN_KIT'"),
    ("vault", "UPDATE cards SET box = x'00' WHERE state = 'MASTER'"),
    ("limits", "UPDATE policy_counters SET count = 3"),
    ("limits", "UPDATE policy_counters SET most = 0"),
    ("limits", "UPDATE policy_uses SET amount_minor = 1"),
    ("limits", "UPDATE reservations SET state = 'EXPIRED' WHERE state = 'SOLD'"),
    ("holds", "UPDATE lease_cards SET cost_minor = 1 WHERE state = 'LEASED'"),
    ("allocation", "UPDATE lease_cards SET state = 'RETURNED' WHERE state = 'SOLD'"),
    ("leases", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'LEASED'"),
    ("leases", "UPDATE cards SET reservation_id = 'x' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET state = 'RETURNED' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET state = 'QUARANTINED' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET cost_minor = 1 WHERE state = 'SOLD'"),
    ("leases", "UPDATE lease_cards SET journal_id = NULL"),
    ("leases", "UPDATE tills SET epoch = epoch + 1"),
    ("leases", "UPDATE tills SET state = 'REVOKED'"),
    ("leases", "UPDATE leases SET fenced_at = 1"),
    ("leases", "UPDATE leases SET most = 0"),
    ("leases", "UPDATE leases SET most_minor = 1"),
    (
        "leases",
        (
            "INSERT INTO leases (id, shop_id, till_id, lease_id, epoch, granted_at, expires_at, most, most_minor,"
            " currency) SELECT 'x', shop_id, till_id, 'x', epoch, granted_at, expires_at, 9, 900000, currency"
            " FROM leases; INSERT INTO lease_cards (lease_id, card_id, product_id, face_minor, cost_minor, currency,"
            " leased_at, changed_at, state) SELECT 'x', card_id, product_id, face_minor, cost_minor, currency,"
            " leased_at, changed_at, 'LEASED' FROM lease_cards WHERE state = 'SOLD'"
        ),
    ),
    (
        "unique_codes",
        (
            "CREATE TABLE twice AS SELECT * FROM cards; DROP TABLE cards; ALTER TABLE twice RENAME TO cards; "
            "UPDATE cards SET fingerprint = 'same'"
        ),
    ),
]


KIT, LOOP, TICKET = (f"019393a1-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))


async def stock_other_kinds(shop: Counter) -> None:
    """A kit sold and one on the shelf, a loop, a repeatable code."""
    put = PutProducts(shop.open_books, shop.clock)
    await put([product(KIT, card_kind="kit", parts=2), product(LOOP, card_kind="loop")])
    await put([product(TICKET, card_kind="repeatable", uses=2)])
    kits = tuple(lot(2, start=start).cards for start in (700, 800))
    drafts = [CodeLotDraft(KIT, "K", (), PROVENANCE, kits), lot(1, LOOP, 900), lot(1, TICKET, 950)]
    await shop.import_codes(drafts)


@pytest.mark.parametrize(("name", "sin"), PLANTED)
async def test_a_planted_breach_is_found(name: str, sin: str, filled: Filled) -> None:
    """Behind the back of the program and of the database's own references, and undone again."""
    async with filled() as store, store.open_books() as books:
        connection: AsyncConnection = books._connection
        await plant(connection, sin)

        @asynccontextmanager
        async def peek() -> AsyncIterator[SqlBooks]:
            yield books

        findings = await Doctor(peek, AesVault(b"k" * 32, b"f" * 32))()
    assert name in {finding.name for finding in findings if not finding.holds}


async def test_a_healthy_store_has_no_breach(filled: Filled) -> None:
    async with filled() as store:
        findings = await Doctor(store.peek_books, AesVault(b"k" * 32, b"f" * 32))()
    assert [finding for finding in findings if not finding.holds] == []


async def plant(connection: AsyncConnection, sin: str) -> None:
    if is_postgres(connection):
        sin = "SET LOCAL session_replication_role = replica; " + re.sub(r"x'(\w*)'", r"'\\x\1'::bytea", sin)
    else:
        sin = "PRAGMA defer_foreign_keys = ON; " + sin
    for statement in sin.split("; "):
        await connection.exec_driver_sql(
            statement.replace("%", "%%") if is_postgres(connection) else statement
        )


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, empty_file: Path
) -> Iterator[Filled]:
    """A store that every test of this file may open; nothing that is done to it is committed."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            folder = tmp_path_factory.mktemp("doctor")
            shutil.copy(empty_file, folder / "platform.db")
            opened: Filled = partial(opened_file, folder / "platform.db")
        else:
            server = request.getfixturevalue("postgres")
            opened = partial(postgres_store, stack.enter_context(server.database()))

        async def work() -> None:
            async with opened() as store:
                await fill(Counter(store.open_books, store.peek_books, store.spend_nonce))

        asyncio.run(work())
        yield opened


@asynccontextmanager
async def opened_file(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(writer_engine(path, KEY), reader_engine(path, KEY))
    try:
        yield store
    finally:
        await store.close()


async def fill(shop: Counter) -> None:
    """A sale in every state, cards of every kind, a claim, a limit, a ledger, an action."""
    await shop.open(cards=9)
    await stock_other_kinds(shop)
    told = {"per": "shop", "window": "day", "most": 9, "most_amount": {"minor": 900_000, "currency": "CNY"}}
    policy = read_policy({"id": "day", "scope": "platform", "kind": "velocity", "parameters": told})
    await KeepPolicies(shop.open_books, shop.clock).put([policy], Authority("test", "a limit"))
    await shop.reserve("open")
    await shop.reserve("sold", shop.line(), shop.line(TOP_UP, "2"), shop.line(KIT, "3"), shop.line(LOOP, "4"))
    await shop.confirm("sold")
    desk = Desk(shop)
    (card,) = await desk.sell("claimed")
    await desk.approve((await desk.claim("claimed", card)).claim)
    await desk.sell("regretted", is_acked=False)
    for sale in ("regretted", "never began"):
        await shop.cancel(sale)
    till = Leasing(shop)
    till.sell(ids(await till.grant(count=2))[0], "offline")
    await till.push()
    async with shop.open_books() as books:
        await books.actions.append(Action(shop.clock.now(), "owner", None, "tried", "shop:shop", "a test"))
        await books.commit()


@pytest.mark.parametrize(
    ("sin", "words"),
    [
        ("UPDATE batches SET product_id = 'gone'", "batches.product_id point to nothing"),
        ("ALTER TABLE wallets ADD CONSTRAINT late CHECK (held_minor > -1) NOT VALID", "never checked"),
    ],
)
async def test_postgres_is_looked_over_too(postgres_url: str, sin: str, words: str) -> None:
    async with postgres_store(postgres_url) as store:
        shop = Counter(store.open_books, store.peek_books, store.spend_nonce)
        await shop.open()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(sin.encode())
        (storage,) = [f for f in await Doctor(shop.peek_books, shop.vault)() if f.name == "storage"]
        assert [breach for breach in storage.breaches if words in breach]


def test_every_question_says_what_it_proves_and_together_they_prove_what_they_should() -> None:
    assert set(PROVES) == set(INVARIANTS)
    proved = {each for ids in PROVES.values() for each in ids}
    assert {"I5", "I6", "I7", "I8", "I9", "I11", "I15"} <= proved


def test_every_invariant_is_planted_against() -> None:
    assert {name for name, _ in PLANTED} == {*INVARIANTS, "vault"}
