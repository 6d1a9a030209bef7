"""A till on a real file and a real platform process: codes are pulled, the line falls, it sells on, and both sides agree."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pos_app.bootstrap.wiring import House, World, assemble
from pos_app.domain.errors import NotSoldOffline, RolledBack, Unreachable
from pos_app.domain.lease import Lease, LeasedState, LeaseRules
from pos_app.domain.money import Money
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Cashier, Person, Role
from pos_app.ports.files import Files
from pos_app.shop import Next, Shop
from pos_app.store.anchor import FileAnchor
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.signer import TillSigner
from pos_app.store.vault import HpkeVault
from pos_app.wire.embedded import EmbeddedPlatform, Program
from pos_app.wire.http import Http, Patience
from pos_app.wire.platform.client import PlatformClient
from pos_app.wire.system_clock import SystemClock
from tests.fakes.till_gateway import FakeGateways
from tests.fakes.till_number_plan import FakeNumberPlan
from tests.fakes.till_pins import FakePins
from tests.fakes.till_printer import FakePrinter
from tests.fakes.till_shop import FakeExporter

ROOT = Path(__file__).parents[2]
OWNER = Cashier("owner", "Olga", Role.OWNER)
EVERYTHING_SOLD = LeaseRules(cover_days=14)


class Line:
    """The platform behind a cable that somebody can pull."""

    def __init__(self, platform: PlatformClient) -> None:
        self._platform = platform
        self.is_cut = False

    def __getattr__(self, name: str) -> Any:
        if self.is_cut and name != "clock_skew_s":
            raise Unreachable("down", was_sent=False)
        return getattr(self._platform, name)


@dataclass
class Counter:
    """A shop over its files; `restart` is what a power cut leaves."""

    folder: Path
    server: EmbeddedPlatform
    sign_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seal_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    printer: FakePrinter = field(default_factory=FakePrinter)
    rules: LeaseRules = EVERYTHING_SOLD

    def __post_init__(self) -> None:
        http = Http(Patience(), "test")
        seal = self.seal_key.public_key().public_bytes_raw()
        self.line = Line(PlatformClient(http, self.sign_key, seal, SystemClock(), "test"))
        self.open()

    def open(self) -> None:
        clock = SystemClock()
        self.books = TillBooks(
            self.folder / "till", bytes(32), lambda at: at, signer=TillSigner(self.sign_key)
        )
        world = World(
            open_books=self.books.open_books,
            open_to_read=self.books.open_to_read,
            inspector=self.books.inspector,
            anchor=FileAnchor([self.folder / "a" / "x.anchor", self.folder / "b" / "x.anchor"]),
            clock=clock,
            pins=FakePins(),
            vault=HpkeVault(self.seal_key),
            platform=self.line,  # type: ignore[arg-type]  # it answers for the client
            printer=self.printer,
            files=Files(self.books, self.books.disk, self.books.backups),
            number_plan=FakeNumberPlan(),
            exporter=FakeExporter(),
            gateways=FakeGateways(),
            gateways_behind=FakeGateways(),
        )
        self.shop: Shop = assemble(world, House(leases=self.rules))

    def restart(self) -> None:
        self.books.close()
        self.open()
        self.shop.take_up()

    def sell(self, code: str, quantity: int) -> Sale:
        found = self.shop.ring_up(self.shop.new_sale(), code).sale
        basket = found.with_quantity(found.lines[0].line_id, quantity)
        sale = self.shop.reserve(OWNER, basket)
        self.shop.take_cash(OWNER, sale.id, sale.total)
        progress = self.shop.go_on(sale.id)
        while progress.next is Next.PAPER:
            progress = self.shop.print_next(sale.id)
        return progress.sale

    def beat(self) -> None:
        self.shop.recover()
        self.shop.push_outbox()
        self.shop.keep_leases()
        self.shop.refresh_account()

    def leases(self) -> tuple[Lease, ...]:
        with self.books.open_to_read() as books:
            return books.leases.all()

    def held(self) -> int:
        with self.books.open_to_read() as books:
            return len(books.leases.held())


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    (tmp_path / "till").mkdir()
    program = Program((sys.executable, "-m", "platform_server"), ROOT, tmp_path / "p.log")
    server = EmbeddedPlatform(program, tmp_path / "data", tmp_path / "keys")
    server.run_once(["sample", "--seed", "7", "--products", "60", "--codes", "600"])
    server.start()
    counter = Counter(tmp_path, server)
    try:
        counter.shop.enrol(server.enrolment_code("Counter"), "Counter")
        with counter.books.open_books() as books:
            books.staff.put(Person(OWNER.id, OWNER.name, OWNER.role, "hash"))
            books.commit()
        counter.shop.sync_catalogue()
        counter.shop.open_shift(OWNER, Money(0))
        yield counter
    finally:
        counter.books.close()
        server.stop()


def well_known(counter: Counter) -> str:
    """The barcode of goods that may be lent, with enough of them."""
    with counter.books.open_to_read() as books:
        for product in books.catalogue.find("", None, 100):
            is_lent = product.leasable and product.risk_class == "low" and product.face <= Money(10_000)
            if is_lent and product.barcode and product.parts == 1 and (product.stock or 101) > 20:
                return product.barcode
    raise AssertionError("the sample market lends nothing")


def test_a_day_with_a_cut_line(counter: Counter) -> None:
    code = well_known(counter)
    online = counter.sell(code, 4)
    counter.beat()
    assert counter.held() == 4
    before = counter.shop.refresh_account()
    counter.line.is_cut = True
    offline = [counter.sell(code, 1), counter.sell(code, 1)]
    counter.restart()  # a power cut between two sales
    offline.append(counter.sell(code, 1))
    assert all(sale.is_offline and sale.state is SaleState.DONE for sale in offline)
    with pytest.raises(NotSoldOffline):
        counter.sell(code, 2)
    slips = counter.printer.of_kind(CodeSlip)
    assert len({(slip.number, slip.pin, slip.link) for slip in slips}) == len(slips) == 7
    counter.line.is_cut = False
    counter.rules = LeaseRules(is_on=False)
    counter.restart()
    counter.beat()
    counter.beat()
    after = counter.shop.refresh_account()
    cost = Money.sum((sale.cost for sale in offline), "CNY")
    assert before.balance - after.balance == cost
    assert (after.held, counter.held()) == (Money(0), 0)
    assert counter.shop.push_outbox().unsent == 0
    assert counter.shop.look_up.open_items() == ()
    states = [each.state for lease in counter.leases() for each in _cards(counter, lease)]
    assert sorted(states) == [LeasedState.DESTROYED, *[LeasedState.SOLD] * 3]
    assert [finding for finding in counter.shop.doctor() if not finding.holds] == []
    assert [sale.receipt_number for sale in (online, *offline)] == [
        f"T1-00000{number}" for number in (1, 2, 3, 4)
    ]
    counter.server.stop()
    said = counter.server.run_once(["doctor"])  # exit 0: its books hold too
    assert said


def _cards(counter: Counter, lease: Lease) -> Any:
    with counter.books.open_to_read() as books:
        return books.leases.cards(lease.lease_id)


def test_leased_cards_for_a_sale_whose_answer_is_lost(counter: Counter) -> None:
    """R12 against the platform that has sold it already: its cards are withdrawn, the wallet pays once."""
    code = well_known(counter)
    counter.sell(code, 2)
    counter.beat()
    before = counter.shop.refresh_account()
    sale = counter.shop.reserve(OWNER, counter.shop.ring_up(counter.shop.new_sale(), code).sale)
    counter.shop.take_cash(OWNER, sale.id, sale.total)
    confirm = counter.line._platform.confirm
    confirm(
        counter.shop.look_up.enrolment(), counter.shop.look_up.sale(sale.id).sale
    )  # the answer never came
    counter.line.is_cut = True
    counter.shop.substitute_leased(OWNER, sale.id)
    progress = counter.shop.print_next(sale.id)
    while progress.next is Next.PAPER:
        progress = counter.shop.print_next(sale.id)
    assert progress.sale.state is SaleState.DONE
    assert [item.sale.id for item in counter.shop.look_up.open_items()] == [sale.id]
    counter.line.is_cut = False
    counter.beat()
    counter.beat()
    after = counter.shop.refresh_account()
    assert before.balance - after.balance == progress.sale.cost
    assert counter.shop.look_up.open_items() == ()
    assert [finding for finding in counter.shop.doctor() if not finding.holds] == []


def test_an_old_copy_put_back_begins_anew(counter: Counter) -> None:
    code = well_known(counter)
    counter.sell(code, 2)
    counter.beat()
    file = counter.folder / "till" / BOOKS
    counter.books.close()
    copy = file.read_bytes()
    counter.open()
    counter.sell(code, 1)
    counter.beat()
    counter.line.is_cut = True
    lost = counter.sell(code, 1)  # offline: only the anchor knows of it
    counter.books.close()
    file.write_bytes(copy)
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    counter.open()
    counter.shop.take_up()
    with pytest.raises(RolledBack):
        counter.sell(code, 1)
    counter.line.is_cut = False
    enrolment = counter.shop.begin_anew(counter.server.enrolment_code("Counter", renew="T1"), "Counter")
    assert (enrolment.epoch, enrolment.till_code, counter.held()) == (2, "T1", 0)
    counter.restart()
    sold = counter.sell(code, 1)
    assert (lost.receipt_number or "") < (sold.receipt_number or "")  # nobody but the anchor knows of it
    counter.beat()
    assert counter.shop.push_outbox().unsent == 0
    assert [finding for finding in counter.shop.doctor() if not finding.holds] == []
    slips = counter.printer.of_kind(CodeSlip)
    assert len({(slip.number, slip.pin, slip.link) for slip in slips}) == len(slips)
