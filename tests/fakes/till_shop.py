"""A whole shop over fakes: wired by the program's own lines, with every door to the outside in the test's hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.bootstrap.wiring import House, World, assemble
from pos_app.domain.catalogue import Product
from pos_app.domain.money import Money
from pos_app.domain.report import DayReport
from pos_app.domain.staff import Cashier, Person, Role
from pos_app.shop import Shop
from tests.fakes.till_books import FakeTill
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_files import FakeFiles
from tests.fakes.till_gateway import FakeGateway, FakeGateways
from tests.fakes.till_goods import code_product, top_up_product
from tests.fakes.till_leases import FakeAnchor
from tests.fakes.till_number_plan import FakeNumberPlan
from tests.fakes.till_pins import FakePins
from tests.fakes.till_platform import ENROLMENT, FakePlatform
from tests.fakes.till_printer import FakePrinter
from tests.fakes.till_vault import FakeVault

PINS = {"cashier": "135790", "supervisor": "246801", "owner": "975318"}


@dataclass
class FakeExporter:
    """Keeps what it was asked to write."""

    written: list[tuple[DayReport, Path, str]] = field(default_factory=list)

    def write_day(self, report: DayReport, path: Path, language: str) -> None:
        self.written.append((report, path, language))


@dataclass
class FakeInspector:
    """A sound file, unless a test says otherwise."""

    troubles: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)

    def trouble(self) -> Sequence[str]:
        return self.troubles

    def recent_trouble(self) -> Sequence[str]:
        return self.recent


@dataclass
class FakeShop:
    """The shop and the world under it; `cashier`, `supervisor` and `owner` have the PINs of `PINS`."""

    shop: Shop
    till: FakeTill
    platform: FakePlatform
    printer: FakePrinter
    clock: FakeClock
    pins: FakePins
    vault: FakeVault
    exporter: FakeExporter
    inspector: FakeInspector
    anchor: FakeAnchor
    files: FakeFiles
    gateways: FakeGateways
    products: tuple[Product, ...]
    cashier: Cashier
    supervisor: Cashier
    owner: Cashier
    house: House = field(default_factory=House)

    def restarted(self) -> Shop:
        """The same disk and the same world under a new shop, as after a crash."""
        self.shop = assemble(_world(self), self.house)
        return self.shop


def _world(fake: FakeShop) -> World:
    return World(
        open_books=fake.till.open_books,
        open_to_read=fake.till.open_to_read,
        inspector=fake.inspector,
        anchor=fake.anchor,
        files=fake.files.files,
        clock=fake.clock,
        pins=fake.pins,
        vault=fake.vault,
        platform=fake.platform,
        printer=fake.printer,
        number_plan=FakeNumberPlan(),
        exporter=fake.exporter,
        gateways=fake.gateways,
        gateways_behind=fake.gateways,
    )


def make_fake_shop(
    products: Sequence[Product] | None = None,
    *,
    stock: int = 10,
    shift_open: bool = True,
    till: FakeTill | None = None,
) -> FakeShop:
    """Enrolled, synced, staffed with three people, and by default with an open shift of 100.00 opening cash."""
    clock = FakeClock()
    goods = tuple(products) if products is not None else (code_product(1), code_product(2), top_up_product())
    platform = FakePlatform(clock, goods, stock)
    till = till or FakeTill(local=clock.local)
    people = {}
    pins = FakePins()
    with till.open_books() as books:
        books.till.enrol(ENROLMENT)
        for role in Role:
            person = Person(f"person-{role.value}", role.value.title(), role, pins.hash(PINS[role.value]))
            books.staff.put(person)
            people[role] = Cashier(person.id, person.name, role)
        books.commit()
    fake = FakeShop(
        shop=None,  # type: ignore[arg-type]  # set by restarted() just below
        till=till,
        platform=platform,
        printer=FakePrinter(),
        clock=clock,
        pins=pins,
        vault=FakeVault(),
        exporter=FakeExporter(),
        inspector=FakeInspector(),
        anchor=FakeAnchor(),
        files=FakeFiles(till),
        gateways=FakeGateways(FakeGateway(clock)),
        products=goods,
        cashier=people[Role.CASHIER],
        supervisor=people[Role.SUPERVISOR],
        owner=people[Role.OWNER],
    )
    fake.restarted()
    fake.shop.sync_catalogue()
    fake.shop.refresh_account()
    if shift_open:
        fake.shop.open_shift(fake.cashier, Money(10_000))
    return fake
