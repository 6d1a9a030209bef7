"""The platform's client against a scripted platform: what it believes, what it refuses, what it says again."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.errors import EnrolmentCodeWrong, Rejected, Unreachable
from pos_app.domain.ledger import LedgerHead
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, TopUp, TopUpState
from pos_app.domain.till import Enrolment
from pos_app.ports.platform import PrintedCard
from pos_app.wire.http import Http, Patience
from pos_app.wire.platform.client import PlatformClient
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_goods import code_product, top_up_product
from tests.fakes.till_platform import ENROLMENT
from tests.wire.by_hand import REPLY_TO_NOBODY, PlatformByHand, digest, problem, verify_request
from tests.wire.scripted_server import DROP, Heard, Part, ScriptedServer, plain
from tests.wire.told import told_product

Serve = Callable[..., ScriptedServer]
PLATFORM = PlatformByHand()
SIGN_KEY = Ed25519PrivateKey.generate()
ACCOUNT = {
    "wallet": {
        "balance": {"minor": 5, "currency": "CNY"},
        "held": {"minor": 2, "currency": "CNY"},
        "credit_limit": {"minor": 0, "currency": "CNY"},
    },
    "leases": [],
    "limits": {},
    "notices": [],
    "server_time": "2026-11-22T04:01:00Z",
}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def say(status: int, body: object, *headers: str, **how: Any) -> Part:
    return lambda heard: PLATFORM.reply(heard, status, body, *headers, **how)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def client(clock: FakeClock) -> PlatformClient:
    patience = Patience(connect_s=1, read_s=0.3, whole_s=5)
    return PlatformClient(Http(patience, "test"), SIGN_KEY, b"s" * 32, clock, "1.0")


def at(server: ScriptedServer) -> Enrolment:
    return replace(ENROLMENT, address=server.address, platform_key=b64(PLATFORM.public_key))


def sale(clock: FakeClock) -> Sale:
    basket = Sale(clock.new_id(), "CNY").with_product(code_product(), 2, clock.new_id())
    fields = (("phone", "13800138000"),)
    basket = basket.with_product(top_up_product(), 1, clock.new_id(), fields)
    return basket.started(clock.now(), "cashier", "shift", clock.now().date())


def check_heard(heard: Heard, server: ScriptedServer) -> None:
    verify_request(SIGN_KEY.public_key(), heard.method, server.address + heard.target, heard.headers)
    assert heard.headers["content-digest"] == digest(heard.body)


def test_account(serve: Serve, client: PlatformClient, clock: FakeClock) -> None:
    """Told at the platform's time, whatever this PC's clock says."""
    server = serve(say(200, ACCOUNT))
    account = client.account(at(server))
    assert (account.available, account.told_at) == (Money(3), clock.now() + timedelta(minutes=1))
    check_heard(server.heard[0], server)
    assert "idempotency-key" not in server.heard[0].headers
    assert client.clock_skew_s == 0


@pytest.mark.parametrize(
    ("coding", "pack"), [("zstd", zstandard.compress), ("gzip", gzip.compress)], ids=["zstd", "gzip"]
)
def test_a_packed_answer_is_verified_as_it_travelled(
    serve: Serve, client: PlatformClient, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(json.dumps(ACCOUNT).encode())
    server = serve(say(200, packed, f"Content-Encoding: {coding}"))
    assert client.account(at(server)).balance == Money(5)


def test_reserve_says_everything_and_reads_everything(
    serve: Serve, client: PlatformClient, clock: FakeClock
) -> None:
    wanted = sale(clock)
    lines = [
        {"line_id": line.line_id, "unit_cost": {"minor": 9500, "currency": "CNY"}, "masked": ["1234"]}
        for line in wanted.lines
    ]
    answer = {
        "sale_id": wanted.id,
        "state": "RESERVED",
        "lines": lines,
        "expires_at": "2026-11-22T04:15:00Z",
        "server_time": "2026-11-22T04:00:00Z",
        "added_later": 1,
    }
    server = serve(say(200, answer))
    got = client.reserve(at(server), wanted, LedgerHead(3, "a" * 32))
    assert got.expires_at == datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
    assert [(line.unit_cost, line.masked) for line in got.lines] == [(Money(9500), ("1234",))] * 2
    heard = server.heard[0]
    check_heard(heard, server)
    assert (heard.method, heard.target) == ("PUT", f"/v1/reservations/{wanted.id}")
    assert heard.headers["idempotency-key"] == f"{wanted.id}:reserve:1"
    said = json.loads(heard.body)
    assert said["ledger"] == {"seq": 3, "head": "a" * 32}
    assert said["lines"][1]["fields"] == {"phone": "13800138000"}
    assert said["lines"][0]["max_unit_cost"] == {"minor": 9500, "currency": "CNY"}


def test_the_steps_carry_their_keys(serve: Serve, client: PlatformClient, clock: FakeClock) -> None:
    wanted = sale(clock)
    done = {"sale_id": wanted.id, "server_time": "2026-11-22T04:00:00Z"}
    top_up = {"line_id": wanted.lines[1].line_id, "state": "UNKNOWN", "reference": "r", "reason": None}
    card = {
        "line_id": wanted.lines[0].line_id,
        "card_id": "c",
        "product_id": "p",
        "kind": "pin",
        "face": {"minor": 1, "currency": "CNY"},
        "sealed": b64(b"\xff\xfe sealed"),
    }
    server = serve(
        say(200, {**done, "state": "SOLD", "cards": [card], "top_ups": [top_up]}),
        say(200, {**done, "state": "SOLD", "lines": [], "top_ups": [top_up], "expires_at": "x"}),
        say(200, {**done, "state": "DELIVERED"}),
        say(200, {**done, "state": "CANCELLED"}),
    )
    enrolment = at(server)
    delivery = client.confirm(enrolment, wanted)
    expected = ((wanted.lines[1].line_id, TopUp(TopUpState.UNKNOWN, "r", None)),)
    assert delivery.top_ups == client.top_ups(enrolment, wanted.id) == expected
    assert delivery.cards[0].sealed == b"\xff\xfe sealed"
    client.acknowledge(enrolment, wanted.id, [PrintedCard("c", False, 2)], "hash")
    client.cancel(enrolment, wanted.id, "cashier")
    keys = [heard.headers.get("idempotency-key") for heard in server.heard]
    assert keys == [f"{wanted.id}:{step}:1" if step else None for step in ("confirm", None, "ack", "cancel")]
    assert json.loads(server.heard[2].body)["cards"] == [{"card_id": "c", "printed": "unknown", "copies": 2}]
    for heard in server.heard:
        check_heard(heard, server)


def test_a_refusal_is_told_with_its_facts(serve: Serve, client: PlatformClient, clock: FakeClock) -> None:
    wanted = sale(clock)
    now = told_product(code_product())
    money = {"minor": 9, "currency": "CNY"}
    server = serve(
        say(409, problem("PRICE_CHANGED", line_id="l", product=now)),
        say(409, problem("WALLET_EMPTY", needed=money, available=money)),
        say(409, problem("FORBIDDEN", "done", state="DELIVERED")),
    )
    enrolment = at(server)
    with pytest.raises(Rejected) as caught:
        client.reserve(enrolment, wanted, LedgerHead())
    assert caught.value.details == {"line_id": "l", "product": code_product()}
    with pytest.raises(Rejected) as caught:
        client.reserve(enrolment, wanted, LedgerHead())
    assert caught.value.details == {"needed": Money(9), "available": Money(9)}
    with pytest.raises(Rejected) as caught:
        client.cancel(enrolment, wanted.id, "why")
    assert (caught.value.code, caught.value.effect) == ("FORBIDDEN", "done")


PORTAL = plain(200, b"<html>Log in to the cafe's network</html>", "Content-Type: text/html")


@pytest.mark.parametrize(
    ("part", "cause", "wait"),
    [
        (PORTAL, "not_ours", None),
        (plain(302, b"", "Location: http://login.cafe/"), "not_ours", None),
        (plain(200, json.dumps(ACCOUNT).encode()), "not_ours", None),
        (plain(404, b"<html>"), "not_ours", None),
        (plain(500, b"oops"), "server_trouble", None),
        (plain(502, b"<html>Bad gateway</html>"), "server_trouble", None),
        (DROP, "down", None),
        (plain(200, b"{", "Content-Length: 99"), "down", None),
        (say(200, ACCOUNT, covered=REPLY_TO_NOBODY), "signature", None),
        (say(401, problem("SIGNATURE"), covered=REPLY_TO_NOBODY), "signature", None),
        (lambda heard: PlatformByHand().reply(heard, 200, ACCOUNT), "signature", None),
        (lambda heard: PLATFORM.reply(heard, 200, ACCOUNT).replace(b'"minor": 5', b'"minor": 6'), "signature", None),
        (lambda heard: PLATFORM.reply(heard, 409, ACCOUNT).replace(b" 409 ", b" 200 "), "signature", None),
        (say(200, {"wallet": {}}), "server_trouble", None),
        (say(200, b"not json"), "server_trouble", None),
        (say(200, b"\xff\xfe"), "server_trouble", None),
        (say(409, {"detail": "not a problem"}), "server_trouble", None),
        (say(302, ACCOUNT), "not_ours", None),
        (say(500, problem("ODD")), "server_trouble", None),
        (say(409, problem("EXPIRED", "unknown")), "server_trouble", None),
        (say(409, problem("EXPIRED", "perhaps")), "server_trouble", None),
        (say(409, problem("PRICE_CHANGED", product={"id": 1})), "server_trouble", None),
        (say(503, problem("UNAVAILABLE", "unknown"), "Retry-After: 2"), "busy", 2),
        (say(409, problem("IN_PROGRESS", "unknown"), "Retry-After: 1"), "busy", 1),
        (say(429, problem("RATE_LIMITED"), "Retry-After: 99999999"), "busy", 3600),
        (say(429, problem("RATE_LIMITED"), "Retry-After: soon"), "busy", None),
        (say(429, problem("RATE_LIMITED"), covered=REPLY_TO_NOBODY), "busy", None),
        (say(200, gzip.compress(b"\0" * 80_000_000), "Content-Encoding: gzip"), "not_ours", None),
        (say(200, gzip.compress(b"{}")[:-5], "Content-Encoding: gzip"), "not_ours", None),
    ],
)  # fmt: skip
def test_no_answer(serve: Serve, client: PlatformClient, part: Part, cause: str, wait: int | None) -> None:
    server = serve(part)
    with pytest.raises(Unreachable) as caught:
        client.account(at(server))
    assert (caught.value.cause, caught.value.retry_after_s) == (cause, wait)
    assert len(server.heard) == 1


def test_silence_is_a_timeout(serve: Serve, client: PlatformClient) -> None:
    with pytest.raises(Unreachable) as caught:
        client.account(at(serve(b"HTTP/1.1 200", hang_after=0)))
    assert caught.value.cause == "timeout"


def test_the_answer_to_another_sale_is_no_answer(
    serve: Serve, client: PlatformClient, clock: FakeClock
) -> None:
    other = {"sale_id": "other", "state": "CANCELLED", "server_time": "2026-11-22T04:00:00Z"}
    with pytest.raises(Unreachable):
        client.cancel(at(serve(say(200, other))), clock.new_id(), "why")


def test_a_replayed_answer_is_no_answer(serve: Serve, client: PlatformClient) -> None:
    kept: list[bytes] = []

    def first(heard: Heard) -> bytes:
        kept.append(PLATFORM.reply(heard, 200, ACCOUNT))
        return kept[0]

    server = serve(first, lambda heard: kept[0])
    client.account(at(server))
    with pytest.raises(Unreachable) as caught:
        client.account(at(server))
    assert caught.value.cause == "signature"


def test_a_wrong_clock_is_met_with_the_platforms_time(
    serve: Serve, client: PlatformClient, clock: FakeClock
) -> None:
    theirs = clock.now() + timedelta(hours=2)
    server = serve(
        say(401, problem("CLOCK", at=theirs, skew_s=-7200)),
        say(200, ACCOUNT),
        say(200, ACCOUNT),
        say(401, problem("CLOCK", at=theirs), covered=REPLY_TO_NOBODY),
        say(200, ACCOUNT),
    )
    enrolment = at(server)
    client.account(enrolment)
    assert client.clock_skew_s == -7200
    client.account(enrolment)
    created = [int(re.findall(r";created=(\d+)", h.headers["signature-input"])[0]) for h in server.heard]
    assert [each - int(clock.now().timestamp()) for each in created] == [0, 7200, 7200]
    clock.at = theirs  # somebody set the PC right
    client.account(enrolment)
    assert client.clock_skew_s == 0
    nonces = {re.findall(r'nonce="([^"]+)"', h.headers["signature-input"])[0] for h in server.heard}
    assert len(nonces) == 5


def test_a_clock_that_stays_wrong_is_asked_once_more_only(
    serve: Serve, client: PlatformClient, clock: FakeClock
) -> None:
    refusal = say(401, problem("CLOCK", at=clock.now() + timedelta(hours=2)))
    server = serve(refusal, refusal)
    with pytest.raises(Rejected) as caught:
        client.account(at(server))
    assert caught.value.code == "CLOCK"
    assert len(server.heard) == 2
    assert client.clock_skew_s == 0


def test_a_clock_refusal_that_anyone_could_have_made_teaches_nothing(
    serve: Serve, client: PlatformClient, clock: FakeClock
) -> None:
    forger = PlatformByHand()
    told = problem("CLOCK", at=clock.now() + timedelta(days=9))
    server = serve(lambda heard: forger.reply(heard, 401, told), plain(401, json.dumps(told).encode()))
    for cause in ("signature", "not_ours"):
        with pytest.raises(Unreachable) as caught:
            client.account(at(server))
        assert caught.value.cause == cause
    assert client.clock_skew_s == 0
    assert len(server.heard) == 2


def test_a_dropped_connection_is_signed_anew(serve: Serve, client: PlatformClient) -> None:
    server = serve(say(200, ACCOUNT), DROP, say(200, ACCOUNT))
    client.account(at(server))
    client.account(at(server))
    assert len({heard.headers["signature"] for heard in server.heard}) == 3


def code_for(server: ScriptedServer, secret: bytes = b"0123456789abcdef") -> str:
    body = ".".join(["K1", b64(server.address.encode()), b64(PLATFORM.public_key), b64(secret)])
    return f"{body}.{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def test_enrolment(serve: Serve, client: PlatformClient) -> None:
    answer = {
        "shop": {"id": "shop", "name": "Shop"},
        "till_id": "till",
        "till_code": "T1",
        "epoch": 1,
        "currency": "CNY",
        "platform_keys": [],
        "server_time": "2026-11-22T04:00:00Z",
    }
    server = serve(say(201, answer))
    enrolment = client.enrol(code_for(server), "Counter")
    assert enrolment == Enrolment(
        "shop", "Shop", "till", "T1", 1, "CNY", server.address, b64(PLATFORM.public_key)
    )
    heard = server.heard[0]
    check_heard(heard, server)
    said = json.loads(heard.body)
    assert said["sign_key"] == b64(SIGN_KEY.public_key().public_bytes_raw())
    assert (said["seal_key"], said["secret"]) == (b64(b"s" * 32), b64(b"0123456789abcdef"))
    assert 'keyid="new"' in heard.headers["signature-input"]
    secret_hash = hashlib.sha256(b"0123456789abcdef").hexdigest()
    assert heard.headers["idempotency-key"] == f"{secret_hash[:16]}:enrol:1"


@pytest.mark.parametrize("code", ["NOT_FOUND", "KEY_REUSED", "FORBIDDEN"])
def test_a_code_that_the_platform_does_not_take(serve: Serve, client: PlatformClient, code: str) -> None:
    server = serve(say(404, problem(code)))
    with pytest.raises(EnrolmentCodeWrong):
        client.enrol(code_for(server), "Counter")


def test_a_mistyped_code_asks_nobody(serve: Serve, client: PlatformClient) -> None:
    server = serve(PORTAL)
    with pytest.raises(EnrolmentCodeWrong):
        client.enrol(code_for(server)[:-1] + "x", "Counter")
    assert server.heard == []


def test_other_troubles_of_enrolment_are_told_as_they_are(serve: Serve, client: PlatformClient) -> None:
    server = serve(say(400, problem("BAD_REQUEST")), PORTAL)
    with pytest.raises(Rejected):
        client.enrol(code_for(server), "Counter")
    with pytest.raises(Unreachable):
        client.enrol(code_for(server), "Counter")
