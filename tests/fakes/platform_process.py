"""The platform behind a real socket: in a thread with a clock turned by hand, or as a process of its own."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from platform_server.app.places import Places
from platform_server.app.serve import bind
from platform_server.app.wiring import Platform, World, build_web, open_platform
from platform_server.domain.money import Money
from platform_server.domain.scopes import TILL_SCOPES, Scope
from platform_server.ports.supplier import Supplier
from platform_server.settings import Settings
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import SUPPLIER, lot, product, top_up
from tests.fakes.platform_till import FakeTill, Transport
from tests.fakes.platform_world import HandClock, ToldSupplier

ROOT = Path(__file__).parents[2]


@contextmanager
def transport_to(address: str) -> Iterator[Transport]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)

    def call(
        method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        path = "/" + url.split("/", 3)[3]
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, raw

    try:
        yield call
    finally:
        connection.close()


@dataclass
class Served:
    """A platform in a thread; `ask` runs a coroutine in its loop."""

    address: str
    platform: Platform
    loop: asyncio.AbstractEventLoop
    clock: HandClock
    supplier: ToldSupplier
    transport: Transport
    app: Any = None
    woken: threading.Event = field(default_factory=threading.Event)

    def ask(self, work: Awaitable[Any]) -> Any:
        async def run() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(20)

    def till(
        self,
        *,
        is_enrolled: bool = True,
        renew: str | bool = False,
        scopes: frozenset[Scope] = TILL_SCOPES,
    ) -> FakeTill:
        code = self.ask(self.platform.enrolment_code(self.address, "Front", renew, scopes))
        till = FakeTill(self.transport, code, now=lambda: self.clock.at.timestamp())
        if is_enrolled:
            assert till.enrol().status_code == 201
        return till

    def invariants(self) -> list[Any]:
        return [finding for finding in self.ask(self.platform.doctor()) if not finding.holds]


@contextmanager
def served(
    folder: Path,
    settings: Settings | None = None,
    cards: int = 5,
    url: str | None = None,
    upstream: Supplier | None = None,
) -> Iterator[Served]:
    """Stocked with one code product and one top-up, a shop with 10,000.00 and a supplier that is told."""
    clock, supplier = HandClock(), ToldSupplier()
    world = World(settings or Settings(), clock, MachineIds(), upstream or supplier)
    woken = threading.Event()
    places = Places.of(folder / "data", folder / "keys", url)
    up = threading.Event()
    box: dict[str, Any] = {}

    async def run() -> None:
        async with open_platform(places, world) as platform:
            await _stock(platform, cards)
            bound = bind("127.0.0.1", 0)
            app = build_web(platform, woken.set)
            config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None)
            server = uvicorn.Server(config)
            address = f"http://127.0.0.1:{bound.getsockname()[1]}"
            box.update(
                server=server, platform=platform, loop=asyncio.get_running_loop(), address=address, app=app
            )
            asyncio.get_running_loop().call_soon(up.set)
            try:
                await server.serve(sockets=[bound])
            finally:
                bound.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not up.wait(0.1):
        assert thread.is_alive(), "the platform did not start"
    try:
        with transport_to(box["address"]) as transport:
            yield Served(
                box["address"], box["platform"], box["loop"], clock, supplier, transport, box["app"], woken
            )
    finally:
        box["server"].should_exit = True
        thread.join(20)
        assert not thread.is_alive()


async def _stock(platform: Platform, cards: int) -> None:
    shop, is_new = await platform.open_shop("Shop", "CNY")
    if is_new:
        await platform.credit_wallet(shop.id, Money(1_000_000, "CNY"), "first")
    await platform.put_suppliers([SUPPLIER])
    await platform.put_products([product(), top_up()])
    await platform.import_codes([lot(cards)])
    await platform.open_top_ups(True)


@dataclass
class Embedded:
    """The program itself, started as a till starts it."""

    folder: Path
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] = field(init=False)
    ready: dict[str, Any] = field(init=False)

    def start(self) -> Embedded:
        keys, data = str(self.folder / "keys"), str(self.folder / "data")
        command = ["serve", "--embedded", "--data", data, "--keys", keys, *self.arguments]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "platform_server", *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout
        self.ready = json.loads(self.process.stdout.readline())
        return self

    def order(self, text: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the platform on the data of this folder."""
    places = (
        () if arguments[0] == "openapi" else ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    )
    return subprocess.run(
        [sys.executable, "-m", "platform_server", *arguments, *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
