"""The published vectors are what the script makes, and the verifier, as a file of its own, says what they promise."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pos_app import verify
from pos_app.verify import EXIT, Keys, Verdict, read_lines
from tests.proof.vectors import FOLDER, made

CASES: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))


def keys_of(case: dict[str, Any]) -> Keys:
    return Keys(json.loads((FOLDER / case["keys"]).read_text(encoding="utf-8")))


def files_of(case: dict[str, Any]) -> dict[str, list[str]]:
    return {name: read_lines((FOLDER / name).read_bytes()) for name in case["files"]}


def test_they_are_what_the_script_makes() -> None:
    """Else: python -m tests.proof.vectors."""
    expected = made()
    assert {path.name for path in FOLDER.iterdir()} == set(expected)
    for name, text in expected.items():
        assert (FOLDER / name).read_bytes() == text.encode(), name


@pytest.mark.parametrize("case", CASES["receipts"], ids=lambda case: case["name"])
def test_each_receipt_is_what_it_is(case: dict[str, Any]) -> None:
    first = verify.verify(keys_of(case), case["shown"], files_of(case))[0]
    assert first.verdict == case["verdict"], first.sentence


@pytest.mark.parametrize("case", CASES["ledgers"], ids=lambda case: "+".join([*case["files"], case["keys"]]))
def test_each_ledger_is_what_it_is(case: dict[str, Any]) -> None:
    (finding,) = verify.verify(keys_of(case), (), files_of(case))
    assert finding.verdict == case["verdict"], finding.sentence


def test_every_verdict_has_a_vector() -> None:
    shown = {case["verdict"] for case in (*CASES["receipts"], *CASES["ledgers"])}
    assert shown == {verdict.value for verdict in Verdict}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The verifier alone in a folder, with nothing of ours on the path."""
    command = [sys.executable, "-I", "verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outside")
    shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
    shutil.copy(verify.__file__, folder / "verify.py")
    return folder


@pytest.mark.parametrize("verdict", ["genuine", "voided", "altered", "not_in_ledger"])
def test_an_outsider_needs_the_file_alone(outside: Path, verdict: str) -> None:
    case = next(case for case in CASES["receipts"] if case["verdict"] == verdict)
    done = run(outside, "--keys", case["keys"], *case["shown"], *case["files"])
    assert done.stdout.startswith(f"{verdict}: "), done.stderr
    assert done.returncode == EXIT[Verdict(verdict)]


def test_an_outsider_checks_a_ledger(outside: Path) -> None:
    good = run(outside, "--keys", "keys.json", "ledger.jsonl", "checkpoint.jsonl")
    assert (good.returncode, good.stdout.startswith("whole: ")) == (0, True), good.stdout
    cut = run(outside, "--keys", "keys.json", "ledger-cut.jsonl", "checkpoint.jsonl")
    assert (cut.returncode, "was cut before number" in cut.stdout) == (1, True), cut.stdout


def test_what_cannot_be_read_is_said(outside: Path) -> None:
    (outside / "no-keys.json").write_text("[]")
    for arguments in (
        ["--keys", "none.json", "x"],
        ["--keys", "no-keys.json", "x"],
        ["--keys", "keys.json", "none"],
    ):
        done = run(outside, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("This cannot be read: ")
    assert run(outside, "ledger.jsonl").returncode == 2


def test_a_file_of_receipts_is_read_line_by_line(outside: Path) -> None:
    texts = [case["shown"][0] for case in CASES["receipts"] if case["verdict"] in ("genuine", "training")]
    (outside / "receipts.txt").write_text("\n".join(sorted(set(texts))) + "\n\n")
    done = run(outside, "--keys", "keys.json", "receipts.txt")
    said = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert set(said) <= {"genuine", "training", "part_back", "voided"}
    assert (len(said), done.returncode) == (len(set(texts)), 3)


def test_the_till_has_the_same_command() -> None:
    command = [sys.executable, "-m", "pos_app", "verify", "--keys", str(FOLDER / "keys.json")]
    done = subprocess.run(
        [*command, str(FOLDER / "ledger.jsonl")],
        capture_output=True,
        text=True,
        check=False,
        cwd=FOLDER.parents[1],
        env=dict(os.environ),
    )
    assert (done.returncode, done.stdout.startswith("whole: ")) == (0, True), done.stdout + done.stderr
