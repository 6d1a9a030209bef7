"""Every call and every refusal over a real socket, with real signatures."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard

from platform_server.app.money_wiring import money_flows
from platform_server.domain.actions import Authority
from platform_server.domain.money import Money
from platform_server.domain.pricing import PriceBreak, PriceRule
from platform_server.domain.scopes import TILL_SCOPES, Scope
from platform_server.domain.settlement_file import read_file
from platform_server.domain.tills import TillState, from_base64url
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.flows.cancel import Cancel
from platform_server.flows.put_products import OpenTopUps
from platform_server.settings import Settings
from platform_server.store.keys import StoreKeys
from platform_server.wire.documents import is_signed
from tests.fakes.platform_goods import lot, product
from tests.fakes.platform_process import Served, served, transport_to
from tests.fakes.platform_till import FakeTill, Reply, line_of, new_id


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with served(tmp_path, url=url) as running:
        yield running
        assert running.invariants() == []


@pytest.fixture
def till(platform: Served) -> FakeTill:
    return platform.till()


def goods(till: FakeTill) -> tuple[dict[str, Any], dict[str, Any]]:
    """The code product and the top-up as the catalogue tells them."""
    by_kind = {each["kind"]: each for each in till.catalogue()}
    return by_kind["code"], by_kind["top_up"]


def refused(reply: Reply, code: str, status: int, effect: str = "none") -> dict[str, Any]:
    told = reply.json
    assert (reply.status_code, told["code"], told["effect"]) == (status, code, effect), told
    assert reply.headers["content-type"] == "application/problem+json"
    assert set(told) == {"code", "message", "retryable", "effect", "server_time", "details"}
    details: dict[str, Any] = told["details"]
    return details


def test_a_sale_over_the_wire(platform: Served, till: FakeTill) -> None:
    card, air = goods(till)
    sale = new_id()
    lines = [line_of(card, quantity=2), line_of(air, "2", phone="13800138000")]
    reserved = till.reserve(sale, lines)
    assert reserved.status_code == 200
    assert [line["masked"] for line in reserved.json["lines"]] == [["****0000", "****0001"], []]
    assert till.call("GET", "/v1/account").json["wallet"]["held"] == {"minor": 23_950, "currency": "CNY"}
    sold = till.step(sale, "confirm")
    cards = sold.json["cards"]
    assert [till.open(sale, each)["pin"] for each in cards] == ["CANARY00000000", "CANARY00000001"]
    assert sold.json["top_ups"][0]["state"] == "ACCEPTED"
    platform.ask(platform.platform.run_top_ups())  # type: ignore[misc]
    told = till.read(sale).json
    assert (told["state"], told["top_ups"][0]["state"]) == ("SOLD", "OK")
    printed = [{"card_id": each["card_id"], "printed": "yes", "copies": 1} for each in cards]
    assert till.step(sale, "ack", cards=printed).json["state"] == "DELIVERED"
    again = till.step(sale, "confirm")
    assert again.is_replay
    assert [till.open(sale, each) for each in again.json["cards"]] == [till.open(sale, c) for c in cards]


def test_a_reversed_top_up_has_failed_to_the_till(platform: Served, till: FakeTill) -> None:
    _, air = goods(till)
    sale = new_id()
    till.reserve(sale, [line_of(air, phone="13800138000")])
    reference = till.step(sale, "confirm").json["top_ups"][0]["reference"]
    for state in (SupplierState.SUCCESS, SupplierState.REVERSED):
        platform.supplier.script.append(SupplierAnswer(state, "SO-1", "taken back"))
        platform.ask(platform.platform.run_top_ups())  # type: ignore[misc]
        platform.ask(platform.platform.call_for_top_up(reference))
    (told,) = till.read(sale).json["top_ups"]
    assert (told["state"], told["reason"]) == ("FAILED_FINAL", "taken back")
    assert till.call("GET", "/v1/account").json["wallet"]["balance"]["minor"] == 1_000_000


def test_every_refusal_of_a_sale(platform: Served, till: FakeTill) -> None:
    card, air = goods(till)
    reserve = lambda *lines: till.reserve(new_id(), list(lines))  # noqa: E731
    details = refused(reserve(line_of(card, quantity=6)), "SOLD_OUT", 409)
    assert details == {"line_id": "1", "product_id": card["id"], "wanted": 6, "left": 5}
    details = refused(reserve(line_of({**card, "version": 9})), "PRICE_CHANGED", 409)
    assert details == {"line_id": "1", "product": card}
    nobody = {**card, "id": new_id()}
    assert refused(reserve(line_of(nobody)), "PRODUCT_OFF", 409)["line_id"] == "1"
    details = refused(reserve(line_of(air, phone="1")), "FIELD_INVALID", 422)
    assert details == {"line_id": "1", "key": "phone", "validator": "phone_cn"}
    details = refused(reserve(line_of(card, quantity=11)), "LIMIT", 409)
    assert details == {"rule": "max", "line_id": "1", "most": 10}
    refused(till.read(new_id()), "NOT_FOUND", 404)
    sale = new_id()
    till.reserve(sale, [line_of(card)])
    refused(till.reserve(sale, [line_of(card, quantity=2)]), "KEY_REUSED", 422)
    details = refused(till.step(sale, "ack"), "FORBIDDEN", 409)
    assert details == {"state": "RESERVED"}
    till.step(sale, "cancel")
    refused(till.step(sale, "confirm"), "CANCELLED", 410)
    refused(till.call("GET", "/v1/nothing"), "NOT_FOUND", 404)
    refused(till.call("GET", "/v1/ledger"), "NOT_FOUND", 405)
    platform.ask(OpenTopUps(platform.platform.store.open_books)(False))
    refused(reserve(line_of(air, phone="13800138000")), "PRODUCT_OFF", 409)


def test_the_first_call_under_a_key_is_still_running(
    platform: Served, till: FakeTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, go_on = threading.Event(), threading.Event()
    cancel = Cancel.__call__

    async def slow(self: Cancel, *arguments: Any) -> Any:
        running.set()
        await asyncio.to_thread(go_on.wait, 20)
        return await cancel(self, *arguments)

    monkeypatch.setattr(Cancel, "__call__", slow)
    sale = new_id()
    with ThreadPoolExecutor(1) as pool, transport_to(platform.address) as other:
        first = pool.submit(till.step, sale, "cancel")
        assert running.wait(20)
        second = replace(till, transport=other)
        try:
            reply = second.step(sale, "cancel")
        finally:
            go_on.set()
        assert first.result(20).status_code == 200
    refused(reply, "IN_PROGRESS", 409)
    assert reply.headers["retry-after"] == "1"


def test_an_empty_wallet(platform: Served, till: FakeTill) -> None:
    costly = product(new_id(), wholesale=product().wholesale * 200)
    platform.ask(platform.platform.put_products([costly]))
    platform.ask(platform.platform.import_codes([lot(1, costly.id, 50)]))
    (told,) = [each for each in till.catalogue() if each["id"] == costly.id]
    details = refused(till.reserve(new_id(), [line_of(told)]), "WALLET_EMPTY", 409)
    assert details["needed"] == {"minor": 1_900_000, "currency": "CNY"}
    assert details["available"] == {"minor": 1_000_000, "currency": "CNY"}


def test_an_expired_reservation(platform: Served, till: FakeTill) -> None:
    card, _ = goods(till)
    sale = new_id()
    till.reserve(sale, [line_of(card, quantity=5)])
    platform.clock.pass_by(minutes=10)
    assert till.read(sale).json["state"] == "EXPIRED"
    till.reserve(new_id(), [line_of(card)])
    refused(till.step(sale, "confirm"), "EXPIRED", 409)


def test_a_cancel_that_came_too_late(till: FakeTill) -> None:
    card, _ = goods(till)
    sale = new_id()
    till.reserve(sale, [line_of(card)])
    (sold,) = till.step(sale, "confirm").json["cards"]
    till.step(sale, "ack", cards=[{"card_id": sold["card_id"], "printed": "unknown", "copies": 1}])
    assert refused(till.step(sale, "cancel"), "FORBIDDEN", 409, "done") == {"state": "DELIVERED"}


def test_a_lost_answer_of_the_supplier(platform: Served, till: FakeTill) -> None:
    _, air = goods(till)
    sale = new_id()
    till.reserve(sale, [line_of(air, phone="13800138000")])
    till.step(sale, "confirm")
    platform.supplier.script.extend([None, SupplierAnswer(SupplierState.FAILED, None, "no such number")])
    for state in ("UNKNOWN", "FAILED_FINAL"):
        platform.ask(platform.platform.run_top_ups())  # type: ignore[misc]
        platform.clock.pass_by(minutes=2)
        assert till.read(sale).json["top_ups"][0]["state"] == state
    assert list(platform.supplier.orders.values()) == [1]
    assert till.call("GET", "/v1/account").json["wallet"]["balance"]["minor"] == 1_000_000


def test_an_enrolment_is_answered_again_and_never_twice(platform: Served) -> None:
    till = platform.till(is_enrolled=False)
    first, again = till.enrol(), till.enrol()
    assert again.is_replay
    assert {**first.json, "server_time": ""} == {**again.json, "server_time": ""}
    thief = FakeTill(platform.transport, till.code, now=till.now)
    refused(thief.enrol(), "KEY_REUSED", 422)
    stranger = platform.till(is_enrolled=False)
    stranger.secret = b"0" * 16
    refused(stranger.enrol(), "NOT_FOUND", 404)
    body = json.loads(stranger.build("POST", "/v1/enrolments", {}).body or b"{}")
    assert body == {}


def test_keys_that_belong_to_another_call(till: FakeTill) -> None:
    card, _ = goods(till)
    sale, other = new_id(), new_id()
    body = {
        "epoch": 1,
        "business_date": "2026-11-22",
        "lines": [line_of(card)],
        "ledger": {"seq": 0, "head": "0" * 32},
    }
    path = f"/v1/reservations/{sale}"
    for key in (f"{other}:reserve:1", f"{sale}:confirm:1", f"{sale}:reserve:0", "x"):
        refused(till.call("PUT", path, body, key=key), "BAD_REQUEST", 400)
    refused(
        till.call("PUT", path, {**body, "business_date": "2026-02-30"}, key=f"{sale}:reserve:1"),
        "BAD_REQUEST",
        400,
    )
    ledger = {"epoch": 1, "from_seq": 1, "entries": []}
    refused(till.call("POST", "/v1/ledger", ledger, key="x"), "BAD_REQUEST", 400)


def test_bodies_that_are_not_of_the_form(till: FakeTill) -> None:
    sale = new_id()
    path, key = f"/v1/reservations/{sale}", f"{sale}:reserve:1"
    for body in (b"{", b"[]", b"", b'{"a": 1.5}', b'{"a": 1, "a": 2}', b"<html>", b"\xff", b"[" * 100_000):
        details = refused(till.call("PUT", path, body, key=key), "BAD_REQUEST", 400)
        assert details["errors"]
    details = refused(till.reserve(sale, [{"line_id": "1", "quantity": "1"}]), "BAD_REQUEST", 400)
    assert "body.lines.0.quantity" in [error["where"] for error in details["errors"]]
    refused(till.call("GET", "/v1/reservations/NOT-AN-ID"), "BAD_REQUEST", 400)
    refused(till.call("GET", "/v1/catalogue?limit=2001"), "BAD_REQUEST", 400)
    refused(till.call("GET", "/v1/catalogue?cursor=x"), "BAD_REQUEST", 400)


def test_a_ledger_over_the_wire(till: FakeTill) -> None:
    entry = {
        "till": till.till_id,
        "epoch": 1,
        "seq": 1,
        "prev": "0" * 32,
        "at": "2026-11-22T06:15:29.123456Z",
        "business_date": "2026-11-22",
        "kind": "note",
        "body": {"deep": [{"text": "\u5361"}]},
        "later": "a field of a later till is kept in the chain",
    }
    key = f"{till.till_id}:ledger:1"
    told = till.call("POST", "/v1/ledger", {"epoch": 1, "from_seq": 1, "entries": [entry]}, key=key).json
    assert told["acked_seq"] == told["checkpoint"]["seq"] == 1
    forged = {"epoch": 1, "from_seq": 1, "entries": [{**entry, "kind": "forged"}]}
    assert refused(till.call("POST", "/v1/ledger", forged, key=key), "KEY_REUSED", 422) == {"seq": 1}
    wrong = {"epoch": 1, "from_seq": 1, "entries": [{**entry, "seq": 2}]}
    refused(till.call("POST", "/v1/ledger", wrong, key=key), "BAD_REQUEST", 400)


def test_a_settled_day_is_read_by_a_key_of_its_shop_that_may(platform: Served) -> None:
    refused(platform.till().call("GET", "/v1/settlements?date=2026-11-22"), "FORBIDDEN", 403)
    till = platform.till(scopes=TILL_SCOPES | {Scope.SETTLEMENT})
    card, _ = goods(till)
    sale = new_id()
    till.reserve(sale, [line_of(card, quantity=2)])
    till.step(sale, "confirm")
    refused(till.call("GET", "/v1/settlements?date=2026-11-22"), "NOT_FOUND", 404)
    platform.clock.pass_by(days=1)
    platform.ask(money_flows(platform.platform).make_settlement(till.shop_id, date(2026, 11, 22)))
    told = till.call("GET", "/v1/settlements?date=2026-11-22").json
    assert (told["count"], told["charged"]) == (1, {"minor": 19_000, "currency": "CNY"})
    file = read_file(told["file"].encode())
    assert (file.faults, file.digest, file.keyid) == ((), told["sha256"], told["keyid"])
    assert is_signed(file.message, file.signature, till.platform_key)
    assert from_base64url(told["signature"]) == file.signature
    for wrong in ("?date=2026-13-01", "?date=x", ""):
        refused(till.call("GET", f"/v1/settlements{wrong}"), "BAD_REQUEST", 400)


def test_a_shop_with_a_price_tier_sees_its_own_prices(platform: Served, till: FakeTill) -> None:
    card, _ = goods(till)
    money = money_flows(platform.platform)
    by = Authority("ann", "agreed")
    rule = PriceRule("product", card["id"], (PriceBreak(1, Money(9_700, "CNY")),))
    platform.ask(money.put_tier("gold", [rule], by))
    platform.ask(money.assign_tier(till.shop_id, "gold", by))
    details = refused(till.reserve(new_id(), [line_of(card)]), "PRICE_CHANGED", 409)
    dearer = {**card, "wholesale": {"minor": 9_700, "currency": "CNY"}}
    assert details == {"line_id": "1", "product": dearer}
    assert goods(till)[0] == dearer
    reserved = till.reserve(new_id(), [line_of(dearer)]).json
    assert reserved["lines"][0]["unit_cost"] == dearer["wholesale"]


def test_a_clock_that_is_wrong_is_told_the_time(platform: Served, till: FakeTill) -> None:
    right = till.now
    till.now = lambda: right() - 4_000
    details = refused(till.call("GET", "/v1/account"), "CLOCK", 401)
    assert details == {"skew_s": -4_000}
    till.now = lambda: right() + 299
    assert till.call("GET", "/v1/account").status_code == 200


def test_a_request_heard_before(till: FakeTill) -> None:
    message = till.build("GET", "/v1/account")
    assert till.send(message).status_code == 200
    refused(till.send(message), "REPLAY", 401)


def test_a_revoked_till(platform: Served, till: FakeTill) -> None:
    async def revoke() -> None:
        async with platform.platform.store.open_books() as books:
            known = await books.tills.find(till.till_id)
            assert known
            await books.tills.save(replace(known, state=TillState.REVOKED))
            await books.commit()

    platform.ask(revoke())
    refused(till.call("GET", "/v1/account"), "REVOKED", 401)


def test_a_renewed_till_fences_its_former_self(platform: Served, till: FakeTill) -> None:
    renewed = platform.till(renew="T1")
    assert (renewed.till_id, renewed.epoch) == (till.till_id, 2)
    assert refused(till.call("GET", "/v1/account"), "EPOCH_FENCED", 409) == {"epoch": 2}
    card, _ = goods(renewed)
    renewed.epoch = 1
    assert refused(renewed.reserve(new_id(), [line_of(card)]), "EPOCH_FENCED", 409) == {"epoch": 2}
    stranger = FakeTill(platform.transport, till.code, till_id=till.till_id, now=till.now)
    refused(stranger.send(stranger.build("GET", "/v1/account"), is_bound=False), "SIGNATURE", 401)


def test_a_cancel_is_repeated_under_a_later_epoch(platform: Served, till: FakeTill) -> None:
    """Its answer was lost, and the till was enrolled anew since."""
    card, _ = goods(till)
    sale_id = new_id()
    till.reserve(sale_id, [line_of(card)])
    assert till.step(sale_id, "cancel").status_code == 200
    renewed = platform.till(renew="T1")
    again = renewed.step(sale_id, "cancel")
    assert (again.status_code, again.json["state"]) == (200, "CANCELLED")
    refused(renewed.step(sale_id, "cancel", reason="another"), "KEY_REUSED", 422)


@pytest.mark.parametrize("accepts", ["zstd, gzip", "gzip;q=0.5, br", "identity", "zstd;q=0, gzip;q=0"])
def test_the_digest_is_over_what_travels(platform: Served, till: FakeTill, accepts: str) -> None:
    message = till.build("GET", "/v1/catalogue")
    message.headers["accept-encoding"] = accepts
    reply = till.send(message)
    packing = reply.headers.get("content-encoding")
    assert packing == (
        "zstd" if accepts.startswith("zstd, ") else "gzip" if accepts.startswith("gzip") else None
    )
    plain = reply.body
    if packing == "zstd":
        plain = zstandard.ZstdDecompressor().decompressobj().decompress(reply.body)
    elif packing == "gzip":
        plain = gzip.decompress(reply.body)
    assert len(json.loads(plain)["products"]) == 2


def test_open_doors_and_bugs(platform: Served, till: FakeTill, monkeypatch: pytest.MonkeyPatch) -> None:
    status, _, body = platform.transport("GET", platform.address + "/health", {}, b"")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert platform.transport("GET", platform.address + "/openapi.json", {}, b"")[0] == 200

    async def broken(*_: Any) -> None:
        raise ZeroDivisionError("CANARY")

    monkeypatch.setattr("platform_server.flows.read_account.ReadAccount.__call__", broken)
    reply = till.call("GET", "/v1/account")
    refused(reply, "UNAVAILABLE", 503, "unknown")
    assert b"CANARY" not in reply.body


def test_too_much(tmp_path: Path) -> None:
    settings = Settings(calls_burst=5, calls_per_s=1, body_most=10_000)
    with served(tmp_path, settings) as platform:
        till = platform.till()
        sale = new_id()
        message = till.build("POST", f"/v1/reservations/{sale}/cancel", b"x" * 10_001, key=f"{sale}:cancel:1")
        try:
            reply = till.send(message, is_bound=False)
        except OSError:
            pytest.skip("the answer came while the body was still on its way")
        refused(reply, "BAD_REQUEST", 413)
        replies = [till.transport("GET", platform.address + "/health", {}, b"") for _ in range(6)]
        assert replies[-1][0] == 429
        assert replies[-1][1]["retry-after"] == "1"
        platform.clock.at += timedelta(seconds=5)
        assert till.call("GET", "/v1/account").status_code == 200


def test_keys_show_nothing() -> None:
    keys = StoreKeys(b"CANARY", b"CANARY", b"CANARY", b"CANARY")
    assert "CANARY" not in f"{keys} {keys!r}"
