"""The platform's flows over both stores: in memory, and on an encrypted file."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from platform_server.domain.ledger import LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, StepCall, WantedLine
from platform_server.domain.tills import Shop, Till
from platform_server.flows.accept_ledger import AcceptLedger
from platform_server.flows.acknowledge import Acknowledge, PrintedCard
from platform_server.flows.apply_rules import ApplyRules, Asker, KnownRules
from platform_server.flows.cancel import Cancel
from platform_server.flows.confirm import Confirm, Evidence
from platform_server.flows.doctor import Doctor
from platform_server.flows.hand_over import HandOver
from platform_server.flows.import_codes import ImportCodes
from platform_server.flows.keep_house import KeepHouse
from platform_server.flows.keep_shop import CreditWallet
from platform_server.flows.keep_suppliers import PutSuppliers
from platform_server.flows.put_products import OpenTopUps, PutProducts
from platform_server.flows.read_reservation import ReadReservation
from platform_server.flows.reserve import Order, Reserve
from platform_server.flows.run_top_ups import RunTopUps
from platform_server.flows.steps import SaleView
from platform_server.store.marks import KeyedMarker
from platform_server.store.migrate import upgrade_file
from platform_server.store.postgres_store import PostgresStore, postgres_engine, read_url
from platform_server.store.sqlite_file import reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.vault import AesVault
from platform_server.wire.documents import DocumentSigner, is_signed
from platform_server.wire.sealing import HpkeSealer
from tests.fakes.platform_books import MemoryStore
from tests.fakes.platform_goods import CARD, SUPPLIER, TOP_UP, lot, product, top_up
from tests.fakes.platform_world import CountingIds, HandClock, ToldSupplier

KEY = bytes(range(32))
Open = Callable[[], AbstractAsyncContextManager[Any]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the present schema, made once and copied."""
    folder = tmp_path_factory.mktemp("schema")
    upgrade_file(folder / "platform.db", KEY, folder)
    return folder / "platform.db"


