"""Server processes of one platform that are killed without a word and started again where they were."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.platform_process import ROOT

_SERVES_S = 5.0  # where there is no other
# A program that must compile itself at each start is killed before it has sold anything.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)


@dataclass(frozen=True)
class Home:
    """Where a platform's data lies; `url` for one on PostgreSQL."""

    folder: Path
    url: str | None = None

    @property
    def arguments(self) -> list[str]:
        places = ["--data", str(self.folder / "data"), "--keys", str(self.folder / "keys")]
        return [*places, *(["--database", self.url] if self.url else [])]

    def doctor(self) -> subprocess.CompletedProcess[str]:
        """The command that an operator would give."""
        command = [sys.executable, "-m", "platform_server", "doctor", *self.arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


@dataclass
class Server:
    """One process; `launcher` is the program, or one that plants a fault in it first."""

    home: Home
    launcher: Sequence[str] = ("platform_server",)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        self.begin()
        self.wait()
        return self

    def begin(self) -> None:
        command = [sys.executable, "-m", *self.launcher, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *self.home.arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )

    def wait(self) -> None:
        """Until it answers."""
        assert self.process is not None
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        assert told, f"the server ended with {self.process.wait(20)}"
        assert json.loads(told)["ready"]

    def kill(self) -> None:
        self._end(by_kill=True)

    def make_end(self) -> None:
        """However the race ended."""
        if self.process is not None:
            self.kill()

    def end(self) -> int:
        return self._end(by_kill=False)

    def _end(self, *, by_kill: bool) -> int:
        assert self.process is not None
        if by_kill:
            self.process.kill()
        else:
            self.process.terminate()
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None
        return code


@dataclass
class Killer:
    """Kills one of the servers every so many seconds, and starts it again at once.

    Where there is only one, the seconds count from when it answers: on a busy machine it would never sell otherwise.
    """

    servers: list[Server]
    chance: random.Random
    every_s: float
    kills: int = 0
    _next: float = 0.0

    def tick(self) -> None:
        now = time.monotonic()
        if not self._next:
            self._next = now + self.every_s
        if now < self._next:
            return
        victim = self.chance.choice(self.servers)
        victim.kill()
        victim.start()
        self.kills += 1
        least_s = _SERVES_S if len(self.servers) == 1 else 0.0
        self._next = max(now + self.every_s, time.monotonic() + least_s)
