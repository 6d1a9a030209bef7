"""Worker processes on the same data: killed in the middle of everything, several at once, ended by a signal."""

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from platform_server.app.places import Places
from platform_server.app.wiring import World, open_platform
from platform_server.domain.top_up import OPEN_STATES, TopUp, TopUpState
from platform_server.settings import Settings
from platform_server.store.vault import AesVault
from platform_server.wire.http import HttpCaller
from platform_server.wire.suppliers.practice.client import PracticeSupplier
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import TOP_UP
from tests.fakes.platform_process import ROOT, command
from tests.fakes.platform_world import HandClock
from tests.fakes.practice_supplier import Practising, practising
from tests.server.conftest import Counter

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

KILLS = 3
# The moment of the kill: what the supplier and the worker were doing, by the account's suffix.
MOMENTS = {
    "020": "the order was read, nothing booked",
    "021": "booked, nothing said",
    "022": "half of the reply was on its way",
    "023": "reply lost, the question was read",
    "024": "reply lost, half of the answer was on its way",
    "025": "cut off and unknown, the second order was read",
    "026": "cut off and unknown, the second order was booked",
    "027": "said to be processing, the question was read",
    "028": "as before, and it will fail",
}


@dataclass
class Worker:
    """`python -m platform_server worker`."""

    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes]" = field(init=False)

    def start(self) -> "Worker":
        command = [sys.executable, "-m", "platform_server", "worker", *self.arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self.process.stdout
        assert json.loads(self.process.stdout.readline())["ready"]
        return self

    def end(self, with_signal: int) -> int:
        self.process.send_signal(with_signal)
        code = self.process.wait(20)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@dataclass
class Shop:
    """A platform in this process, whose clock is moved, and the supplier that its workers speak to."""

    counter: Counter
    supplier: Practising
    worker: Callable[[], Worker]

    async def sell(self, suffixes: list[str]) -> None:
        for number, suffix in enumerate(suffixes):
            account = f"138{number:05d}{suffix}"
            await self.counter.reserve(f"s{number}", self.counter.line(TOP_UP, fields={"phone": account}))
            await self.counter.confirm(f"s{number}")

    async def all(self) -> list[TopUp]:
        async with self.counter.peek_books() as books:
            return list(await books.top_ups.in_states(list(TopUpState), 1000))

    async def finish(self) -> None:
        """Another worker, when the leases of the dead have run out; time passes at the supplier too."""
        for _ in range(20):
            self.counter.clock.pass_by(seconds=61)
            self.supplier.desk("/practice/advance", {"seconds": 61})
            while await self.counter.run_top_ups():
                pass
            if not [each for each in await self.all() if each.state in OPEN_STATES]:
                return
        left = [
            (each.account, each.state, each.tries) for each in await self.all() if each.state in OPEN_STATES
        ]
        pytest.fail(f"never came to their end: {left}")

    async def check_one_effect_each(self) -> None:
        found = {each.account: each for each in await self.all()}
        ok = {account for account, each in found.items() if each.state is TopUpState.OK}
        failed = {account for account, each in found.items() if each.state is TopUpState.FAILED_FINAL}
        assert ok | failed == set(found)
        assert self.supplier.credits() == dict.fromkeys(ok, 1)
        assert len(self.supplier.desk("/orders")["orders"]) == len(found)
        assert await self.counter.wallet() == (1_000_000 - 4_950 * len(ok), 0)
        await self.counter.check()


@asynccontextmanager
async def shop_at(folder: Path, url: str | None, supplier: Practising) -> AsyncIterator[Shop]:
    clock = HandClock()
    clock.at = datetime.now(UTC)
    upstream = PracticeSupplier(HttpCaller(supplier.address, 10))
    world = World(Settings(), clock, MachineIds(), upstream)
    arguments = ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    arguments += ("--supplier", f"practice={supplier.address}", *(("--database", url) if url else ()))
    async with open_platform(Places.of(folder / "data", folder / "keys", url), world) as platform:
        counter = Counter(platform.store.open_books, platform.store.peek_books, clock=clock)
        counter.supplier = cast(Any, upstream)
        counter.vault = cast(AesVault, platform.vault)
        await counter.open(cards=0)
        yield Shop(counter, supplier, lambda: Worker(arguments).start())


@pytest.fixture
def supplier() -> Iterator[Practising]:
    now = datetime.now(UTC).timestamp()
    with practising(lambda: now) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
async def shop(request: pytest.FixtureRequest, tmp_path: Path, supplier: Practising) -> AsyncIterator[Shop]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    async with shop_at(tmp_path, url, supplier) as opened:
        yield opened


@pytest.mark.parametrize("is_late", [False, True], ids=["released before", "released after the next worker"])
async def test_killed_at_nine_moments_nothing_is_lost_and_nothing_sent_twice(
    shop: Shop, is_late: bool
) -> None:
    """What the dead worker had sent may still have its effect, before the next worker asks or after."""
    await shop.sell(list(MOMENTS))
    worker = shop.worker()
    held = shop.supplier.desk(f"/practice/held?count={len(MOMENTS)}")["held"]
    assert worker.end(signal.SIGKILL) == -signal.SIGKILL
    assert held == len(MOMENTS)
    assert len([each for each in await shop.all() if each.state in OPEN_STATES]) == len(MOMENTS)
    if not is_late:
        shop.supplier.desk("/practice/release", {})
    await shop.finish()
    shop.supplier.desk("/practice/release", {})
    await shop.check_one_effect_each()
    heard = {each.account[-3:]: shop.supplier.orders_heard()[each.reference] for each in await shop.all()}
    again = {"020", "025"} if is_late else set()
    assert heard == {suffix: 1 + (suffix in ("025", "026")) + (suffix in again) for suffix in MOMENTS}


async def test_killed_again_and_again_the_rest_is_carried_on(shop: Shop) -> None:
    """Some are said to be processing as long as nobody moves the supplier's clock: there is always work."""
    await shop.sell(["123", "005", "018", "002", "009"] * 8)
    for _ in range(KILLS):
        before = sum(shop.supplier.orders_heard().values())
        worker = shop.worker()
        shop.supplier.wait_for_orders(min(before + 8, 40))
        assert worker.end(signal.SIGKILL) == -signal.SIGKILL
    await shop.finish()
    await shop.check_one_effect_each()
    heard = shop.supplier.orders_heard()
    twice = {each.account[-3:] for each in await shop.all() if heard[each.reference] > 1}
    assert twice == {"018"}  # the only ones that the supplier really never had
    assert set(heard.values()) <= {1, 2}


async def test_several_workers_send_each_order_once_and_end_when_told(shop: Shop) -> None:
    await shop.sell(["020"] * 18)  # each is held once, so both workers have their hands full
    workers = [shop.worker() for _ in range(2)]
    assert shop.supplier.desk("/practice/held?count=18")["held"] == 18
    shop.supplier.desk("/practice/release", {})
    assert [worker.end(signal.SIGTERM) for worker in workers] == [0, 0]
    await shop.finish()
    await shop.check_one_effect_each()
    assert set(shop.supplier.orders_heard().values()) == {1}


async def test_a_worker_needs_a_platform(tmp_path: Path) -> None:
    done = command(tmp_path, "worker", "--supplier", "practice=http://127.0.0.1:9")
    assert (done.returncode, "start the server first." in done.stderr) == (1, True)


async def test_a_person_decides_at_the_command_line(tmp_path: Path, supplier: Practising) -> None:
    async with shop_at(tmp_path, None, supplier) as shop:
        await shop.sell(["010", "123"])
        await shop.counter.run_top_ups()
        shop.counter.clock.pass_by(hours=25)
        await shop.counter.run_top_ups()
        (stuck,) = [each for each in await shop.all() if each.state is TopUpState.MANUAL]
        listed = command(tmp_path, "top-ups", "list")
        told = json.loads(listed.stdout)
        assert (told["reference"], told["account"]) == (stuck.reference, "****0010")
        assert told["attempts"] == ["1 submit silence", "2 ask silence"]
        assert command(tmp_path, "top-ups", "ask", stuck.reference).returncode == 0
        assert await shop.counter.run_top_ups() == 1
        verdict = ("settle", stuck.reference, "--failed", "--evidence", "their list", "--actor", "Ann")
        done = command(tmp_path, "top-ups", *verdict)
        assert json.loads(done.stdout)["state"] == "FAILED_FINAL", done.stderr
        again = command(tmp_path, "top-ups", *verdict)
        assert (again.returncode, "MANUAL" in again.stderr) == (1, True)
        await shop.check_one_effect_each()
