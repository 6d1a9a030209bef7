"""What an operator types about the log and the keys, and what an outsider can do with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from platform_server.app import logs
from platform_server.app.cli import main
from platform_server.domain.entry_signatures import kid_of
from platform_server.domain.tills import from_base64url
from tests.fakes.platform_process import served
from tests.fakes.platform_till import FakeTill, canonical
from tests.server.merkle_check import is_consistent, is_included
from tests.server.test_log_api import is_true

LINES = re.compile(r"\n(?=\{)")  # a document for each
Type = Callable[..., tuple[int, Any]]


@pytest.fixture
def type_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Runs a command beside the server: the exit code, and the JSON or the sentence that it said."""
    monkeypatch.setattr(logs, "start_logs", lambda *_, **__: None)

    def run(*words: str) -> tuple[int, Any]:
        code = main([*words, "--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")])
        said = capsys.readouterr()
        if code:
            return code, said.err
        told = [json.loads(line) for line in LINES.split(said.out.strip())]
        return code, told if words[1] == "takings" else told[0]

    return run


@contextmanager
def two_pushes(folder: Path) -> Iterator[tuple[FakeTill, dict[str, Any]]]:
    """A till that pushed twice, with what it was told the first time."""
    with served(folder) as running:
        till = running.till()
        till.write("note", {})
        first = till.push().json["log"]
        for number in range(4):
            till.write("note", {"number": number})
        till.push()
        yield till, first


def test_the_log_is_told_and_proved(type_in: Type, tmp_path: Path) -> None:
    with two_pushes(tmp_path) as (till, first):
        pass
    _, keys = type_in("keys", "export")
    (shop,) = keys["shops"]
    platform_key = from_base64url(shop["platform_keys"][0]["key"], 32)
    _, point = type_in("log", "checkpoint")
    assert is_true(point, platform_key)
    assert (point["size"], point["till"]["till_id"]) == (5, till.till_id)
    root = bytes.fromhex(point["root"])
    _, proof = type_in("log", "prove", "--epoch", "1", "--seq", "3")
    leaf = hashlib.sha256(b"\x00" + canonical(till.entries[2])).digest()
    assert is_included(
        leaf, proof["index"], proof["size"], [bytes.fromhex(each) for each in proof["path"]], root
    )
    _, grown = type_in("log", "prove", "--from", "1")
    assert (grown["from"], grown["to"]) == (1, 5)
    path = [bytes.fromhex(each) for each in grown["path"]]
    assert is_consistent(1, 5, path, bytes.fromhex(first["root"]), root)
    assert type_in("log", "prove", "--from", "1", "--size", "1")[1]["path"] == []
    for wrong in (("--seq", "1"), (), ("--epoch", "1", "--seq", "9"), ("--from", "6")):
        code, said = type_in("log", "prove", *wrong)
        assert (code, said.strip()[-1]) == (1, ".")
    assert type_in("log", "checkpoint", "--till", "T9") == (1, "No till T9.\n")
    assert type_in("log", "checkpoint", "--shop", "nobody")[0] == 1


def test_the_keys_are_told_with_their_times(
    type_in: Type, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tmp_path) as running:
        old = running.till()
        running.clock.pass_by(hours=1)
        new = running.till(renew=True)
    (shop,) = type_in("keys", "export")[1]["shops"]
    (till,) = shop["tills"]
    assert (shop["shop"], till["till"], till["till_code"]) == (new.shop_id, new.till_id, "T1")
    told = [(key["kid"], key["epoch"], key["from"], key["until"], key["revoked_at"]) for key in till["keys"]]
    began, renewed = "2026-11-22T06:15:29.123456Z", "2026-11-22T07:15:29.123456Z"
    public = [each.sign_key.public_key().public_bytes_raw() for each in (old, new)]
    assert told == [(kid_of(public[0]), 1, began, renewed, None), (kid_of(public[1]), 2, renewed, None, None)]
    assert [from_base64url(key["key"], 32) for key in till["keys"]] == public
    keys = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    assert main(["tills", "revoke", "T1", "--actor", "ann", "--reason", "stolen", *keys]) == 0
    assert capsys.readouterr().out == "T1 REVOKED\n"
    (again,) = type_in("keys", "export")[1]["shops"][0]["tills"]
    assert all(key["revoked_at"] for key in again["keys"])


def test_a_days_takings_are_added_up_from_the_entries(type_in: Type, tmp_path: Path) -> None:
    with served(tmp_path) as running:
        running.till()
        till = running.till()
        for minor, back in ((700, 0), (300, 100)):
            paid = {"sale_id": str(minor), "payments": [{"tender": "cash", "amount_minor": minor}]}
            till.write("sale_paid", paid)
            if back:
                till.write("money_given_back", {"refunds": [{"tender": "cash", "amount_minor": back}]})
        till.push()
    code, (first, second) = type_in("log", "takings", "--date", "2026-11-22")
    assert (code, first["takings_minor"], first["taken"]) == (0, 0, {})
    told = {"till_code": "T2", "sales": 2, "takings_minor": 900}
    assert second == {**told, "taken": {"cash": 1000}, "given_back": {"cash": 100}}
    assert [each["sales"] for each in type_in("log", "takings", "--date", "2026-11-21")[1]] == [0, 0]
