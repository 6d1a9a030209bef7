"""A till that joins a platform running elsewhere with a one-time code, by the commands that people type."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.bootstrap.front import Front
from pos_app.domain.money import Money
from pos_app.domain.staff import Cashier, Role
from tests.system.demo_run import ROOT, DemoFolders, environment, free_port, run_tool, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """A platform of its own with a small market, and the arguments that name its folders."""
    folder = tmp_path_factory.mktemp("platform")
    where = ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    made = run_tool("platform_server", "sample", "--products", "400", "--codes", "2000", *where)
    assert made.returncode == 0, made.stderr
    port = free_port()
    command = [sys.executable, "-m", "platform_server", "serve", "--port", str(port), *where]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL) as server:
        wait_for(port)
        yield where
        server.terminate()


def enrolment_code(platform: tuple[str, ...]) -> str:
    told = run_tool("platform_server", "enrol", "--name", "Counter", *platform)
    found = re.search(r"K1\.\S+", told.stdout)
    assert found, told.stdout + told.stderr
    return found.group()


def test_it_joins_sells_and_a_code_works_once(platform: tuple[str, ...], tmp_path: Path) -> None:
    folders = DemoFolders.under(tmp_path)
    code = enrolment_code(platform)
    joined = run_tool("pos_app", "enrol", code, *folders.arguments)
    assert joined.returncode == 0, joined.stderr
    front = Front(folders.data, folders.keys)
    try:
        shop = front.open()
        front.keep({"printer": "virtual"})
        assert shop.sync_catalogue().held == 400
        added = shop.add_person(None, "Olga", Role.OWNER, "975310")
        owner = Cashier(added.id, added.name, added.role)
        shop.open_shift(owner, Money(0))
        sale = shop.reserve(owner, shop.ring_up(shop.new_sale(), "2000000000015").sale)
        shop.take_cash(owner, sale.id, sale.total)
        progress = shop.go_on(sale.id)
        while progress.next == "paper":
            progress = shop.print_next(sale.id)
        assert progress.sale.state == "done"
        assert shop.push_outbox().unsent == 0
    finally:
        front.close()
    again = run_tool("pos_app", "enrol", code, *DemoFolders.under(tmp_path / "second").arguments)
    assert again.returncode == 2
    assert "code" in again.stderr.lower()


@pytest.mark.parametrize(
    "harm", [lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"), lambda code: "hello"]
)
def test_a_mistyped_code_is_said(platform: tuple[str, ...], tmp_path: Path, harm: object) -> None:
    folders = DemoFolders.under(tmp_path)
    done = run_tool("pos_app", "enrol", harm(enrolment_code(platform)), *folders.arguments)  # type: ignore[operator]
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "code" in done.stderr.lower()


def test_a_platform_that_is_away_is_said(tmp_path: Path, platform: tuple[str, ...]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        told = run_tool(
            "platform_server", "enrol", "--address", f"http://127.0.0.1:{nobody.getsockname()[1]}", *platform
        )
        code = told.stdout.split()[-1]
        done = run_tool("pos_app", "enrol", code, *DemoFolders.under(tmp_path).arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
