"""Builds store, platform, printer and clock, and wires the flows into a Shop; the only room that knows every adapter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app import __version__
from pos_app.domain.errors import DiskTrouble, NotEnrolled
from pos_app.domain.money import Money
from pos_app.flows.day import Today
from pos_app.flows.doctor import Doctor
from pos_app.flows.enrol import Enrol
from pos_app.flows.give_back import GiveBack
from pos_app.flows.keep_shift import CloseShift, CountShift, MoveCash, OpenDrawer, OpenShift
from pos_app.flows.look_up import LookUp
from pos_app.flows.print_paper import AnswerSlip, PrintClosing, PrintNext, Reprint, RetryPaper, ShowCode
from pos_app.flows.push_outbox import PushOutbox, Shred
from pos_app.flows.recover import PrintDue, Recover, TakeUp
from pos_app.flows.ring_up import KeepBasket, NewSale, RefreshBasket, RingUp, TakeUpBasket
from pos_app.flows.sell_online import CancelSale, GoOn, Reserve, TakeCash
from pos_app.flows.sign_in import AddPerson, Authorise, SignIn
from pos_app.flows.sync_catalogue import RefreshAccount, SyncCatalogue
from pos_app.places import Places, disk_cause, program, resources, shipped
from pos_app.ports.books import Inspector, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.exporter import Exporter
from pos_app.ports.number_plan import NumberPlan
from pos_app.ports.pins import Pins
from pos_app.ports.platform import Platform
from pos_app.ports.printer import Printer
from pos_app.ports.vault import Vault
from pos_app.settings import Settings, SettingsFile
from pos_app.shop import Shop

if TYPE_CHECKING:
    from pos_app.printing.chosen import ChosenPrinter
    from pos_app.printing.escpos_printer import Style
    from pos_app.wire.at_home import PlatformAtHome


@dataclass(frozen=True)
class World:
    """Everything outside the flows, one adapter for each port."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    inspector: Inspector
    clock: Clock
    pins: Pins
    vault: Vault
    platform: Platform
    printer: Printer
    number_plan: NumberPlan
    exporter: Exporter


@dataclass(frozen=True)
class House:
    """The shop's own rules as plain values (`settings.py` says why each is what it is)."""

    currency: str = "CNY"
    day_change_hour: int = 0
    low_wallet: Money = Money(50_000)  # noqa: RUF009 - a frozen value
    keep_codes_for: timedelta = timedelta(hours=24)


def assemble(world: World, house: House) -> Shop:
    """The shop over this world; real and simulated worlds are wired by these same lines."""
    w, hour = world, house.day_change_hour
    sign_in = SignIn(w.open_books, w.clock, w.pins, hour)
    new_sale = NewSale(w.clock, house.currency)
    go_on = GoOn(w.open_books, w.open_to_read, w.clock, w.platform)
    print_next = PrintNext(w.open_books, w.open_to_read, w.clock, w.vault, w.printer, hour)
    return Shop(
        currency=house.currency,
        today=Today(w.clock, hour),
        look_up=LookUp(w.open_to_read, w.exporter, w.platform, house.low_wallet),
        sign_in=sign_in,
        authorise=Authorise(sign_in),
        add_person=AddPerson(w.open_books, w.clock, w.pins),
        open_shift=OpenShift(w.open_books, w.clock, hour),
        move_cash=MoveCash(w.open_books, w.clock, hour),
        open_drawer=OpenDrawer(w.open_books, w.clock, w.printer, hour),
        count_shift=CountShift(w.open_to_read),
        close_shift=CloseShift(w.open_books, w.clock, hour),
        print_closing=PrintClosing(w.open_to_read, w.clock, w.printer),
        new_sale=new_sale,
        ring_up=RingUp(w.open_to_read, w.clock, w.number_plan),
        keep_basket=KeepBasket(w.open_books),
        take_up_basket=TakeUpBasket(w.open_to_read, new_sale),
        refresh_basket=RefreshBasket(w.open_to_read),
        reserve=Reserve(w.open_books, w.clock, w.platform, hour),
        take_cash=TakeCash(w.open_books, w.clock),
        cancel_sale=CancelSale(w.open_books, w.clock),
        go_on=go_on,
        print_next=print_next,
        answer_slip=AnswerSlip(w.open_books, w.clock, hour),
        retry_paper=RetryPaper(w.open_books),
        reprint=Reprint(w.open_books, w.clock, hour),
        show_code=ShowCode(w.open_books, w.clock, w.vault, hour),
        give_back=GiveBack(w.open_books, w.clock, hour),
        take_up=TakeUp(w.open_books, w.clock),
        recover=Recover(w.open_books, w.open_to_read, w.clock, go_on),
        print_due=PrintDue(w.open_to_read, go_on, print_next),
        push_outbox=PushOutbox(w.open_books, w.open_to_read, w.clock, w.platform),
        shred=Shred(w.open_books, w.clock, house.keep_codes_for),
        sync_catalogue=SyncCatalogue(w.open_books, w.open_to_read, w.clock, w.platform),
        refresh_account=RefreshAccount(w.open_books, w.open_to_read, w.platform),
        enrol=Enrol(w.open_books, w.platform),
        doctor=Doctor(w.open_to_read, w.inspector),
    )


