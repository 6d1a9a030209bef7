"""Rules through the real doors: signed HTTP from many tills at once, and the commands an operator types."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from platform_server.app.cli import main
from platform_server.domain.actions import Authority
from platform_server.domain.policies import read_policy
from platform_server.domain.policy_defaults import default_policies
from tests.fakes.platform_process import Served, served, transport_to
from tests.fakes.platform_till import FakeTill, Reply, line_of, new_id

BY = Authority("test", "to see what happens")
WHY = ("--reason", "counsel said so", "--actor", "li")
AT_ONCE, MOST, TILLS, CARDS = 32, 10, 4, 50


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with served(tmp_path, cards=CARDS, url=url) as up:
        yield up
        assert up.invariants() == []


def card_of(till: FakeTill) -> dict[str, Any]:
    return next(each for each in till.catalogue() if each["kind"] == "code")


def put(platform: Served, kind: str, **parameters: Any) -> None:
    told = {"id": kind, "scope": "platform", "kind": kind, "parameters": parameters}
    platform.ask(platform.platform.keep_policies.put([read_policy(told)], BY))


def limit(reply: Reply) -> dict[str, Any]:
    assert (reply.status_code, reply.json["code"], reply.json["effect"]) == (409, "LIMIT", "none"), reply.body
    details: dict[str, Any] = reply.json["details"]
    return details


@pytest.mark.parametrize("window", ["day", 600])
def test_of_32_at_once_exactly_10_are_sold(platform: Served, window: str | int) -> None:
    put(platform, "velocity", per="shop", window=window, most=MOST)
    tills = [platform.till() for _ in range(TILLS)]
    line = line_of(card_of(tills[0]))

    def buy(number: int) -> Reply:
        with transport_to(platform.address) as transport:
            return replace(tills[number % TILLS], transport=transport).reserve(new_id(), [line])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(buy, range(AT_ONCE)))
    sold = [reply for reply in replies if reply.status_code == 200]
    refused = [limit(reply) for reply in replies if reply.status_code != 200]
    assert (len(sold), len(refused)) == (MOST, AT_ONCE - MOST)
    assert {(each["rule"], each["most"]) for each in refused} == {("velocity_shop", MOST)}
    with transport_to(platform.address) as fresh:  # the first connection may have been idle for too long
        tills = [replace(till, transport=fresh) for till in tills]
        assert card_of(tills[0])["stock"] == CARDS - MOST
        sale = sold[0].json["sale_id"]
        owner = next(each for each in tills if each.read(sale).status_code == 200)
        owner.step(sale, "cancel")
        assert tills[0].reserve(new_id(), [line]).status_code == 200
        limit(tills[0].reserve(new_id(), [line]))


def test_a_refusal_says_all_that_a_sentence_needs(platform: Served) -> None:
    platform.ask(platform.platform.keep_policies.install(default_policies()))
    till = platform.till()
    line = line_of(card_of(till), quantity=6)
    details = limit(till.reserve(new_id(), [line]))
    assert details == {
        "rule": "sale_codes",
        "line_id": None,
        "most": 5,
        "most_amount": None,
        "until": None,
        "needs": "supervisor",
    }
    asker: dict[str, Any] = {"customer_token": "13800138000", "cashier": "li", "approved_by": "boss"}
    assert till.reserve(new_id(), [line], **asker).status_code == 200
    minor = limit(till.reserve(new_id(), [line_of(card_of(till))], answers={"age": 12, "later": 1}))
    assert (minor["rule"], minor["most_amount"]) == ("minor_sale", {"minor": 5_000, "currency": "CNY"})
    put(platform, "velocity", per="till", window=600, most=0)
    assert limit(till.reserve(new_id(), [line_of(card_of(till))]))["until"] == "2026-11-22T06:25:29.123456Z"
    wrong = till.reserve(new_id(), [line], answers={"purpose": "magic"})
    assert wrong.json["code"] == "BAD_REQUEST"


def test_codes_that_come_later_say_when(platform: Served) -> None:
    put(platform, "cooling", at_least={"minor": 10_000, "currency": "CNY"}, minutes=30)
    till = platform.till()
    sale = new_id()
    opens_at = "2026-11-22T06:45:29.123456Z"
    assert till.reserve(sale, [line_of(card_of(till))]).json["cooling_until"] == opens_at
    assert till.read(sale).json["reveal_at"] is None
    sold = till.step(sale, "confirm").json
    assert (sold["state"], sold["cards"], sold["reveal_at"], sold["frozen"]) == ("SOLD", [], opens_at, False)
    platform.ask(platform.platform.freeze_sale.freeze(sale, "police", BY))
    told = till.read(sale).json
    assert (told["state"], told["reveal_at"], told["frozen"]) == ("SOLD", opens_at, True)
    platform.ask(platform.platform.freeze_sale.thaw(sale, BY))
    platform.clock.pass_by(minutes=30)
    (card,) = till.step(sale, "confirm").json["cards"]
    assert till.open(sale, card)["pin"].startswith("CANARY")
    assert till.read(sale).json["reveal_at"] is None
    other = new_id()
    till.reserve(other, [line_of(card_of(till))])
    till.step(other, "confirm")
    platform.ask(platform.platform.freeze_sale.freeze(other, "operator", BY))
    platform.ask(platform.platform.freeze_sale.refund(other, BY))
    assert till.step(other, "confirm").json["code"] == "CANCELLED"


@pytest.fixture
def typed(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str, str]]:
    """A command typed in this process: exit code, what it said, what it complained."""
    monkeypatch.setattr("platform_server.app.logs.start_logs", lambda *_, **__: None)

    def run(*arguments: str, text: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        url = request.getfixturevalue("postgres_url") if "postgres" in request.node.name else None
        places = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
        code = main([*arguments, *places, *(["--database", url] if url else [])])
        return code, *capsys.readouterr()

    return run


def test_an_operator_keeps_rules_by_hand(typed: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    listed = typed("policies", "list")[1].splitlines()
    assert [json.loads(line)["id"] for line in listed] == sorted(each.id for each in default_policies())
    file = tmp_path / "policies.json"
    file.write_text(f"[{listed[0]}]", "utf-8")
    assert typed("policies", "put", str(file), *WHY)[1] == "1 policies put\n"
    for text, says in (
        ('[{"id": "x", "scope": "platform", "kind": "magic"}]', "X: kind is one of"),
        ("{}", "The f"),
    ):
        file.write_text(text, "utf-8")
        code, _, complaint = typed("policies", "put", str(file), *WHY)
        assert (code, complaint[: len(says)]) == (1, says)
    assert typed("policies", "off", "sale-size", *WHY)[1] == "sale-size is off\n"
    assert typed("policies", "off", "nothing", *WHY)[0] == 1
    add = ("blocklist", "add", "destination_block", "--note", "scam", *WHY)
    assert typed(*add, "--until", "2030-01-01", text="1")[0] == 1
    mark = typed(*add, "--until", "2030-01-01T00:00+08:00", text="13900139000\n")[1].strip()
    assert len(mark) == 64
    assert typed("blocklist", "list")[1].startswith(f"destination_block {mark} until 20")
    assert typed("blocklist", "remove", "destination_block", *WHY, text=mark)[1] == "removed\n"
    assert typed("freeze", "add", new_id(), "--reason", "odd")[0] == 1


def test_an_operator_freezes_a_sale_beside_the_server(
    platform: Served, typed: Callable[..., tuple[int, str, str]]
) -> None:
    put(platform, "cooling", at_least={"minor": 10_000, "currency": "CNY"}, minutes=30)
    till, sale = platform.till(), new_id()
    till.reserve(sale, [line_of(card_of(till))])
    till.step(sale, "confirm")
    freeze = ("freeze", "add", sale, "--by", "police", "--reason", "case 7")
    assert typed(*freeze)[1] == f"{sale} is SOLD and frozen\n"
    assert typed("freeze", "list")[1] == f"{sale} SOLD police: case 7\n"
    assert typed("freeze", "refund", sale, "--reason", "victim")[1].startswith(f"{sale} is CANCELLED")
    assert till.step(sale, "confirm").json["code"] == "CANCELLED"
