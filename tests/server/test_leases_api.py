"""Leases over a real socket, and the operator's commands about them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.scopes import Scope
from tests.fakes.platform_process import Served, command, served
from tests.fakes.platform_till import FakeTill, new_id

BY = ("--by", "owner", "--reason", "the till is gone")


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with served(tmp_path, url=url) as running:
        yield running
        assert running.invariants() == []


def card_of(till: FakeTill) -> str:
    (card,) = [each["id"] for each in till.catalogue() if each["kind"] == "code"]
    return str(card)


def sell(till: FakeTill, lease: str, card: dict[str, Any]) -> str:
    """At the counter, while nobody answers."""
    sale = new_id()
    named = [{"lease_id": lease, "card_id": card["card_id"]}]
    line = {"line_id": "1", "product_id": card["product_id"], "quantity": 1, "leased": named}
    till.write("sale_paid", {"sale_id": sale, "lines": [line]})
    return sale


def test_a_day_without_the_platform(platform: Served) -> None:
    till, lease = platform.till(), new_id()
    product = card_of(till)
    granted = till.lease(lease, {product: 3})
    told = granted.json
    assert (granted.status_code, told["lease_id"], told["state"]) == (200, lease, "OPEN")
    assert told["caps"] == {"most": 100, "most_amount": {"minor": 500_000, "currency": "CNY"}}
    cards = told["cards"]
    secrets = [till.open_leased(lease, card)["pin"] for card in cards]
    assert sorted(secrets) == ["CANARY00000000", "CANARY00000001", "CANARY00000002"]
    again = till.lease(lease, {product: 3})
    assert again.is_replay
    assert [till.open_leased(lease, card)["pin"] for card in again.json["cards"]] == secrets
    (mine,) = till.call("GET", "/v1/account").json["leases"]
    assert (mine["leased"], mine["held"]["minor"]) == (3, 28_500)
    sell(till, lease, cards[0])
    till.write("lease_returned", {"lease_id": lease, "card_ids": [cards[1]["card_id"]]})
    assert till.push().json["acked_seq"] == 2
    back = till.give_back(lease, [cards[1]["card_id"]])
    assert (back.status_code, back.json["state"]) == (200, "OPEN")
    assert till.give_back(lease, [cards[1]["card_id"]]).is_replay
    sold = till.give_back(lease, [cards[0]["card_id"]], attempt=2)
    assert (sold.status_code, sold.json["code"]) == (409, "FORBIDDEN")
    account = till.call("GET", "/v1/account").json
    assert account["wallet"]["balance"]["minor"] == 990_500
    (mine,) = account["leases"]
    assert [mine[name] for name in ("leased", "sold", "returned", "quarantined")] == [1, 1, 1, 0]


def test_a_till_that_is_enrolled_anew(platform: Served) -> None:
    till, lease = platform.till(), new_id()
    product = card_of(till)
    till.lease(lease, {product: 2})
    newer = platform.till(renew="T1")
    assert till.lease(lease, {product: 2}).json["code"] == "EPOCH_FENCED"
    (mine,) = newer.call("GET", "/v1/account").json["leases"]
    assert (mine["state"], mine["quarantined"], mine["held"]["minor"]) == ("FENCED", 2, 19_000)
    assert newer.lease(new_id(), {product: 1}).json["state"] == "OPEN"


def test_what_a_lease_is_refused_for(platform: Served) -> None:
    till, lease = platform.till(), new_id()
    product = card_of(till)
    for plan, code, status in (
        ({}, "BAD_REQUEST", 400),
        ({product: -1}, "BAD_REQUEST", 400),
        ({"x": 1}, "BAD_REQUEST", 400),
        ({new_id(): 1}, "PRODUCT_OFF", 409),
        ({product: 101}, "LIMIT", 409),
    ):
        refused = till.lease(lease, plan)
        assert (refused.status_code, refused.json["code"], refused.json["effect"]) == (status, code, "none")
    wrong = till.call(
        "PUT", f"/v1/leases/{lease}", {"epoch": 1, "plan": {product: 1}}, key=f"{lease}:reserve:1"
    )
    assert wrong.json["code"] == "BAD_REQUEST"
    till.write("noted", {})
    assert till.give_back(lease, [new_id()]).json["code"] == "NOT_FOUND"
    poor = platform.till(scopes=frozenset({Scope.SELL}))
    assert poor.lease(lease, {product: 1}).json["details"] == {"scope": "leases"}


@pytest.mark.slow
def test_an_operator_settles_a_lease_by_commands(tmp_path: Path) -> None:
    with served(tmp_path) as platform:
        till, lease = platform.till(), new_id()
        cards = till.lease(lease, {card_of(till): 3}).json["cards"]
        sell(till, lease, cards[0])
        till.push()
    run = lambda *words: command(tmp_path, *words)  # noqa: E731
    listed = run("leases", "list").stdout
    ours = listed.split()[0]
    assert "OPEN" in listed
    assert "2 leased, 1 sold" in listed
    assert "2 cards are in quarantine" in run("leases", "quarantine", ours, *BY).stdout
    charged = run("leases", "settle", ours, *BY, "--as", "sold", "--card", cards[1]["card_id"])
    assert "1 cards are charged" in charged.stdout
    freed = run("leases", "settle", ours, *BY, "--as", "unsold", "--proof", "S-1")
    assert "1 cards are void, their money is free" in freed.stdout
    assert "SETTLED" in run("leases", "list", "--all").stdout
