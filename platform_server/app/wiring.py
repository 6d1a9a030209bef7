"""Builds the platform from its parts: the one room that knows every adapter."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from platform_server.app.after_sales_wiring import AfterSales
from platform_server.app.doors_wiring import PlatformDoors
from platform_server.app.lease_wiring import Leasing
from platform_server.app.ledger_wiring import Ledgers
from platform_server.app.places import Places
from platform_server.app.store_wiring import Store, key_ring, open_store
from platform_server.domain.scopes import TILL_SCOPES, Scope
from platform_server.domain.tills import write_enrolment_code
from platform_server.flows.acknowledge import Acknowledge
from platform_server.flows.admit_till import AdmitTill, FindKey
from platform_server.flows.apply_rules import ApplyRules, KnownRules
from platform_server.flows.cancel import Cancel
from platform_server.flows.confirm import Confirm
from platform_server.flows.doctor import Doctor
from platform_server.flows.enrol_till import EnrolTill, IssueTicket
from platform_server.flows.freeze_sale import FreezeSale
from platform_server.flows.hand_over import HandOver
from platform_server.flows.import_codes import ImportCodes
from platform_server.flows.import_file import ImportFile, TryFile
from platform_server.flows.keep_house import KeepHouse
from platform_server.flows.keep_policies import KeepLists, KeepPolicies
from platform_server.flows.keep_shop import CreditWallet, OpenShop
from platform_server.flows.keep_suppliers import ListSuppliers, PutSuppliers
from platform_server.flows.load_goods import LoadGoods, TellGoods
from platform_server.flows.make_sample import MakeSample
from platform_server.flows.mind_disk import MindDisk
from platform_server.flows.publish_catalogue import PublishCatalogue
from platform_server.flows.put_products import OpenTopUps, PutProducts, TakeOffProducts
from platform_server.flows.read_account import ReadAccount
from platform_server.flows.read_codes import ReadCodes
from platform_server.flows.read_imports import ReadImports
from platform_server.flows.read_reservation import ReadReservation
from platform_server.flows.reserve import Reserve
from platform_server.flows.rotate_keys import RotateKeys
from platform_server.flows.run_top_ups import RunTopUps
from platform_server.flows.settle import ReadSettlement
from platform_server.flows.settle_top_up import CallForTopUp, ListTopUps, SettleTopUp
from platform_server.flows.take_callback import TakeCallback
from platform_server.ports.supplier import Supplier
from platform_server.ports.vault import KeyRing, Marker, Vault
from platform_server.ports.world import Clock, Ids
from platform_server.routes.buckets import Buckets
from platform_server.routes.callbacks import CallbackFlows
from platform_server.routes.claims import ClaimFlows
from platform_server.routes.guard import Rules
from platform_server.routes.house import Doors, build_app
from platform_server.routes.meter import Meter
from platform_server.routes.sales import SaleFlows
from platform_server.routes.settlements import SettlementFlows
from platform_server.routes.shop import ShopFlows
from platform_server.routes.signing import ReplySigner
from platform_server.settings import Settings
from platform_server.store.ground import DiskGround
from platform_server.store.marks import KeyedMarker
from platform_server.store.sign_in import ConsoleKeys
from platform_server.store.vault import AesVault
from platform_server.wire.files.reader import DiskCodeFiles
from platform_server.wire.http import HttpCaller
from platform_server.wire.sealing import HpkeSealer
from platform_server.wire.suppliers.practice.client import PracticeSupplier
from platform_server.wire.world import MachineIds, SystemClock


@dataclass(frozen=True, slots=True)
class World:
    """What is not of the store; tests hand in their own clock, ids and supplier."""

    settings: Settings
    clock: Clock
    ids: Ids
    supplier: Supplier | None = None


@dataclass(frozen=True, slots=True)
class Platform:
    """An open store with everything that can be done to it."""

    world: World
    store: Store
    vault: Vault
    ring: KeyRing
    platform_key: Ed25519PrivateKey
    marker: Marker
    places: Places
    console_keys: ConsoleKeys

    @property
    def keep_policies(self) -> KeepPolicies:
        """Rules at reserve."""
        return KeepPolicies(self.store.open_books, self.world.clock)

    @property
    def keep_lists(self) -> KeepLists:
        """Who is on which list."""
        return KeepLists(self.store.open_books, self.world.clock, self.marker)

    @property
    def freeze_sale(self) -> FreezeSale:
        """A cooling sale, stopped."""
        return FreezeSale(self.store.open_books, self.world.clock, self.world.ids)

    @property
    def issue_ticket(self) -> IssueTicket:
        """For enrolment codes."""
        world = self.world
        return IssueTicket(self.store.open_books, world.clock, world.ids, world.settings.ticket_lifetime)

    @property
    def open_shop(self) -> OpenShop:
        """The first shop."""
        return OpenShop(self.store.open_books, self.world.ids)

    @property
    def credit_wallet(self) -> CreditWallet:
        """An operator's booking."""
        return CreditWallet(self.store.open_books, self.world.clock, self.world.ids)

    @property
    def put_products(self) -> PutProducts:
        """Goods on the shelf."""
        return PutProducts(self.store.open_books, self.world.clock)

    @property
    def put_suppliers(self) -> PutSuppliers:
        """Who may sell."""
        return PutSuppliers(self.store.open_books)

    @property
    def load_goods(self) -> LoadGoods:
        """A document of goods onto the shelf."""
        return LoadGoods(self.store.open_books, self.world.clock, self.world.ids)

    @property
    def tell_goods(self) -> TellGoods:
        """A document of what is there."""
        return TellGoods(self.store.peek_books)

    @property
    def list_suppliers(self) -> ListSuppliers:
        """Everybody on file."""
        return ListSuppliers(self.store.peek_books)

    @property
    def take_off_products(self) -> TakeOffProducts:
        """Goods off the shelf."""
        return TakeOffProducts(self.store.open_books)

    @property
    def import_codes(self) -> ImportCodes:
        """Codes into the vault."""
        return ImportCodes(self.store.open_books, self.vault, self.world.clock, self.world.ids)

    @property
    def read_codes(self) -> ReadCodes:
        """Suppliers' files, judged."""
        world = self.world
        peek, at_once = self.store.peek_books, world.settings.import_at_once
        mark = self.vault.fingerprint
        return ReadCodes(peek, DiskCodeFiles(), mark, world.clock, asyncio.to_thread, at_once)

    @property
    def import_file(self) -> ImportFile:
        """Suppliers' files into the vault."""
        world, read = self.world, self.read_codes
        return ImportFile(self.store.open_books, read, self.vault, world.clock, world.ids)

    @property
    def try_file(self) -> TryFile:
        """The dry run of an import."""
        return TryFile(self.read_codes)

    @property
    def read_imports(self) -> ReadImports:
        """What came in."""
        return ReadImports(self.store.peek_books)

    @property
    def rotate_keys(self) -> RotateKeys:
        """New keys for the vault; one rotation at a time."""
        return RotateKeys(self.store.open_books, self.store.peek_books, self.vault, self.ring)

    @property
    def make_sample(self) -> MakeSample:
        """The sample market."""
        return MakeSample(
            self.put_suppliers, self.put_products, self.import_codes, self.open_shop, self.credit_wallet
        )

    @property
    def doctor(self) -> Doctor:
        """Every invariant."""
        return Doctor(self.store.peek_books, self.vault)

    @property
    def after_sales(self) -> AfterSales:
        """Claims, quarantine, the history of a code."""
        store, world = self.store, self.world
        return AfterSales(
            store.open_books, store.peek_books, world.clock, world.ids, self.vault, world.settings
        )

    @property
    def leasing(self) -> Leasing:
        """Cards that tills hold in advance."""
        store, world = self.store, self.world
        return Leasing(store.open_books, store.peek_books, world.clock, world.ids, self.vault, world.settings)

    @property
    def ledgers(self) -> Ledgers:
        """What tills wrote, and the log over it."""
        store, world = self.store, self.world
        return Ledgers(store.open_books, store.peek_books, world.clock, world.ids, self.platform_key)

    @property
    def keep_house(self) -> KeepHouse:
        """What time asks for."""
        return KeepHouse(self.store.open_books, self.world.clock)

    @property
    def open_top_ups(self) -> OpenTopUps:
        """Whether top-ups are sold."""
        return OpenTopUps(self.store.open_books)

    @property
    def run_top_ups(self) -> RunTopUps | None:
        """None without a supplier."""
        world = self.world
        if world.supplier is None:
            return None
        lease = world.settings.top_up_lease
        return RunTopUps(self.store.open_books, world.supplier, world.clock, world.ids, lease)

    @property
    def settle_top_up(self) -> SettleTopUp:
        """A person's decision."""
        return SettleTopUp(self.store.open_books, self.world.clock, self.world.ids)

    @property
    def call_for_top_up(self) -> CallForTopUp:
        """Ask about one now."""
        return CallForTopUp(self.store.open_books, self.world.clock)

    @property
    def list_top_ups(self) -> ListTopUps:
        """For people."""
        return ListTopUps(self.store.peek_books)

    @property
    def doors(self) -> PlatformDoors:
        """Keys, callbacks and what a monitor asks."""
        world = self.world
        return PlatformDoors(
            world.settings, world.clock, world.ids, self.store, self.platform_key, self.places.data
        )

    async def enrolment_code(
        self,
        address: str,
        till_name: str,
        renew: str | bool = False,
        scopes: frozenset[Scope] = TILL_SCOPES,
    ) -> str:
        """A fresh code for one till of the first shop (made if there is none)."""
        shop, _ = await self.open_shop("My shop / \u6211\u7684\u5c0f\u5e97", "CNY")
        secret = await self.issue_ticket(shop.id, till_name, renew, scopes)
        return write_enrolment_code(address, self.platform_key.public_key().public_bytes_raw(), secret)


