"""Runs the demo as a user would, in a process of its own, and kills it when a test says so."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


@dataclass(frozen=True)
class DemoFolders:
    """Where a test's demo keeps everything."""

    data: Path
    keys: Path
    out: Path

    @staticmethod
    def under(folder: Path) -> DemoFolders:
        return DemoFolders(folder / "data", folder / "keys", folder / "out")

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--data", str(self.data), "--keys", str(self.keys))

    def summary(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.out / "summary.json").read_text(encoding="utf-8"))
        return told


def free_port() -> int:
    """A port of loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise AssertionError(f"nobody answers at {port}")


def command(folders: DemoFolders) -> list[str]:
    walk = ("demo", "--headless", "--out", str(folders.out))
    return [sys.executable, "-m", "pos_app", *walk, *folders.arguments]


def run_demo(folders: DemoFolders) -> subprocess.CompletedProcess[str]:
    """To its end; a non-zero exit is a failed test with what it said."""
    done = subprocess.run(
        command(folders),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done


def run_demo_until(folders: DemoFolders, step: str) -> None:
    """Kill -9 the moment it says `step`; one that ended without saying it is a failed test with what it said."""
    said = []
    with subprocess.Popen(
        command(folders),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.strip() == f"step: {step}":
                os.kill(process.pid, signal.SIGKILL)
                return
    raise AssertionError(f"it never came to {step!r}:\n{''.join(said)}")


def run_tool(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}
