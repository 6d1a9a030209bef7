"""A whole race: a stocked platform, servers that are killed, four client processes, and the verdict."""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from platform_server.app.places import Places
from platform_server.app.wiring import build_world, open_platform
from platform_server.settings import Settings
from tests.fakes.platform_process import ROOT
from tests.races import market
from tests.races.referee import Verdict, judge
from tests.races.servers import ENVIRONMENT, Home, Killer, Server

_PIECES = re.compile(rb'"pieces": (\d+)')


@dataclass(frozen=True)
class Form:
    """How long a race is; an allocation is a card promised to a sale."""

    allocations: int
    kills: int
    every_s: float = 5.0
    goes_on: bool = True  # with the kills, until there are enough allocations
    processes: int = 4
    clients: int = 16  # of each process
    seed: int = 1
    longest_s: float = 3_000.0

    @property
    def tills(self) -> int:
        return self.processes * self.clients

    @property
    def codes(self) -> int:
        """More than can be sold while the kills are not done."""
        return int(self.allocations * 2 + self.kills * self.every_s * 300)


FORMS = {
    "short": Form(allocations=2_000, kills=4, goes_on=False),
    "full": Form(allocations=20_000, kills=20),
    "release": Form(allocations=200_000, kills=200, longest_s=14_400.0),
}


@dataclass
class Race:
    """One race on one platform."""

    home: Home
    form: Form
    servers: int = 1
    launcher: Sequence[str] = ("platform_server",)
    kills: int = 0
    seconds: float = 0.0
    logs: list[Path] = field(default_factory=list)

    def run(self) -> Verdict:
        """Raises AssertionError when a process ends that should not."""
        asyncio.run(self._stock())
        with ExitStack() as stack:
            servers = [Server(self.home, self.launcher) for _ in range(self.servers)]
            for server in servers:
                server.start()
                stack.callback(server.make_end)
            enough = self.home.folder / "enough"
            clients = [self._client(number, servers, enough) for number in range(self.form.processes)]
            for client in clients:
                stack.callback(client.kill)  # of one that has ended it is nothing
            began = time.monotonic()
            self._watch(servers, clients)
            self.seconds = time.monotonic() - began
            enough.touch()
            for client in clients:
                assert client.wait(self.form.longest_s) == 0, "a client gave up"
            for server in servers:
                server.end()
        return judge(self.home, self.logs)

    def _watch(self, servers: list[Server], clients: list[subprocess.Popen[bytes]]) -> None:
        """Kills until there were enough kills and enough allocations."""
        killer = Killer(servers, random.Random(self.form.seed), self.form.every_s)
        until = time.monotonic() + self.form.longest_s
        while self._allocated() < self.form.allocations or killer.kills < self.form.kills:
            assert time.monotonic() < until, f"only {self._allocated()} allocations"
            assert all(client.poll() is None for client in clients), "a client gave up"
            if self.form.goes_on or killer.kills < self.form.kills:
                killer.tick()
            time.sleep(0.2)
        self.kills = killer.kills

    async def _stock(self) -> None:
        places = Places.of(self.home.folder / "data", self.home.folder / "keys", self.home.url)
        async with open_platform(places, build_world(Settings(), None)) as platform:
            await market.stock(platform, market.Stocked(self.form.tills, self.form.codes))

    def _client(self, number: int, servers: list[Server], enough: Path) -> subprocess.Popen[bytes]:
        log = self.home.folder / f"client-{number}.log"
        log.touch()
        self.logs.append(log)
        mine = range(number * self.form.clients, (number + 1) * self.form.clients)
        plan = {
            "seed": self.form.seed,
            "tills": list(mine),
            "addresses": [server.address for server in servers],
            "log": str(log),
            "enough": str(enough),
            "most_sales": 100_000,
        }
        command = [sys.executable, "-m", "tests.races.client", json.dumps(plan)]
        return subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT)

    def _allocated(self) -> int:
        """Cards that the tills were promised."""
        return sum(sum(map(int, _PIECES.findall(log.read_bytes()))) for log in self.logs)


def told(name: str, race: Race, verdict: Verdict) -> str:
    """The figures in a few lines."""
    tally = verdict.tally
    done = f"{verdict.allocations} allocations in {verdict.reserved} sales, {verdict.sold} of them kept"
    time_of_it = f"{race.seconds:.0f} s, {race.servers} server process(es), {race.kills} kills"
    faults = ", ".join(f"{tally[key]} {key}" for key in ("replies lost", "connections broken", "told again"))
    lines = [f"{name}: {done}, {verdict.codes} codes opened; {time_of_it}"]
    lines += [f"  {tally['calls']} calls, {faults}; breaches: {len(verdict.breaches)}"]
    roads = sorted(key for key in tally if key.rsplit(" ", 1)[-1].isupper() and not key.startswith("asked"))
    lines += ["  " + ", ".join(f"{key} {tally[key]}" for key in roads)]
    waits = sorted(key for key in tally if key.startswith("asked"))
    lines += ["  " + ", ".join(f"{key} {tally[key]}" for key in waits)] if waits else []
    return "\n".join(lines)
