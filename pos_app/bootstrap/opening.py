"""Opens a till: books, keys, printer, and the platform on the shop's own PC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app import __version__
from pos_app.bootstrap.gateways import PayWiring
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.bootstrap.wiring import House, World, assemble
from pos_app.domain.errors import DiskTrouble, NotEnrolled
from pos_app.domain.lease import LeaseRules, OfflineLimits
from pos_app.domain.money import Money
from pos_app.places import Places, disk_cause, program, resources, shipped
from pos_app.ports.anchor import Anchor
from pos_app.ports.platform import Platform
from pos_app.settings import Settings
from pos_app.shop import Shop

if TYPE_CHECKING:
    from pos_app.printing.chosen import ChosenPrinter
    from pos_app.store.books import TillBooks
    from pos_app.store.keys import TillKeys
    from pos_app.wire.at_home import PlatformAtHome
    from pos_app.wire.platform.client import PlatformClient


@dataclass(frozen=True)
class OpenTill:
    """A till that is open: its shop, its printer, its settings, and how to leave it in order."""

    shop: Shop
    printer: ChosenPrinter
    settings: TillSettings
    pays: PayWiring
    keys_lie_in: str  # keyring, folder (one was named) or file (no keyring answers)
    close: Callable[[], None]


def open_till(
    where: Places, keys_dir: Path | None, supplier: str | None = None, *, is_visit: bool = False
) -> OpenTill:
    """Open the books, and know the platform without waiting for it.

    `keys_dir` is None for the OS keyring. `supplier` is the address of a practice supplier, for the demo. A visit looks
    at books that are there: it makes none, and wakes no platform.
    StoreTrouble says why the books cannot be used; PlatformNotStarted only before the till belongs to a platform.
    """
    # Heavy imports wait until the window is painted (P1): this runs on the store lane.
    from pos_app.store.books import TillBooks
    from pos_app.store.keys import load_keys
    from pos_app.store.lock import TillLock
    from pos_app.store.signer import TillSigner
    from pos_app.wire.at_home import PlatformAtHome
    from pos_app.wire.system_clock import SystemClock

    prepare(where)
    lock = TillLock(where.till)
    settings = TillSettings(where)
    kept, clock = settings.now(), SystemClock()
    try:
        keys = load_keys(where.till, where.keys, use_keyring=keys_dir is None)
        signer = TillSigner(keys.sign_key)
        books = TillBooks(where.till, keys.database_key, clock.local, kept.day_change_hour, signer=signer)
    except BaseException:
        lock.release()
        raise
    if kept.platform == "elsewhere":
        platform: Platform = _client(keys)
        stop: Callable[[], None] = _nothing_to_stop
    else:
        platform, stop = _platform_at_home(where, keys_dir, supplier, keys)

    def close() -> None:
        stop()
        books.close()
        lock.release()

    pays = PayWiring(where, keys_dir is None, settings)
    world = _world(books, keys, platform, settings, pays, _anchor(where))
    shop = assemble(world, _house(kept), lambda: _house(settings.now()))
    try:
        if not is_visit and isinstance(platform, PlatformAtHome):
            _join(shop, world, platform, kept.till_name or "T1")
    except BaseException:
        close()
        raise
    lie_in = "folder" if keys_dir is not None else "file" if keys.is_fallback else "keyring"
    return OpenTill(shop, settings.printer(), settings, pays, lie_in, close)


def prepare(where: Places) -> None:
    """Make the folders; DiskTrouble when the disk refuses."""
    try:
        where.prepare()
    except OSError as error:
        raise DiskTrouble(path=str(error.filename or where.till), cause=disk_cause(error)) from error


def _platform_at_home(
    where: Places, keys_dir: Path | None, supplier: str | None, keys: TillKeys
) -> tuple[PlatformAtHome, Callable[[], None]]:
    from pos_app.wire.at_home import PlatformAtHome
    from pos_app.wire.embedded import EmbeddedPlatform, Program

    server = EmbeddedPlatform(
        Program(program("platform_server"), shipped(), where.log / "platform.log"),
        where.data,
        keys_dir,
        supplier,
    )
    return PlatformAtHome(server, _client(keys)), server.stop


def _client(keys: TillKeys) -> PlatformClient:
    from pos_app.wire.http import Http, Patience
    from pos_app.wire.platform.client import PlatformClient
    from pos_app.wire.system_clock import SystemClock

    http = Http(Patience(), f"pos_app/{__version__}")
    seal_key = keys.seal_key.public_key().public_bytes_raw()
    return PlatformClient(http, keys.sign_key, seal_key, SystemClock(), __version__)


def _nothing_to_stop() -> None:
    """A platform elsewhere is not ours to stop."""


def _anchor(where: Places) -> Anchor:
    from pos_app.store.anchor import FileAnchor
    from pos_app.store.keys import store_id_of

    return FileAnchor(where.anchors(store_id_of(where.till) or "none"))


def _world(
    books: TillBooks,
    keys: TillKeys,
    platform: Platform,
    settings: TillSettings,
    pays: PayWiring,
    anchor: Anchor,
) -> World:
    from pos_app.ports.files import Files
    from pos_app.store.exporter import FileExporter
    from pos_app.store.number_plan import LibraryNumberPlan
    from pos_app.store.pins import Argon2Pins
    from pos_app.store.vault import HpkeVault
    from pos_app.wire.system_clock import SystemClock

    return World(
        open_books=books.open_books,
        open_to_read=books.open_to_read,
        inspector=books.inspector,
        anchor=anchor,
        files=Files(books, books.disk, books.backups),
        clock=SystemClock(),
        pins=Argon2Pins(keys.pepper),
        vault=HpkeVault(keys.seal_key),
        platform=platform,
        printer=settings.printer(),
        number_plan=LibraryNumberPlan(),
        exporter=FileExporter(resources() / "words"),
        gateways=pays.gateways(),
        gateways_behind=pays.gateways(),
    )


def _house(kept: Settings) -> House:
    return House(
        day_change_hour=kept.day_change_hour,
        low_wallet=Money(kept.low_wallet_minor),
        kicks_drawer=kept.open_drawer_on_cash,
        leases=LeaseRules(
            is_on=kept.offline_selling,
            cover_days=kept.offline_days,
            most=kept.offline_most,
            most_amount=Money(kept.offline_most_minor),
            most_face=Money(kept.offline_face_minor),
        ),
        offline=OfflineLimits(kept.offline_sale_codes, Money(kept.offline_sale_minor)),
    )


def _join(shop: Shop, world: World, platform: PlatformAtHome, till_name: str) -> None:
    """A till without a platform joins the one at home."""
    try:
        shop.look_up.enrolment()
    except NotEnrolled:
        enrolment = platform.enrol_here(till_name)
        with world.open_books() as books:
            books.till.enrol(enrolment)
            books.commit()
