"""Claims over a real socket, decided by the commands of an operator."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.claims import ClaimOutcome
from platform_server.flows.decide_claim import Grant
from tests.fakes.platform_process import ROOT, Served, command, served
from tests.fakes.platform_till import FakeTill, Reply, line_of, new_id
from tests.server.after_sales import OWNER, TWO

BY = ("--by", "owner", "--reason", "seen at the desk")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
        assert running.invariants() == []


@pytest.fixture
def till(platform: Served) -> FakeTill:
    return platform.till()


def sell(till: FakeTill, quantity: int = 1) -> tuple[str, list[dict[str, Any]]]:
    """A sale with its cards, acknowledged."""
    (card,) = [each for each in till.catalogue() if each["kind"] == "code"]
    sale = new_id()
    assert till.reserve(sale, [line_of(card, quantity=quantity)]).status_code == 200
    cards: list[dict[str, Any]] = till.step(sale, "confirm").json["cards"]
    ack(till, sale, [card["card_id"] for card in cards])
    return sale, cards


def ack(till: FakeTill, sale: str, card_ids: list[str], attempt: int = 1) -> None:
    printed = [{"card_id": card_id, "printed": "yes", "copies": 1} for card_id in card_ids]
    assert till.step(sale, "ack", attempt, cards=printed).status_code == 200


def claim(till: FakeTill, sale: str, attempt: int = 1, key: str | None = None, **other: Any) -> Reply:
    body = {"epoch": till.epoch, "sale_id": sale, "reason": "code_invalid", "evidence": [], **other}
    return till.call("POST", "/v1/claims", body, key=key or f"{sale}:claim:{attempt}")


def test_a_claim_from_the_counter_to_the_new_slip(platform: Served, till: FakeTill) -> None:
    sale, (card,) = sell(till)
    words = [{"kind": "text", "text": "no such code"}, {"kind": "file", "text": "photo", "sha256": "a" * 64}]
    opened = claim(till, sale, card_id=card["card_id"], evidence=words, person="Li")
    told = opened.json
    assert (opened.status_code, told["state"], told["outcome"], told["cards"]) == (200, "OPEN", None, [])
    assert claim(till, sale, card_id=card["card_id"], evidence=words, person="Li").is_replay
    after = platform.platform.after_sales
    platform.ask(after.approve_claim(TWO, told["claim_id"], Grant(ClaimOutcome.REISSUE)))
    settled = till.call("GET", f"/v1/claims/{told['claim_id']}").json
    assert (settled["state"], settled["outcome"], settled["refund"]) == ("APPROVED", "reissue", None)
    (new,) = settled["cards"]
    assert till.open(sale, new)["pin"] == "CANARY00000001"
    states = {each["card_id"]: each["state"] for each in till.read(sale).json["lines"][0]["cards"]}
    assert states == {card["card_id"]: "VOID", new["card_id"]: "DELIVERED"}
    ack(till, sale, [new["card_id"]], attempt=2)
    platform.clock.pass_by(hours=25)
    assert till.call("GET", f"/v1/claims/{told['claim_id']}").json["cards"] == []


def test_a_refund_fills_the_wallet(platform: Served, till: FakeTill) -> None:
    sale, cards = sell(till, 2)
    told = claim(till, sale, card_id=cards[0]["card_id"]).json
    platform.ask(
        platform.platform.after_sales.approve_claim(TWO, told["claim_id"], Grant(ClaimOutcome.REFUND))
    )
    settled = till.call("GET", f"/v1/claims/{told['claim_id']}").json
    assert settled["refund"] == {"minor": 9_500, "currency": "CNY"}
    assert settled["note"] == TWO.reason
    assert till.call("GET", "/v1/account").json["wallet"]["balance"]["minor"] == 1_000_000 - 9_500
    assert [each["card_id"] for each in till.step(sale, "confirm").json["cards"]] == [cards[1]["card_id"]]


def test_what_a_claim_is_refused_for(platform: Served, till: FakeTill) -> None:
    sale, (card,) = sell(till)
    text = {"kind": "text", "text": "x"}
    for wrong in (
        {"evidence": [text] * 11},
        {"evidence": [{**text, "text": "x" * 2001}]},
        {"evidence": [{**text, "kind": "file"}]},
        {"evidence": [{**text, "sha256": "a" * 64}]},
        {"evidence": [{**text, "kind": "file", "sha256": "A" * 64}]},
        {"evidence": [{**text, "text": till.open(sale, card)["pin"]}]},
        {"reason": "did not like it"},
        {"reason": "wrong_account"},
        {"person": "x" * 101},
        {"key": f"{sale}:claim:0"},
        {"key": f"{sale}:cancel:1"},
        {"key": f"{new_id()}:claim:1"},
        {"epoch": till.epoch + 1},
    ):
        reply = claim(till, sale, **{"card_id": card["card_id"], **wrong})
        assert (reply.status_code, reply.json["code"], reply.json["effect"]) == (
            400,
            "BAD_REQUEST",
            "none",
        ), wrong
    assert "CANARY" not in reply.body.decode()
    assert claim(till, new_id(), card_id=card["card_id"]).json["code"] == "NOT_FOUND"
    assert till.call("GET", f"/v1/claims/{new_id()}").json["code"] == "NOT_FOUND"
    told = claim(till, sale, card_id=card["card_id"]).json
    again = claim(till, sale, 2, card_id=card["card_id"])
    assert (again.status_code, again.json["details"]) == (
        409,
        {"state": "OPEN", "claim_id": told["claim_id"]},
    )
    assert claim(till, sale, card_id=card["card_id"], person="Li").json["code"] == "KEY_REUSED"
    platform.ask(platform.platform.after_sales.deny_claim(OWNER, told["claim_id"]))
    denied = till.call("GET", f"/v1/claims/{told['claim_id']}").json
    assert (denied["state"], denied["note"]) == ("DENIED", OWNER.reason)


@pytest.mark.slow
def test_an_operator_decides_by_commands(tmp_path: Path) -> None:
    with served(tmp_path) as platform:
        till = platform.till()
        sale, cards = sell(till, 3)
        secret = till.open(sale, cards[0])
        ids = [
            claim(till, sale, n + 1, card_id=card["card_id"]).json["claim_id"] for n, card in enumerate(cards)
        ]
    run = lambda *words: command(tmp_path, *words)  # noqa: E731
    assert "3 claims" in run("claims", "list").stdout
    assert "ASKED_SUPPLIER" in run("claims", "ask", ids[0], *BY).stdout
    alone = run("claims", "approve", ids[0], *BY, "--outcome", "refund")
    assert (alone.returncode, "second person" in alone.stderr) == (1, True)
    done = run("claims", "approve", ids[0], *BY, "--outcome", "refund", "--authoriser", "second")
    assert "refund: 9500 back" in done.stdout
    assert "DENIED" in run("claims", "deny", ids[1], *BY).stdout
    assert "seen at the desk" in run("claims", "show", ids[1]).stdout
    assert "1 claims" in run("claims", "list").stdout
    assert "3 claims" in run("claims", "list", "--all").stdout
    assert "0 cards" in run("quarantine", "list").stdout
    assert run("quarantine", "void", cards[1]["card_id"], *BY).returncode == 1
    assert run("quarantine", "release", cards[1]["card_id"], *BY, "--proof", "S").returncode == 1
    told = run("actions", "--limit", "2").stdout.splitlines()
    assert [line.split()[3] for line in told[:2]] == ["claim_denied", "claim_approved"]
    assert run("actions", "--kept", told[-1].removeprefix("head ")).returncode == 0
    assert run("actions", "--kept", "3:" + "0" * 64).returncode == 1
    by_sale = run("trace", "--sale", sale)
    assert (by_sale.returncode, by_sale.stdout.count("imported")) == (0, 3)
    traced = _trace_by_code(tmp_path, f"{secret['number']} {secret['pin']}\n")
    assert (traced[0]["state"], traced[0]["contradictions"]) == ("VOID", [])
    assert secret["pin"] not in json.dumps(traced) + by_sale.stdout
    assert run("trace", "--card", cards[2]["card_id"]).stdout.count("DELIVERED") == 1
    assert run("doctor").returncode == 0


def _trace_by_code(folder: Path, code: str) -> list[dict[str, Any]]:
    places = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    words = [sys.executable, "-m", "platform_server", "trace", "--code-stdin", "--json", *places]
    done = subprocess.run(
        words, cwd=ROOT, input=code, capture_output=True, text=True, check=True, timeout=100
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
