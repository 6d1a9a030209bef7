"""Starts the practice servers by hand, as the demo and curious people do."""

import ast
import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUTHORIZED = {"Authorization": "Bearer practice"}


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "practice", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def ready(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    assert line["ready"] is True
    address = line["address"]
    assert isinstance(address, str)
    assert address.startswith("http://127.0.0.1:")
    return address


def effects(address: str) -> object:
    request = urllib.request.Request(address + "/orders", headers=AUTHORIZED)
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.loads(reply.read())


def test_an_embedded_supplier_ends_with_its_standard_input() -> None:
    process = start("supplier", "--embedded")
    try:
        assert effects(ready(process)) == {"orders": [], "credits": {}}
        process.communicate(timeout=20)
        assert process.returncode == 0
    finally:
        process.kill()


def test_orders_survive_a_killed_supplier(tmp_path: Path) -> None:
    data = str(tmp_path / "orders.jsonl")
    process = start("supplier", "--embedded", "--data", data)
    order = {"reference": "r", "product": "p", "account": "1", "face_minor": 1, "currency": "CNY"}
    try:
        address = ready(process)
        body = json.dumps(order).encode()
        urllib.request.urlopen(
            urllib.request.Request(address + "/orders", body, AUTHORIZED), timeout=10
        ).close()
    finally:
        process.kill()
        process.communicate()
    process = start("supplier", "--embedded", "--data", data)
    try:
        kept = effects(ready(process))
        assert isinstance(kept, dict)
        assert kept["credits"] == {"1": 1}
        process.communicate(timeout=20)
    finally:
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_a_supplier_started_by_hand_ends_when_told() -> None:
    process = start("supplier")
    try:
        ready(process)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == 0
    finally:
        process.kill()


@pytest.mark.parametrize("arguments", [("--port", "99999"), ("--data", ".")])
def test_a_supplier_that_cannot_start_says_why(arguments: tuple[str, ...]) -> None:
    process = start("supplier", "--embedded", *arguments)
    output, _ = process.communicate(timeout=20)
    line = json.loads(output)
    assert process.returncode == 2
    assert line["ready"] is False
    assert line["message"]


def test_without_a_name_the_program_lists_what_there_is() -> None:
    process = start()
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert b"supplier" in output


def test_an_old_python_can_read_the_program_far_enough_to_be_told() -> None:
    source = (ROOT / "practice" / "__main__.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
