"""Keys that follow one another, that end, that are withdrawn, and that may do only what they are for."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.app.wiring import build_web
from platform_server.domain.actions import Authority
from platform_server.domain.errors import BadRequest, EpochFenced, Forbidden, NotFound, Revoked
from platform_server.domain.scopes import TILL_SCOPES, Scope, parse_scopes, write_scopes
from platform_server.domain.till_keys import TillKey
from platform_server.flows.follow_key import FollowKey
from platform_server.flows.withdraw import ListTills, RevokeKey, RevokeTill
from platform_server.routes.buckets import Buckets
from platform_server.routes.scopes import CALLS, check_scope
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import FakeTill, b64, line_of, new_id
from tests.fakes.platform_world import START, HandClock
from tests.server.conftest import Counter
from tests.server.test_api import refused

pytestmark = pytest.mark.anyio
DAY = timedelta(hours=24)
BY = Authority("Ann", "the PC was stolen")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
        assert running.invariants() == []


async def with_key(counter: Counter) -> FollowKey:
    await counter.open()
    async with counter.open_books() as books:
        await books.till_keys.save(TillKey("till", "till", b"s" * 32, TILL_SCOPES, 2, counter.clock.now()))
        await books.commit()
    return FollowKey(counter.open_books, counter.clock, counter.ids, DAY)


async def test_one_key_follows_another_and_both_are_good_for_a_day(counter: Counter) -> None:
    rotate = await with_key(counter)
    first = await rotate(counter.caller, "till", 2, b"n" * 32)
    again = await rotate(counter.caller, "till", 2, b"n" * 32)
    assert (first.is_replay, again.is_replay, again.key) == (False, True, first.key)
    assert first.former_ends_at == again.former_ends_at == counter.clock.now() + DAY
    assert (first.key.scopes, first.key.not_after, len(first.key.keyid)) == (TILL_SCOPES, None, 36)
    async with counter.peek_books() as books:
        former, follower = await books.till_keys.find("till"), await books.till_keys.find(first.key.keyid)
        assert len(await books.till_keys.of_till("till")) == 2
    former.check(counter.clock.now() + DAY - timedelta(microseconds=1))
    follower.check(counter.clock.now() + DAY)
    with pytest.raises(Revoked):
        former.check(counter.clock.now() + DAY)
    with pytest.raises(Revoked):
        follower.check(counter.clock.now() - timedelta(seconds=1))
    with pytest.raises(EpochFenced):
        replace(follower, till=replace(follower.till, epoch=3)).check(counter.clock.now())


async def test_a_key_is_followed_by_one_other_only(counter: Counter) -> None:
    rotate = await with_key(counter)
    with pytest.raises(BadRequest):
        await rotate(counter.caller, "till", 2, b"s" * 32)  # by itself
    followed = await rotate(counter.caller, "till", 2, b"n" * 32)
    with pytest.raises(Forbidden) as caught:
        await rotate(counter.caller, "till", 2, b"m" * 32)  # whoever stole the first cannot stay
    assert caught.value.details == {"state": "FOLLOWED"}
    with pytest.raises(BadRequest):
        await rotate(counter.caller, followed.key.keyid, 2, b"s" * 32)  # by one that it had before
    assert (await rotate(counter.caller, followed.key.keyid, 2, b"m" * 32)).key.not_after is None
    with pytest.raises(EpochFenced):
        await rotate(counter.caller, "till", 1, b"o" * 32)
    with pytest.raises(Revoked):
        await rotate(counter.caller, "gone", 2, b"o" * 32)


async def test_of_two_keys_that_would_follow_at_once_one_does(counter: Counter) -> None:
    rotate = await with_key(counter)
    keys = [bytes([number]) * 32 for number in range(6)]
    told = await asyncio.gather(
        *(rotate(counter.caller, "till", 2, key) for key in keys), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in told) == ["Followed"] + ["Forbidden"] * 5
    async with counter.peek_books() as books:
        assert len(await books.till_keys.of_till("till")) == 2


async def test_a_key_and_a_till_are_withdrawn(counter: Counter) -> None:
    rotate = await with_key(counter)
    followed = await rotate(counter.caller, "till", 2, b"n" * 32)
    revoke = RevokeKey(counter.open_books, counter.clock)
    revoked = await revoke("till", BY)
    counter.clock.pass_by(seconds=5)
    assert await revoke("till", BY) == revoked
    async with counter.peek_books() as books:
        holder, other = await books.till_keys.find("till"), await books.till_keys.find(followed.key.keyid)
    with pytest.raises(Revoked):
        holder.check(counter.clock.now())
    other.check(counter.clock.now())
    with pytest.raises(NotFound):
        await revoke("gone", BY)
    assert (await RevokeTill(counter.open_books, counter.clock)("shop", "TILL", BY)).state.value == "REVOKED"
    with pytest.raises(NotFound):
        await RevokeTill(counter.open_books, counter.clock)("shop", "T9", BY)
    listed = await ListTills(counter.peek_books)("shop")
    assert [(till.code, till.state.value, len(keys)) for till, keys in listed] == [
        ("OTHER", "ACTIVE", 0),
        ("TILL", "REVOKED", 2),
    ]


def test_over_the_wire_a_key_follows_and_the_first_ends(platform: Served) -> None:
    till, new = platform.till(), Ed25519PrivateKey.generate()
    told = till.follow(new)
    assert told.status_code == 201
    assert (told.json["scopes"], told.is_replay) == (["claims", "leases", "read", "sell"], False)
    assert till.follow(new).is_replay
    after = replace(till, sign_key=new, keyid=told.json["keyid"])
    for each in (till, after):
        assert each.call("GET", "/v1/account").status_code == 200
    sale = new_id()
    (card,) = [product for product in after.catalogue() if product["kind"] == "code"]
    after.reserve(sale, [line_of(card)])
    (sold,) = till.step(sale, "confirm").json["cards"]  # one sale, two keys of the same till
    assert after.open(sale, sold)["pin"] == "CANARY00000000"
    platform.clock.pass_by(hours=24)
    refused(till.call("GET", "/v1/account"), "REVOKED", 401)
    assert after.call("GET", "/v1/account").status_code == 200
    renewed = platform.till(renew="T1")
    refused(after.call("GET", "/v1/account"), "EPOCH_FENCED", 409)
    assert renewed.call("GET", "/v1/account").status_code == 200


def test_a_new_key_is_proved_and_belongs_to_the_call(platform: Served) -> None:
    till, new, other = platform.till(), Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    strange = b64(other.sign(b"something else"))
    assert refused(till.follow(new, proof=strange), "BAD_REQUEST", 400)["errors"][0]["where"] == "body.proof"
    refused(till.call("POST", "/v1/keys", {"epoch": 1}, key="x"), "BAD_REQUEST", 400)
    key = b64(new.public_key().public_bytes_raw())
    body = {"epoch": 1, "sign_key": key, "proof": b64(b"0" * 64)}
    refused(till.call("POST", "/v1/keys", body, key="x"), "BAD_REQUEST", 400)
    swapped = replace(till, keyid="", sign_key=new)
    refused(swapped.send(swapped.build("GET", "/v1/account"), is_bound=False), "SIGNATURE", 401)


def test_withdrawn_at_one_process_refused_at_the_other(platform: Served) -> None:
    """Another server over the same database hears of it with its next call: nothing is remembered."""
    till, new = platform.till(), Ed25519PrivateKey.generate()
    keyid = till.follow(new).json["keyid"]
    after = replace(till, sign_key=new, keyid=keyid)
    second = build_web(platform.platform)
    assert asgi(platform, second, after) == (200, None)
    platform.ask(platform.platform.doors.revoke_key(keyid, BY))
    platform.clock.pass_by(seconds=59)
    assert asgi(platform, second, after) == (401, "REVOKED")
    assert asgi(platform, second, till) == (200, None)
    shop_id = till.shop_id
    platform.ask(platform.platform.doors.revoke_till(shop_id, "T1", BY))
    assert asgi(platform, second, till) == (401, "REVOKED")
    renewed = platform.till(renew="T1")
    refused(renewed.call("GET", "/v1/account"), "REVOKED", 401)


def asgi(platform: Served, app: Any, till: FakeTill) -> tuple[int, str | None]:
    """One GET of the account at that application, without a socket."""
    message = till.build("GET", "/v1/account")
    told: dict[str, Any] = {}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(event: dict[str, Any]) -> None:
        told.update(event)

    headers = [(name.lower().encode(), value.encode()) for name, value in message.headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/v1/account", "raw_path": b"/v1/account"}
    scope |= {"query_string": b"", "scheme": "http", "headers": headers, "client": ("127.0.0.1", 1)}
    platform.ask(app({**scope, "root_path": "", "http_version": "1.1"}, receive, send))
    return told["status"], json.loads(told["body"]).get("code")


def test_a_key_does_only_what_it_is_for(platform: Served) -> None:
    auditor = platform.till(scopes=frozenset({Scope.READ, Scope.SETTLEMENT}))
    (card, _) = auditor.catalogue()
    assert auditor.call("GET", "/v1/account").status_code == 200
    assert refused(auditor.reserve(new_id(), [line_of(card)]), "FORBIDDEN", 403) == {"scope": "sell"}
    assert refused(auditor.step(new_id(), "cancel"), "FORBIDDEN", 403) == {"scope": "sell"}
    assert refused(auditor.call("GET", "/v1/%63laims/x"), "FORBIDDEN", 403) == {"scope": "claims"}
    assert refused(auditor.be_called_at(None), "FORBIDDEN", 403) == {"scope": "sell"}
    refused(auditor.call("GET", "/v1/settlements/x"), "NOT_FOUND", 404)
    new = Ed25519PrivateKey.generate()
    assert auditor.follow(new).json["scopes"] == ["read", "settlement"]  # a key never grows
    till = platform.till()
    assert refused(till.call("GET", "/v1/settlements"), "FORBIDDEN", 403) == {"scope": "settlement"}


def test_every_call_has_its_scope(platform: Served) -> None:
    paths = json.loads(platform.transport("GET", platform.address + "/openapi.json", {}, b"")[2])["paths"]
    words = {path.split("/")[2] for path in paths if path.startswith("/v1/")} - {"enrolments"}
    assert words <= set(CALLS)
    nothing = TillKey("k", "t", b"", frozenset(), 1, START)
    for word in [*words, "unknown"]:
        for method in ("GET", "PUT"):
            with pytest.raises(Forbidden):
                check_scope(nothing, method, f"/v1/{word}/x")


def test_scopes_have_one_spelling() -> None:
    assert parse_scopes(" settlement, read ,") == {Scope.READ, Scope.SETTLEMENT}
    assert write_scopes(TILL_SCOPES) == "claims,leases,read,sell"
    for text in ("", "read,everything"):
        with pytest.raises(ValueError):  # noqa: PT011 - any of the two sentences
            parse_scopes(text)


def test_another_tills_sale_is_as_unknown_as_none(platform: Served) -> None:
    """Nobody finds sales by trying (S27)."""
    mine, other = platform.till(), platform.till()
    sale = new_id()
    (card,) = [product for product in mine.catalogue() if product["kind"] == "code"]
    mine.reserve(sale, [line_of(card)])
    foreign, unknown = other.read(sale), other.read(new_id())
    refused(foreign, "NOT_FOUND", 404)
    assert {**foreign.json, "server_time": ""} == {**unknown.json, "server_time": ""}
    assert foreign.headers.keys() == unknown.headers.keys()
    assert len(foreign.body) == len(unknown.body)
    assert mine.read(sale).status_code == 200
    for step in ("confirm", "ack"):
        told = [other.step(each, step) for each in (sale, new_id())]
        assert [reply.json["code"] for reply in told] == ["NOT_FOUND", "NOT_FOUND"]


def test_a_bucket_says_when_there_is_room_again() -> None:
    clock = HandClock()
    bucket = Buckets(clock, 0.2, 2)
    assert [bucket.take("a") for _ in range(3)] == [0.0, 0.0, 5.0]
    clock.pass_by(seconds=4)
    assert 0 < bucket.take("a") <= 1.01
    assert bucket.take("b") == 0.0
    clock.pass_by(seconds=1.1)
    assert bucket.take("a") == 0.0
    bucket.give_back("a")
    bucket.give_back("nobody")
    assert bucket.take("a") == 0.0


def test_secrets_cannot_be_tried(platform: Served) -> None:
    honest = platform.till(is_enrolled=False)
    stranger = platform.till(is_enrolled=False)
    stranger.secret = b"0" * 16
    codes = [stranger.enrol().json["code"] for _ in range(20)]
    assert codes == ["NOT_FOUND"] * 20
    reply = stranger.send(stranger.build("POST", "/v1/enrolments", {}, keyid="new"), is_bound=False)
    assert refused(reply, "RATE_LIMITED", 429) == {"retry_after_s": 5}
    assert reply.headers["retry-after"] == "5"
    platform.clock.pass_by(seconds=5)
    assert honest.enrol().status_code == 201
    assert all(honest.enrol().status_code == 201 for _ in range(20)), "what succeeds is not counted"
