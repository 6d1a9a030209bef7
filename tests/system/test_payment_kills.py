"""A real till process, killed by SIGKILL in the middle of a payment over real HTTP, and taken up again from its file."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.money import Money
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Person
from pos_app.flows.follow_payment import NOBODY_ASKS_AFTER
from pos_app.store.books import TillBooks
from practice.gateways.bank import Bank
from practice.gateways.door import Door, gateway_server
from practice.gateways.mischief import Commanded, Fault, Kind, Ruled
from practice.gateways.opening import GATEWAYS
from practice.gateways.teller import Teller
from practice.suppliers.desk import MovableClock
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_platform import ENROLMENT
from tests.fakes.till_shop import FakeShop
from tests.payments.counter import fields_of
from tests.payments.killed_till import CASHIER, OWNER, SUPERVISOR, open_till
from tests.payments.killing import Killer

ROOT = Path(__file__).resolve().parents[2]
GATEWAYS_HERE = ("shouqianba", "alipay")
PRICE = 10_000
PAID, REVERSED, REFUNDED = AttemptState.PAID, AttemptState.REVERSED, AttemptState.REFUNDED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")


class World:
    """A practice gateway behind a real address, and a till's folder; gateway and till live by one clock."""

    def __init__(self, folder: Path, practice: str) -> None:
        self.folder, self.practice = folder, practice
        self.clock = FakeClock()
        self.commanded = Commanded(Ruled())
        self.bank = Bank(self._now)
        self.teller: Teller = GATEWAYS[practice](self.bank, self.commanded, self._now)

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def connect(self, port: int) -> None:
        """Set up, and checked in at the gateway."""
        fields = fields_of(self.practice, self.teller.setup, f"http://127.0.0.1:{port}")
        (self.folder / "keys.json").write_text(json.dumps(fields), encoding="utf-8")
        with self.till() as (fake, _):
            assert fake.shop.begin_day() == ()

    @contextmanager
    def till(self) -> Iterator[tuple[FakeShop, TillBooks]]:
        fake, books = open_till(self.folder, self.practice, self.clock, Killer())
        try:
            yield fake, books
        finally:
            books.close()

    def kill(self, scene: str, at: str) -> str:
        """Play the scene in a process of its own that is killed at that step; the sale's id."""
        program = [sys.executable, "-m", "tests.payments.killed_till"]
        arguments = [str(self.folder), self.practice, self.clock.now().isoformat(), scene, at]
        ended = subprocess.run(
            [*program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        return ended.stdout.strip()

    def take_up(self, sale_id: str) -> tuple[Sale, tuple[Attempt, ...], tuple[Refund, ...]]:
        """Start again a minute later and go on until nothing is due; how all of it stands on disk then."""
        self.clock.advance(timedelta(minutes=1))
        with self.till() as (fake, books):
            fake.shop.take_up()
            fake.shop.begin_day()
            for _ in range(60):
                fake.shop.follow_all()
                with books.open_to_read() as found:
                    attempts, refunds = found.attempts.of_sale(sale_id), found.refunds.of_sale(sale_id)
                due: list[Any] = [a.next_at + NOBODY_ASKS_AFTER for a in attempts if a.next_at]
                due += [each.next_at for each in refunds if each.next_at]
                if not due:
                    break
                self.clock.at = max(self.clock.at, min(due))
            else:
                pytest.fail("it has no end")
            fake.shop.recover()
            with books.open_to_read() as found:
                sale = found.sales.get(sale_id)
            assert books.inspector.trouble() == []
        return sale, attempts, refunds

    def agree(self, sale: Sale, attempts: tuple[Attempt, ...], refunds: tuple[Refund, ...]) -> None:
        """Nobody is charged twice, and goods are only for money that is kept."""
        given = sum(each.amount.minor for each in refunds if each.state is RefundState.DONE)
        for attempt in attempts:
            believed = attempt.amount.minor - given if attempt.state is PAID else 0
            assert self.bank.kept(attempt.number) == believed
            assert self.bank.charged(attempt.number) <= 1
            assert self.teller.heard(Kind.PAY, attempt.number) <= 1
        assert {each.number for each in self.bank.orders()} <= {each.number for each in attempts}
        is_paid = any(each.state is PAID for each in attempts)
        assert (sale.paid_at is not None) == is_paid


@pytest.fixture(scope="module")
def file_of_a_morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till's file: enrolled, staffed, with a catalogue and an open shift."""
    folder = tmp_path_factory.mktemp("till")
    (folder / "keys.json").write_text("{}", encoding="utf-8")
    fake, kept = open_till(folder, "shouqianba", FakeClock(), Killer())
    with fake.till.open_books() as books:
        books.till.enrol(ENROLMENT)
        for each in (CASHIER, SUPERVISOR, OWNER):
            books.staff.put(Person(each.id, each.name, each.role, fake.pins.hash("135790")))
        books.commit()
    fake.shop.sync_catalogue()
    fake.shop.open_shift(CASHIER, Money(0))
    kept.close()
    return folder


@pytest.fixture(params=GATEWAYS_HERE)
def world(request: pytest.FixtureRequest, file_of_a_morning: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copytree(file_of_a_morning, tmp_path, dirs_exist_ok=True)
    world = World(tmp_path, request.param)
    server = gateway_server(Door(world.teller, world.commanded, MovableClock(world._now)))
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        world.connect(server.server_address[1])
        yield world
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("before charge 1", REVERSED),  # it is on disk as sent, and not a byte left
        ("after charge 1", PAID),  # the answer was here, and not on disk
        ("after commit 2", PAID),
    ],
)
def test_r4_a_payment_was_sent_and_its_answer_is_lost(world: World, at: str, state: AttemptState) -> None:
    """Asked until it is certain, and never sent again."""
    sale, attempts, refunds = world.take_up(sale_id := world.kill("pay", at))
    (attempt,) = attempts
    # the money that came within its time is the shop's, and the goods the customer's
    assert attempt.state in ((state,) if state is PAID else (REVERSED, REFUNDED))
    assert world.bank.kept(attempt.number) == (PRICE if state is PAID else 0)
    assert sale.id == sale_id
    world.agree(sale, attempts, refunds)


@pytest.mark.parametrize("world", ["shouqianba"], indirect=True)
@pytest.mark.parametrize(("at", "is_paid"), [("before commit 1", False), ("after commit 1", True)])
def test_r5_cash_was_taken_and_cannot_be_half_done(world: World, at: str, is_paid: bool) -> None:
    sale, attempts, _ = world.take_up(world.kill("take_cash", at))
    assert attempts == ()
    assert (sale.paid_at is not None) == is_paid
    assert (sale.receipt_number is not None) == is_paid
    assert sum(each.amount.minor for each in sale.payments) == (PRICE if is_paid else 0)


@pytest.mark.parametrize(
    "at",
    [
        "after undo 1",  # undone there, and nothing of that on disk
        "after cancel 1",  # the goods are let go, and the till does not know
    ],
)
def test_r13_a_cancel_was_sent_and_its_answer_is_lost(world: World, at: str) -> None:
    """Of the money and of the goods: repeated until it is answered, and nothing of it is ever sold."""
    world.commanded.order(Kind.PAY, [Fault.LOST_AFTER])
    sale, attempts, refunds = world.take_up(world.kill("undo", at))
    (attempt,) = attempts
    assert attempt.state in (REVERSED, REFUNDED)
    assert world.bank.charged(attempt.number) == 1
    assert sale.state is SaleState.CANCELLED
    world.agree(sale, attempts, refunds)


@pytest.mark.parametrize("at", ["after commit 1", "after refund 1"])
def test_r14_a_refund_was_sent_and_its_answer_is_lost(world: World, at: str) -> None:
    """The same refund is asked again, under its number."""
    sale, attempts, refunds = world.take_up(world.kill("give_back", at))
    (attempt,), (refund,) = attempts, refunds
    assert refund.state is RefundState.DONE
    assert world.bank.kept(attempt.number) == PRICE - refund.amount.minor
    world.agree(sale, attempts, refunds)