@asynccontextmanager
async def open_platform(places: Places, world: World, *, is_alone: bool = True) -> AsyncIterator[Platform]:
    """The platform of a data folder; `is_alone` says that we hold its lock, so the schema may be brought up."""
    store, keys = await asyncio.to_thread(open_store, places, is_alone)
    try:
        ring = key_ring(places)
        vault = AesVault(keys.kek, keys.fingerprint, ring.keks)
        signer = Ed25519PrivateKey.from_private_bytes(keys.platform)
        marker, console_keys = KeyedMarker(keys.fingerprint), ConsoleKeys.of(keys.fingerprint)
        yield Platform(world, store, vault, ring, signer, marker, places, console_keys)
    finally:
        await store.close()


def build_world(settings: Settings, supplier: str | None) -> World:
    """The real one; `supplier` is `practice=URL`. Raises ValueError for another."""
    chosen: Supplier | None = None
    if supplier is not None:
        name, _, base = supplier.partition("=")
        if name != "practice" or not base.startswith(("http://", "https://")):
            raise ValueError("a supplier is given as practice=http://HOST:PORT")
        chosen = PracticeSupplier(HttpCaller(base.rstrip("/"), settings.supplier_timeout_s))
    return World(settings, SystemClock(), MachineIds(), chosen)


