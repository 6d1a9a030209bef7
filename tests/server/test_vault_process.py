"""The vault's commands as processes: killed in the middle, run again, beside a server that sells."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.tills import from_base64url
from platform_server.store.sqlite_file import connect
from tests.fakes.platform_process import ROOT, Embedded, command, transport_to
from tests.fakes.platform_till import FakeTill, line_of, new_id

pytestmark = pytest.mark.slow
ROWS = 20_000


def ask(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The vault's own file, read beside everything."""
    (keys,) = (folder / "keys").glob("*.platform.json")
    key = from_base64url(json.loads(keys.read_text())["database"], 32)
    raw = connect(folder / "data" / "platform" / "platform.db", key, is_reader=True)
    try:
        return list(raw.execute(query).fetchall())
    finally:
        raw.close()


def product_of(folder: Path) -> str:
    """A code product of number and PIN, on a platform that was just made."""
    made = command(folder, "sample", "--seed", "5", "--products", "40", "--codes", "120")
    assert made.returncode == 0, made.stderr
    return str(ask(folder, "SELECT id FROM products WHERE payload = 'number_pin' ORDER BY id")[0][0])


def killed(folder: Path, *arguments: str, after_lines: int) -> int:
    """Kills a command with signal 9 when it has said so many lines of progress; what it would have returned."""
    places = ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    process = subprocess.Popen(
        [sys.executable, "-m", "platform_server", *arguments, *places],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    for _ in range(after_lines):
        assert process.stderr.readline()
    process.kill()
    process.stderr.close()
    return process.wait(30)


def test_an_import_killed_in_the_middle_ends_with_each_code_once(tmp_path: Path) -> None:
    product = product_of(tmp_path)
    before = ask(tmp_path, "SELECT count(*) FROM cards")[0][0]
    chance = random.Random(3)
    numbers = [chance.randrange(10**11) for _ in range(ROWS - 2_000)]
    numbers += chance.choices(numbers, k=2_000)
    lines = [chance.choice((f"{n:012d},PIN-{n}", f" {n:012d},pin {n}\r")) for n in numbers]
    path = tmp_path / "codes.csv"
    path.write_text("\n".join(["卡号,卡密", *lines, "broken"]), "utf-8")
    order = ("import", str(path), "--product", product, "--supplier-batch", "B1", "--reference", "INVOICE-1")
    dry = command(tmp_path, *order, "--dry-run", "--report", str(tmp_path / "dry.json"))
    assert dry.returncode == 0, dry.stderr
    assert ask(tmp_path, "SELECT count(*) FROM imports") == [(0,)]
    assert killed(tmp_path, *order, after_lines=1) == -9
    ((row, finished),) = ask(tmp_path, "SELECT last_row, finished_at FROM imports")
    assert 0 < row < ROWS
    assert finished is None
    assert "unfinished" in command(tmp_path, "imports").stdout
    done = command(tmp_path, *order, "--report", str(tmp_path / "report.json"))
    assert done.returncode == 0, done.stderr
    assert "rows/s" in done.stderr
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    distinct = len(set(numbers))
    assert (report["added"], report["codes_in_batch"]) == (distinct, distinct)
    assert report["rows"] == len(lines) + 1
    assert report["reasons"]["missing_pin"] == {"count": 1, "first_lines": [len(lines) + 2]}
    assert ask(tmp_path, "SELECT count(*), count(DISTINCT fingerprint) FROM cards") == [
        (before + distinct,) * 2
    ]
    tried = json.loads((tmp_path / "dry.json").read_text("utf-8"))
    assert {name: tried[name] for name in ("rows", "added", "duplicates", "faults")} == {
        name: report[name] for name in ("rows", "added", "duplicates", "faults")
    }
    again = command(tmp_path, *order)
    assert "nothing was added now" in again.stdout
    assert f"{distinct} new" in again.stdout
    healthy = command(tmp_path, "doctor")
    assert healthy.returncode == 0, healthy.stdout
    secrets = {f"PIN-{number}" for number in numbers[:3]}
    for text in (done.stdout, done.stderr, again.stdout, dry.stdout, json.dumps(report), json.dumps(tried)):
        assert not [secret for secret in secrets if secret in text]
    for file in (tmp_path / "data").rglob("*"):
        if file.is_file():
            assert not [secret for secret in secrets if secret.encode() in file.read_bytes()]


def test_keys_are_changed_while_a_server_sells(tmp_path: Path) -> None:
    product = product_of(tmp_path)
    path = tmp_path / "codes.csv"
    path.write_text("\n".join(f"{i:012d},PIN-{i}" for i in range(3_000)), "utf-8")
    server = Embedded(tmp_path).start()
    with transport_to(server.ready["address"]) as transport:
        till = FakeTill(transport, server.order('{"do": "enrol", "till_name": "Front"}')["enrolment_code"])
        till.enrol()
        came = ("--supplier-batch", "B2", "--reference", "INVOICE-2", "--received", "2026-01-31")
        beside = command(tmp_path, "import", str(path), "--product", product, *came)
        assert beside.returncode == 0, beside.stderr
        assert killed(tmp_path, "rotate-keys", "--deep", after_lines=2) == -9
        versions = dict(ask(tmp_path, "SELECT version, count(*) FROM cards GROUP BY version"))
        (keys,) = (tmp_path / "keys").glob("*.platform.json")
        assert len(json.loads(keys.read_text())["older_keks"]) == 1
        assert sell(till, product)
        done = command(tmp_path, "rotate-keys", "--deep")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("The key ")
        assert "is deleted" in done.stdout
        assert versions.get(1)
        assert ask(tmp_path, "SELECT DISTINCT version FROM cards") == [(2,)]
        assert json.loads(keys.read_text())["older_keks"] == []
        assert sell(till, product)
    assert server.end() == 0
    assert command(tmp_path, "rotate-keys").stdout.startswith("A new key ")
    healthy = command(tmp_path, "doctor")
    assert healthy.returncode == 0, healthy.stdout
    if os.name == "posix":
        assert keys.stat().st_mode & 0o777 == 0o600


def sell(till: FakeTill, product_id: str) -> list[dict[str, Any]]:
    """What the slips of one sale would say."""
    (product,) = [each for each in till.catalogue() if each["id"] == product_id]
    limits = product["limits"]
    sale = new_id()
    reserved = till.reserve(sale, [line_of(product, quantity=limits["min"])])
    assert reserved.status_code == 200, reserved.json
    return [till.open(sale, card) for card in till.step(sale, "confirm").json["cards"]]


def test_commands_say_in_a_sentence_what_they_cannot_do(tmp_path: Path) -> None:
    product = product_of(tmp_path)
    path = tmp_path / "codes.csv"
    path.write_text("N1,P1\n", "utf-8")
    for arguments, words in (
        (("import", str(tmp_path / "none.csv"), "--product", product), "not there"),
        (("import", str(path), "--product", product, "--zone", "Mars"), "no time zone"),
        (("import", str(path), "--product", product, "--columns", "pin"), "no column for the number"),
        (("import", str(path), "--product", product, "--received", "31.1.2026"), "written YYYY-MM-DD"),
    ):
        done = command(tmp_path, *arguments, "--supplier-batch", "B1", "--reference", "INVOICE-1")
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
