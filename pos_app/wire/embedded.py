"""Starts and stops the embedded platform and other servers of the till as processes of their own (protocol 8).

Each holds its standard input open and ends with it: when the till is killed, the system closes the pipe, and
nothing is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

from pos_app.domain.errors import PlatformNotStarted

START_PATIENCE_S = 30.0  # longer than the 10 s that a server waits for the one before it
ANSWER_PATIENCE_S = 10.0
ONCE_PATIENCE_S = 600.0
GRACE_S = 10.0
_MOST_LOG_BYTES = 2 * 1024 * 1024
_MOST_SAID = 500
_CAUSES = {"busy", "damaged", "timeout"}


@dataclass(frozen=True, slots=True)
class Program:
    """What is started: its command, the folder it runs in (None: ours), and the file that takes what it complains of."""

    command: tuple[str, ...]
    folder: Path | None
    log: Path


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, and (a platform) under which key."""

    address: str
    platform_key: str
    pid: int


class ChildProcess:
    """One server process that says a line of JSON when it is ready and then answers lines with lines."""

    def __init__(self, program: Program, arguments: Sequence[str]) -> None:
        self._program = program
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._log_start = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self, patience_s: float = START_PATIENCE_S) -> dict[str, Any]:
        """Start it and return its ready line; PlatformNotStarted, with nothing left running, when none comes."""
        self.begin()
        return self.ready(patience_s)

    def begin(self) -> None:
        """Start it and do not wait: several can get ready side by side."""
        self.stop(grace_s=0)
        self._lines = queue.SimpleQueue()
        with _open_log(self._program.log) as log:
            self._log_start = log.tell()
            try:
                self._process = _spawn(self._program, self._arguments, log)
            except OSError as error:
                raise PlatformNotStarted("ended", str(error)) from error
        # A pipe cannot be waited for with a time-out on Windows, so a thread reads it. It knows nothing
        # but its queue, and ends with the process.
        Thread(target=_read_lines, args=(self._process, self._lines), daemon=True).start()

    def ready(self, patience_s: float = START_PATIENCE_S) -> dict[str, Any]:
        """The ready line of one that has begun; PlatformNotStarted, with nothing left running, when none comes."""
        try:
            ready = self._next_line(patience_s)
            if ready.get("ready") is not True:
                code = str(ready.get("code", "")).lower()
                raise PlatformNotStarted(code if code in _CAUSES else "ended", str(ready.get("message", "")))
        except PlatformNotStarted:
            self.stop(grace_s=0)
            raise
        return ready

    def ask(self, question: dict[str, Any], patience_s: float = ANSWER_PATIENCE_S) -> dict[str, Any]:
        """Say one line and return the answer; PlatformNotStarted when the process is not there to answer."""
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            raise PlatformNotStarted("ended", self._last_words())
        self._forget_old_answers()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
        except OSError as error:
            raise PlatformNotStarted("ended", self._last_words()) from error
        return self._next_line(patience_s)

    def stop(self, grace_s: float = GRACE_S) -> None:
        """Close its input and wait until it ended by itself; after `grace_s` it is ended."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            with contextlib.suppress(OSError):  # it may have died with something of ours unread
                process.stdin.close()
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _forget_old_answers(self) -> None:
        """One that came after we gave up on it must not be taken for the next."""
        with contextlib.suppress(queue.Empty):
            while self._lines.get_nowait() is not None:
                pass
            self._lines.put(None)

    def _next_line(self, patience_s: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=patience_s)
        except queue.Empty:
            raise PlatformNotStarted("timeout", self._last_words()) from None
        if line is None:
            raise PlatformNotStarted("ended", self._last_words())
        return line

    def _last_words(self) -> str:
        return _tail(self._program.log, self._log_start)


class EmbeddedPlatform:
    """The platform of a shop of one PC; it comes up again under a new port when it died."""

    def __init__(self, program: Program, data: Path, keys: Path | None, supplier: str | None = None) -> None:
        """`keys` is None for the OS keyring; `supplier` is the address of a practice supplier for top-ups."""
        self._program = program
        self._places = ("--data", str(data), *(("--keys", str(keys)) if keys is not None else ()))
        suppliers = ("--supplier", f"practice={supplier}") if supplier is not None else ()
        self._child = ChildProcess(program, ("serve", "--embedded", *self._places, *suppliers))
        self._running: Running | None = None

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    def start(self) -> Running:
        """The platform as it runs; starts it if it does not. PlatformNotStarted says why it cannot."""
        if self._running is None or not self._child.is_running:
            self._running = None
            ready = self._child.start()
            address, key = ready.get("address"), ready.get("platform_key")
            if not isinstance(address, str) or not isinstance(key, str):
                self._child.stop(grace_s=0)
                raise PlatformNotStarted("ended", "its ready line names no address and key")
            # Asked of the process itself: the pid in the line is that of the child of a launcher on Windows.
            self._running = Running(address, key, self._child.pid or 0)
        return self._running

    def enrolment_code(self, till_name: str, *, renew: bool = False) -> str:
        """A new code for a till of that name: a secret, to be used at once and kept nowhere.

        `renew`: for the one till that is there already, which gets new keys and a new epoch by it.
        """
        self.start()
        order = {"do": "enrol", "till_name": till_name, "renew": renew}
        code = self._child.ask(order).get("enrolment_code")
        if not isinstance(code, str):
            raise PlatformNotStarted("ended", "it gave no enrolment code")
        return code

    def run_once(self, arguments: Sequence[str]) -> str:
        """Run another command of the platform on the same data, as `sample --seed 1`, while it does not serve."""
        return run_once(self._program, (*arguments, *self._places))

    def stop(self) -> None:
        self._running = None
        self._child.stop()


def run_once(program: Program, arguments: Sequence[str], patience_s: float = ONCE_PATIENCE_S) -> str:
    """What the command said on its standard output; PlatformNotStarted when it fails or takes too long."""
    with _open_log(program.log) as log:
        log_start = log.tell()
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                [*program.command, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=program.folder,
                env=_environment(),
                timeout=patience_s,
                check=False,
                **_apart(),
            )
        except subprocess.TimeoutExpired:
            raise PlatformNotStarted("timeout", _tail(program.log, log_start)) from None
        except OSError as error:
            raise PlatformNotStarted("ended", str(error)) from error
    said: str = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        raise PlatformNotStarted("ended", _tail(program.log, log_start) or said[-_MOST_SAID:].strip())
    return said


def _spawn(program: Program, arguments: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [*program.command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=program.folder,
        env=_environment(),
        **_apart(),
    )


def _apart() -> dict[str, Any]:
    """Out of the terminal's group: Ctrl-C is the till's to hear, and the till then ends its servers in order."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined, unused-ignore]
    return {"start_new_session": True}


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1"}


def _read_lines(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Every line that is an object of JSON, then None; a pipe that nobody empties would stop the server."""
    pipe = process.stdout
    if pipe is not None:
        with pipe:
            for raw in pipe:
                with contextlib.suppress(ValueError):
                    line = json.loads(raw)
                    if isinstance(line, dict):
                        lines.put(line)
    lines.put(None)


def _open_log(path: Path) -> IO[bytes]:
    """To append to; a long one is put aside first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # on Windows an old server may still hold it: then it grows on
        if path.stat().st_size > _MOST_LOG_BYTES:
            path.replace(path.with_name(path.name + ".1"))
    log = path.open("ab")
    log.seek(0, os.SEEK_END)
    return log


def _tail(path: Path, start: int) -> str:
    """What was written since `start`, the end of it: for people, a traceback's last line first of all."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(start, end - _MOST_SAID))
        return file.read().decode("utf-8", "replace").strip()
    return ""
