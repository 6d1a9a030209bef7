"""Ledgers read back and the shop's log over a real socket: what is told can be checked with the platform's key alone."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.scopes import Scope
from platform_server.domain.tills import from_base64url
from platform_server.wire.documents import is_signed
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import canonical
from tests.server.conftest import KEY
from tests.server.merkle_check import is_consistent, is_included
from tests.server.test_api import refused
from tests.server.test_wire_examples import EXAMPLES


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with served(tmp_path, url=url) as running:
        yield running
        assert running.invariants() == []


def is_true(log: dict[str, Any], public_key: bytes) -> bool:
    """The signature of section 11, put together by hand."""
    till = log["till"]
    words = ["pos-log-1", log["shop_id"], str(log["size"]), log["root"]]
    words += [till["till_id"], str(till["epoch"]), str(till["seq"]), till["head"], log["at"]]
    message = b"".join(len(word).to_bytes(4, "big") + word.encode() for word in words)
    return is_signed(message, from_base64url(log["signature"], 64), public_key)


def leaf(entry: dict[str, Any]) -> bytes:
    return hashlib.sha256(b"\x00" + canonical(entry)).digest()


def unhex(told: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(each) for each in told["path"]]


def test_a_till_checks_what_the_platform_holds_of_it(platform: Served) -> None:
    till, other = platform.till(), platform.till()
    key = platform.platform.platform_key.public_key().public_bytes_raw()
    for number in range(3):
        till.write("note", {"number": number, "name": "\u5361"})
    first = till.push().json["log"]
    other.write("note", {})
    assert other.push().json["log"]["size"] == 4
    till.write("note", {"is": "last"})
    pushed = till.push().json
    second = pushed["log"]
    assert (first["size"], second["size"]) == (3, 5)
    assert second["till"] == {"till_id": till.till_id, "epoch": 1, **pushed["checkpoint"]}
    assert is_true(first, key)
    assert is_true(second, key)
    assert not is_true({**second, "size": 4}, key)
    told = till.call("GET", "/v1/log/checkpoint").json["log"]
    assert (told["root"], told["till"]) == (second["root"], second["till"])
    assert is_true(told, key)
    proof = till.call("GET", "/v1/log/inclusion?epoch=1&seq=4").json
    assert (proof["index"], proof["size"]) == (4, 5)
    root = bytes.fromhex(second["root"])
    assert is_included(leaf(till.entries[3]), 4, 5, unhex(proof), root)
    early = till.call("GET", "/v1/log/inclusion?epoch=1&seq=2&size=3").json
    assert is_included(leaf(till.entries[1]), 1, 3, unhex(early), bytes.fromhex(first["root"]))
    grown = till.call("GET", "/v1/log/consistency?from=3&to=5").json
    assert is_consistent(3, 5, unhex(grown), bytes.fromhex(first["root"]), root)


def test_a_ledger_is_read_back_byte_for_byte(platform: Served) -> None:
    till = platform.till()
    for number in range(4):
        till.write("note", {"number": number, "name": "\u5361 \u2028 \U0001f4b3 \"'\\"})
    till.entries[-1] |= {"kid": 7, "sig": "none", "added_later": {"x": [1]}}
    till.push()
    page = till.call("GET", "/v1/ledger/1?after=1&limit=2")
    assert page.json["entries"] == till.entries[1:3]
    assert page.json["acked_seq"] == 4
    whole = till.call("GET", "/v1/ledger/1")
    assert b",".join(canonical(entry) for entry in till.entries) in whole.plain
    assert refused(till.call("GET", "/v1/ledger/2"), "BAD_REQUEST", 400)
    assert platform.till().call("GET", "/v1/ledger/1").json["entries"] == []


def test_a_renewed_till_reads_what_the_one_before_it_wrote(platform: Served) -> None:
    old = platform.till()
    old.write("note", {"of": "the first epoch"})
    old.push()
    new = platform.till(renew="T1")
    assert (new.till_id, new.epoch) == (old.till_id, 2)
    assert new.call("GET", "/v1/ledger/1").json["entries"] == old.entries
    assert new.call("GET", "/v1/ledger/2").json["acked_seq"] == 0
    refused(old.call("GET", "/v1/ledger/1"), "EPOCH_FENCED", 409)
    assert new.call("GET", "/v1/log/checkpoint").json["log"]["till"]["seq"] == 0


def test_what_is_no_question_is_refused(platform: Served) -> None:
    till = platform.till()
    till.write("note", {})
    till.push()
    for path in ("ledger/0", "ledger/x", "ledger/1?limit=501", "ledger/1?after=-1"):
        refused(till.call("GET", f"/v1/{path}"), "BAD_REQUEST", 400)
    for query in ("inclusion?epoch=1", "inclusion?epoch=1&seq=0", "inclusion?epoch=1&seq=1&size=2"):
        refused(till.call("GET", f"/v1/log/{query}"), "BAD_REQUEST", 400)
    for query in ("consistency", "consistency?from=1&to=0", "consistency?from=0&to=2"):
        refused(till.call("GET", f"/v1/log/{query}"), "BAD_REQUEST", 400)
    refused(till.call("GET", "/v1/log/inclusion?epoch=1&seq=2"), "NOT_FOUND", 404)
    claimant = platform.till(scopes=frozenset({Scope.CLAIMS}))
    for path in ("ledger/1", "log/checkpoint", "log/consistency?from=0&to=0"):
        assert refused(claimant.call("GET", f"/v1/{path}"), "FORBIDDEN", 403)["scope"] in ("read", "sell")


def test_the_published_examples_are_true() -> None:
    public = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
    first, last = EXAMPLES["ledger.response"]["log"], EXAMPLES["log.response"]["log"]
    assert is_true(first, public)
    assert is_true(last, public)
    entries = EXAMPLES["ledger-page.response"]["entries"]
    proof, grown = EXAMPLES["log-inclusion.response"], EXAMPLES["log-consistency.response"]
    root = bytes.fromhex(last["root"])
    assert is_included(leaf(entries[0]), proof["index"], proof["size"], unhex(proof), root)
    assert is_consistent(first["size"], last["size"], unhex(grown), bytes.fromhex(first["root"]), root)
    assert hashlib.sha256(canonical(entries[0])).hexdigest()[:32] == entries[1]["prev"]
    assert json.loads(canonical(entries)) == entries