@dataclass
class Counter:
    """One till at one platform, and short words for what it does."""

    open_books: Open
    peek_books: Open
    spend_nonce: Any = None
    clock: HandClock = field(default_factory=HandClock)
    ids: CountingIds = field(default_factory=CountingIds)
    supplier: ToldSupplier = field(default_factory=ToldSupplier)
    vault: AesVault = field(default_factory=lambda: AesVault(b"k" * 32, b"f" * 32))
    seal_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    signer: DocumentSigner = field(
        default_factory=lambda: DocumentSigner("platform-1", Ed25519PrivateKey.from_private_bytes(KEY))
    )
    lifetime: timedelta = timedelta(minutes=10)
    marker: KeyedMarker = field(default_factory=lambda: KeyedMarker(b"m" * 32))
    rules: ApplyRules = field(init=False)
    caller: Caller = field(default_factory=lambda: Caller("shop", "till"))

    def __post_init__(self) -> None:
        zone = timezone(timedelta(hours=8))
        self.rules = ApplyRules(KnownRules(), self.marker, zone, timedelta(days=180))

    async def open(self, money: int = 1_000_000, cards: int = 5) -> None:
        public = self.seal_key.public_key().public_bytes_raw()
        async with self.open_books() as books:
            await books.tills.add_shop(Shop("shop", "Shop", "CNY"))
            await books.wallets.open("shop", Money(0, "CNY"))
            for name in ("till", "other"):
                await books.tills.save(Till(name, "shop", name.upper(), name, 2, b"s" * 32, public))
            await books.commit()
        if money:
            await CreditWallet(self.open_books, self.clock, self.ids)("shop", Money(money, "CNY"), "first")
        await PutSuppliers(self.open_books)([SUPPLIER])
        await PutProducts(self.open_books, self.clock)([product(), top_up()])
        await OpenTopUps(self.open_books)(True)
        if cards:
            await self.import_codes([lot(cards)])

    @property
    def import_codes(self) -> ImportCodes:
        return ImportCodes(self.open_books, self.vault, self.clock, self.ids)

    @property
    def accept_ledger(self) -> AcceptLedger:
        return AcceptLedger(self.open_books, self.clock, self.ids, self.signer, is_signed)

    @property
    def sweep(self) -> KeepHouse:
        return KeepHouse(self.open_books, self.clock)

    @property
    def run_top_ups(self) -> RunTopUps:
        return RunTopUps(self.open_books, self.supplier, self.clock, self.ids, timedelta(seconds=60))

    def step(self, sale: str, step: str, attempt: int = 1, body: str = "", epoch: int = 2) -> StepCall:
        mark = hashlib.sha256(f"{step}{body}".encode()).hexdigest()
        return StepCall(sale, step, attempt, mark, epoch)

    def line(self, product_id: str = CARD, line_id: str = "1", quantity: int = 1, **other: Any) -> WantedLine:
        values: dict[str, Any] = {"version": 1, "max_unit_cost": Money(9_500, "CNY"), "fields": {}}
        if product_id == TOP_UP:
            values["fields"] = {"phone": "13800138000"}
        return WantedLine(line_id, product_id, quantity, **{**values, **other})

    async def reserve(
        self, sale: str, *lines: WantedLine, attempt: int = 1, body: str = "", epoch: int = 2, **other: Any
    ) -> SaleView:
        ledger, asker = other.get("ledger", LedgerHead()), other.get("asker", Asker())
        order = Order("2026-11-22", lines or (self.line(),), ledger, asker=asker)
        call = self.step(sale, "reserve", attempt, body, epoch)
        flow = Reserve(self.open_books, self.clock, self.ids, self.lifetime, self.rules)
        return await flow(other.get("caller", self.caller), call, order)

    async def confirm(self, sale: str, attempt: int = 1, body: str = "", **other: Any) -> SaleView:
        hand_over = HandOver(self.vault, HpkeSealer())
        flow = Confirm(self.open_books, self.clock, self.ids, hand_over, self.lifetime, timedelta(hours=24))
        evidence = Evidence(other.get("text", "{}"), other.get("line_ids", ()))
        return await flow(self.caller, self.step(sale, "confirm", attempt, body), evidence)

    async def cancel(self, sale: str, attempt: int = 1, body: str = "") -> SaleView:
        flow = Cancel(self.open_books, self.clock, self.ids)
        return await flow(self.caller, self.step(sale, "cancel", attempt, body), "left")

    async def ack(self, sale: str, *card_ids: str, attempt: int = 1, body: str = "") -> SaleView:
        printed = [PrintedCard(card_id, "yes", attempt) for card_id in card_ids]
        flow = Acknowledge(self.open_books, self.clock)
        return await flow(self.caller, self.step(sale, "ack", attempt, body), printed)

    async def read(self, sale: str) -> SaleView:
        return await ReadReservation(self.peek_books, self.clock)(self.caller, sale)

    async def wallet(self) -> tuple[int, int]:
        async with self.peek_books() as books:
            wallet = await books.wallets.find("shop")
            return wallet.balance.minor, wallet.held.minor

    async def stock(self, product_id: str = CARD) -> int:
        async with self.peek_books() as books:
            found = await books.goods.find({product_id})
            return int(found[product_id].stock)

    async def check(self, but: Collection[str] = ()) -> None:
        """Every invariant holds."""
        found = await Doctor(self.peek_books, self.vault)()
        broken = [f for f in found if not f.holds and f.name not in but]
        assert not broken, broken


@asynccontextmanager
async def sqlite_store(folder: Path, empty_file: Path) -> AsyncIterator[SqliteStore]:
    path = folder / "platform.db"
    shutil.copy(empty_file, path)
    store = SqliteStore(writer_engine(path, KEY), reader_engine(path, KEY))
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def postgres_store(url: str) -> AsyncIterator[PostgresStore]:
    store = PostgresStore(postgres_engine(read_url(url)))
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def sql_store(tmp_path: Path, empty_file: Path) -> AsyncIterator[SqliteStore]:
    async with sqlite_store(tmp_path, empty_file) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgres"])
async def any_store(
    request: pytest.FixtureRequest, tmp_path: Path, empty_file: Path
) -> AsyncIterator[SqliteStore | PostgresStore]:
    """Both engines."""
    if request.param == "sqlite":
        async with sqlite_store(tmp_path, empty_file) as store:
            yield store
    else:
        async with postgres_store(request.getfixturevalue("postgres_url")) as store:
            yield store


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def counter(request: pytest.FixtureRequest, tmp_path: Path, empty_file: Path) -> AsyncIterator[Counter]:
    """Not yet opened; the same promises on every store."""
    async with AsyncExitStack() as stack:
        store: Any = MemoryStore()
        if request.param == "sqlite":
            store = await stack.enter_async_context(sqlite_store(tmp_path, empty_file))
        elif request.param == "postgres":
            store = await stack.enter_async_context(postgres_store(request.getfixturevalue("postgres_url")))
        made = Counter(store.open_books, store.peek_books, store.spend_nonce)
        yield made
        await made.check()