def _rules(platform: Platform) -> ApplyRules:
    settings = platform.world.settings
    return ApplyRules(KnownRules(), platform.marker, timezone(settings.rules_offset), settings.said_kept)


def build_web(platform: Platform, wake: Callable[[], None] = lambda: None) -> FastAPI:
    """The application over an open platform; `wake` is called when a top-up was sold."""
    world, books, peek = platform.world, platform.store.open_books, platform.store.peek_books
    settings, clock, ids = world.settings, world.clock, world.ids
    signer = ReplySigner(platform.platform_key, clock.now)
    doors, meter = platform.doors, Meter(time.perf_counter)
    hand_over = HandOver(platform.vault, HpkeSealer())
    at_reserve = _rules(platform)
    sales = SaleFlows(
        reserve=_reserve(platform, at_reserve),
        confirm=Confirm(books, clock, ids, hand_over, settings.reservation_lifetime, settings.reprint_time),
        cancel=Cancel(books, clock, ids),
        acknowledge=Acknowledge(books, clock),
        read=ReadReservation(peek, clock),
        clock=clock,
        wake=wake,
        allocated=meter.allocated,
    )
    shop = ShopFlows(
        enrol=EnrolTill(books, clock, ids),
        publish=PublishCatalogue(peek, settings.page_most),
        account=ReadAccount(peek),
        leases=platform.leasing.read,
        clock=clock,
        platform_key=signer.public_key,
    )
    supplier = world.supplier
    take = None if supplier is None else TakeCallback(books, supplier, clock)
    settlements = SettlementFlows(ReadSettlement(peek), clock)
    callbacks = CallbackFlows(take, wake)
    after = platform.after_sales
    claims = ClaimFlows(after.open_claim(hand_over), after.read_claim(hand_over), clock)
    rules, monitor = guard_rules(platform), doors.monitor(meter)
    leases = platform.leasing.doors(at_reserve)
    ledger = platform.ledgers.doors
    return build_app(
        Doors(sales, shop, ledger, settlements, claims, leases, rules, callbacks, doors.keys, monitor)
    )


def _reserve(platform: Platform, at_reserve: ApplyRules) -> Reserve:
    """The disk of a database elsewhere is minded there."""
    world, settings, books = platform.world, platform.world.settings, platform.store.open_books
    flow = Reserve(books, world.clock, world.ids, settings.reservation_lifetime, at_reserve)
    mind = MindDisk(DiskGround(platform.places.data), settings.least_free_bytes)
    return flow if platform.places.url else replace(flow, check_space=mind)


def guard_rules(platform: Platform) -> Rules:
    """Who may come in, over an open platform."""
    world, settings, clock = platform.world, platform.world.settings, platform.world.clock
    return Rules(
        find_key=FindKey(platform.store.peek_books),
        admit_till=AdmitTill(platform.store.spend_nonce, clock, settings.clock_window),
        signer=ReplySigner(platform.platform_key, clock.now),
        clock=world.clock,
        buckets=Buckets(clock, settings.calls_per_s, settings.calls_burst),
        enrolments=Buckets(clock, settings.enrolments_per_s, settings.enrolments_burst),
        body_most=settings.body_most,
    )