@dataclass(frozen=True)
class OpenTill:
    """A till that is open: its shop, its printer, its settings, and how to leave it in order."""

    shop: Shop
    printer: ChosenPrinter
    settings: TillSettings
    close: Callable[[], None]


def open_till(where: Places, keys_dir: Path | None, supplier: str | None = None) -> OpenTill:
    """Open the books, take up what was left open, and know the platform without waiting for it.

    `keys_dir` is None for the OS keyring. `supplier` is the address of a practice supplier, for the demo.
    StoreTrouble says why the books cannot be used; PlatformNotStarted only before the till belongs to a platform.
    """
    # Heavy imports wait until the window is painted (P1): this runs on the store lane.
    from pos_app.store.books import TillBooks
    from pos_app.store.exporter import FileExporter
    from pos_app.store.keys import load_keys
    from pos_app.store.lock import TillLock
    from pos_app.store.number_plan import LibraryNumberPlan
    from pos_app.store.pins import Argon2Pins
    from pos_app.store.vault import HpkeVault
    from pos_app.wire.at_home import PlatformAtHome
    from pos_app.wire.embedded import EmbeddedPlatform, Program
    from pos_app.wire.http import Http, Patience
    from pos_app.wire.platform.client import PlatformClient
    from pos_app.wire.system_clock import SystemClock

    _prepare(where)
    lock = TillLock(where.till)
    try:
        settings = TillSettings(where)
        kept = settings.now()
        clock = SystemClock()
        keys = load_keys(where.till, where.keys, use_keyring=keys_dir is None)
        books = TillBooks(where.till, keys.database_key, clock.local, kept.day_change_hour)
    except BaseException:
        lock.release()
        raise
    printer = settings.printer()
    server = EmbeddedPlatform(
        Program(program("platform_server"), shipped(), where.log / "platform.log"),
        where.data,
        keys_dir,
        supplier,
    )
    client = PlatformClient(
        Http(Patience(), f"pos_app/{__version__}"), keys.sign_key, keys.seal_key.public_key().public_bytes_raw(), clock, __version__
    )
    platform = PlatformAtHome(server, client)

    def close() -> None:
        server.stop()
        books.close()
        lock.release()

    world = World(
        open_books=books.open_books,
        open_to_read=books.open_to_read,
        inspector=books.inspector,
        clock=clock,
        pins=Argon2Pins(keys.pepper),
        vault=HpkeVault(keys.seal_key),
        platform=platform,
        printer=printer,
        number_plan=LibraryNumberPlan(),
        exporter=FileExporter(resources() / "words"),
    )
    house = House(day_change_hour=kept.day_change_hour, low_wallet=Money(kept.low_wallet_minor))
    shop = assemble(world, house)
    try:
        _join(shop, world, platform, kept.till_name or "T1")
        shop.take_up()
    except BaseException:
        close()
        raise
    return OpenTill(shop, printer, settings, close)


def _join(shop: Shop, world: World, platform: PlatformAtHome, till_name: str) -> None:
    """A till without a platform joins the one at home."""
    try:
        shop.look_up.enrolment()
    except NotEnrolled:
        enrolment = platform.enrol_here(till_name)
        with world.open_books() as books:
            books.till.enrol(enrolment)
            books.commit()


def _prepare(where: Places) -> None:
    try:
        where.prepare()
    except OSError as error:
        raise DiskTrouble(path=str(error.filename or where.till), cause=disk_cause(error)) from error


class TillSettings:
    """The settings of this till and the printer that follows them."""

    def __init__(self, where: Places) -> None:
        self.where = where
        self._file = SettingsFile(where.settings)
        self._printer: ChosenPrinter | None = None

    def now(self) -> Settings:
        return self._file.read()

    def keep(self, changes: dict[str, object]) -> Settings:
        """Keep these; ValueError for a value that cannot be, DiskTrouble when they cannot be written."""
        settings = replace(self.now(), **changes)  # type: ignore[arg-type]  # checked by the file
        try:
            self._file.write(settings)
        except OSError as error:
            raise DiskTrouble(path=str(self.where.settings), cause=disk_cause(error)) from error
        if self._printer is not None:
            self._printer.choose(settings.printer, settings.printer_address, paper_style(settings))
        return settings

    def printer(self) -> ChosenPrinter:
        """The one printer of this till, whatever it is at the moment."""
        from pos_app.printing.chosen import ChosenPrinter

        if self._printer is None:
            settings = self.now()
            style = paper_style(settings)
            self._printer = ChosenPrinter(settings.printer, settings.printer_address, style)
        return self._printer


def paper_style(settings: Settings) -> Style:
    """How slips look under these settings."""
    from pos_app.printing.escpos_printer import Style
    from pos_app.printing.rows import PAPER_58, PAPER_80
    from pos_app.printing.words import read_words

    language = (settings.receipt_language or settings.language)[:2]
    text = (resources() / "words" / f"receipt.{language}.json").read_text(encoding="utf-8")
    return Style(read_words(json.loads(text)), PAPER_58 if settings.paper_width_mm == 58 else PAPER_80)
