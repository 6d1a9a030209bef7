"""The demo as people start it, killed by `kill -9` at random moments and started again, with both doctors asked each time.

`POS_KILLS` says how many moments: `dev.py prove kills` asks for fifty, the tests for none, as `tests/system/test_demo.py`
kills it at ten named ones.
"""

import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.proof.page import tell
from tests.system.demo_run import ROOT, DemoFolders, command, environment, run_demo, run_tool

KILLS = int(os.environ.get("POS_KILLS", "0"))
SEED = int(os.environ.get("POS_KILLS_SEED", "1"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(20_000),
    pytest.mark.skipif(KILLS == 0, reason="this is what `dev.py prove kills` does"),
]


def killed_after(folders: DemoFolders, seconds: float) -> bool:
    """Whether it was still running then."""
    with subprocess.Popen(
        command(folders), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def test_killed_at_random_moments_both_doctors_are_content(tmp_path: Path) -> None:
    folders, chance = DemoFolders.under(tmp_path), random.Random(SEED)
    started = time.monotonic()
    run_demo(folders)
    first, lasts = time.monotonic() - started, 0.0
    kills = tries = 0
    while kills < KILLS:
        assert tries < 3 * KILLS + 3, "it is over before it is killed"
        tries += 1
        kills += killed_after(folders, chance.random() * (lasts or first))
        started = time.monotonic()
        run_demo(folders)
        lasts = time.monotonic() - started
        for module in ("pos_app", "platform_server"):
            done = run_tool(module, "doctor", *folders.arguments)
            assert done.returncode == 0, f"after kill {kills}\n{done.stdout}{done.stderr}"
    sales = folders.summary()["all_sales"]
    states = [sale["state"] for sale in sales if sale["receipt_number"]]
    tell(
        "kills",
        f"Killed {kills} times; {len(sales)} sales, {len(states)} of them paid, both doctors at exit 0 each time.",
    )
    assert set(states) == {"done"}
