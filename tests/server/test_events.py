"""What shops are told: numbered without a gap, carried in order, signed, told again, and never to a wrong address."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from platform_server.domain.endpoints import check_address, check_url, is_within, read_networks
from platform_server.domain.errors import BadRequest, EpochFenced, NotFound
from platform_server.domain.money import Money
from platform_server.domain.shop_events import Callback, EventKind, ShopEvent
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.flows.deliver_events import DeliverEvents, Rounds
from platform_server.flows.keep_callbacks import ReadCallback, ReadEvents, Redeliver, SetCallback
from platform_server.flows.keep_shop import CreditWallet
from platform_server.flows.put_products import TakeOffProducts
from platform_server.wire.shop_calls import CallRules, ShopCalls
from tests.fakes.platform_callbacks import HeardCall, ToldShop, shop_server
from tests.fakes.platform_goods import CARD, TOP_UP
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import Message, line_of, new_id
from tests.fakes.platform_world import START, HandClock
from tests.server.conftest import Counter
from tests.server.test_api import refused

pytestmark = pytest.mark.anyio
URL = "http://127.0.0.1:9/hook"


def rounds_of(counter: Counter, shop: ToldShop, rounds: Rounds = Rounds()) -> DeliverEvents:  # noqa: B008
    return DeliverEvents(counter.open_books, counter.peek_books, shop, counter.clock, rounds)


async def told(counter: Counter, after: int = 0) -> list[tuple[int, str, dict[str, Any]]]:
    page = await ReadEvents(counter.peek_books)("shop", after, None)
    return [(each.seq, each.event.kind.value, dict(each.event.body)) for each in page.events]


async def note(counter: Counter, number: int, shop_id: str | None = "shop") -> None:
    async with counter.open_books() as books:
        await books.events.add(ShopEvent(shop_id, EventKind.ACCOUNT_NOTICE, {"number": number}))
        await books.commit()


async def with_address(counter: Counter) -> tuple[ToldShop, DeliverEvents]:
    await counter.open()
    shop = ToldShop()
    deliver = rounds_of(counter, shop)
    await deliver()
    await SetCallback(counter.open_books, counter.clock)(counter.caller, 2, URL)
    return shop, deliver


async def test_what_happens_is_told_in_the_commit_that_made_it_so(counter: Counter) -> None:
    await counter.open()
    await rounds_of(counter, ToldShop())()
    before = (await ReadEvents(counter.peek_books)("shop", 0, None)).last_seq
    opening = await told(counter)
    assert [seq for seq, _, _ in opening] == list(range(1, before + 1))
    assert {kind for _, kind, _ in opening} == {"account.notice", "catalogue.changed"}
    await counter.reserve("air", counter.line(TOP_UP))
    await counter.confirm("air")
    working = SupplierAnswer(SupplierState.PROCESSING)  # the second time nothing is new
    counter.supplier.script.extend([working, working])
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED, None, "no such number"))
    for _ in range(3):
        await counter.run_top_ups()
        counter.clock.pass_by(seconds=5)
    await counter.reserve("left")
    counter.clock.pass_by(minutes=10)
    await counter.sweep()
    await TakeOffProducts(counter.open_books)([CARD])
    await TakeOffProducts(counter.open_books)([CARD])  # nothing changes: nothing is told
    await CreditWallet(counter.open_books, counter.clock, counter.ids)("shop", Money(5, "CNY"), "bank 1")
    assert await rounds_of(counter, ToldShop())()
    events = await told(counter, before)
    assert [seq for seq, _, _ in events] == list(range(before + 1, before + 1 + len(events)))
    by_kind = {kind: body for _, kind, body in events}
    assert by_kind["top_up.changed"]["state"] == "FAILED_FINAL"
    assert by_kind["top_up.changed"]["sale_id"] == "air"
    assert by_kind["sale.released"] == {"till_id": "till", "sale_id": "left", "state": "EXPIRED"}
    assert by_kind["account.notice"]["amount"] == {"minor": 5, "currency": "CNY"}
    kinds = [kind for _, kind, _ in events]
    assert kinds.count("catalogue.changed") == 1
    assert kinds.count("top_up.changed") == 1


async def test_what_was_not_committed_is_not_told(counter: Counter) -> None:
    await counter.open()
    await rounds_of(counter, ToldShop())()
    before = len(await told(counter))
    async with counter.open_books() as books:
        await books.events.add(ShopEvent("shop", EventKind.ACCOUNT_NOTICE, {}))
    assert await rounds_of(counter, ToldShop())() == 0
    assert len(await told(counter)) == before


async def test_events_are_carried_in_order_and_once_when_all_goes_well(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    for number in range(5):
        await note(counter, number)
    assert await rounds_of(counter, shop, Rounds(number=3, events=2))() == 4
    bodies = [json.loads(body) for _, body in shop.calls]
    assert [each["body"]["number"] for each in bodies[0]["events"]] == [0, 1]
    while await deliver():
        pass
    told_now = [each for body in shop.calls for each in json.loads(body[1])["events"]]
    assert [each["body"]["number"] for each in told_now] == [0, 1, 2, 3, 4]
    seqs = [each["seq"] for each in told_now]
    assert seqs == list(range(seqs[0], seqs[0] + 5))
    assert {url for url, _ in shop.calls} == {URL}
    assert await deliver() == 0


async def test_a_shop_that_does_not_answer_is_tried_later_and_later_and_parked(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    shop.is_open = False
    await note(counter, 1)
    waits: list[timedelta] = []
    until = counter.clock.now() + timedelta(days=5)
    last = counter.clock.now()
    while counter.clock.now() < until:
        before = len(shop.calls)
        await deliver()
        if len(shop.calls) > before:
            waits.append(counter.clock.now() - last)
            last = counter.clock.now()
        counter.clock.pass_by(hours=2)
    assert timedelta(hours=6) <= max(waits) <= timedelta(hours=8)
    assert 10 < len(shop.calls) < 40
    standing = await ReadCallback(counter.peek_books, counter.clock)("shop")
    assert standing.parked_at is not None
    assert standing.parked_at - (standing.failed_since or START) >= timedelta(days=3)
    shop.is_open, parked_calls = True, len(shop.calls)
    await note(counter, 2)
    await deliver()
    assert len(shop.calls) == parked_calls, "parked is parked"
    first = standing.delivered_seq + 1
    await Redeliver(counter.open_books, counter.clock)("shop", first)
    await deliver()
    again = json.loads(shop.calls[-1][1])["events"]
    assert [each["seq"] for each in again] == [first, first + 1]


async def test_a_shop_is_told_again_from_a_number_on(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    redeliver = Redeliver(counter.open_books, counter.clock)
    with pytest.raises(NotFound):
        await redeliver("nobody", 1)
    await note(counter, 1)
    await deliver()
    standing = await redeliver("shop", 1)
    assert standing.delivered_seq == 0
    await deliver()
    assert [each["seq"] for each in json.loads(shop.calls[-1][1])["events"]] == list(
        range(1, standing.last_seq + 1)
    )
    for first in (0, standing.last_seq + 2):
        with pytest.raises(BadRequest):
            await redeliver("shop", first)


async def test_a_worker_that_was_overtaken_has_no_say(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    await note(counter, 1)
    now = counter.clock.now()
    async with counter.open_books() as books:
        await books.events.number(now, 10)
        (taken,) = await books.events.take_due(now, now + timedelta(seconds=60), 5)
        assert await books.events.take_due(now, now + timedelta(seconds=90), 5) == ()
        await books.commit()
    await deliver()
    assert shop.calls == [], "somebody has it"
    await Redeliver(counter.open_books, counter.clock)("shop", 1)
    async with counter.open_books() as books:
        done = taken.told(taken.last_seq, now)
        assert not await books.events.save_delivery(done, now + timedelta(seconds=60))
    await deliver()
    assert json.loads(shop.calls[0][1])["events"][0]["seq"] == 1


async def test_many_workers_number_without_a_gap_and_tell_each_event_once(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    before = (await ReadEvents(counter.peek_books)("shop", 0, None)).last_seq
    some = rounds_of(counter, shop, Rounds(number=3, events=2))
    for each in range(0, 24, 6):
        await asyncio.gather(*(note(counter, each + number) for number in range(6)), some(), some())
    while await deliver():
        pass
    events = await told(counter, before)
    assert [seq for seq, _, _ in events] == list(range(before + 1, before + 25))
    assert sorted(body["number"] for _, _, body in events) == list(range(24))
    carried = [each["seq"] for _, body in shop.calls for each in json.loads(body)["events"]]
    assert carried == sorted(set(carried)), "in order, each once"
    assert carried == list(range(before + 1, before + 25))


async def test_told_again_while_a_delivery_is_on_its_way(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    await note(counter, 1)
    again = Redeliver(counter.open_books, counter.clock)

    class Slow(ToldShop):
        async def __call__(self, url: str, body: bytes) -> bool:
            await again("shop", 1)
            return await shop(url, body)

    await rounds_of(counter, Slow())()
    await deliver()
    assert [json.loads(body)["events"][0]["seq"] for _, body in shop.calls][-1] == 1


async def test_every_shop_hears_of_the_catalogue_and_old_events_are_forgotten(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    await note(counter, 1, shop_id=None)
    await deliver()
    assert len(shop.calls) == 1
    counter.clock.pass_by(days=91)
    await note(counter, 2)
    await deliver()
    (only,) = await told(counter)
    assert only[2] == {"number": 2}
    await Redeliver(counter.open_books, counter.clock)("shop", 1)
    counter.clock.pass_by(days=91)
    calls = len(shop.calls)
    await note(counter, 3)
    await deliver()
    assert [each["seq"] for each in json.loads(shop.calls[-1][1])["events"]] == [only[0] + 1]
    assert len(shop.calls) == calls + 1


async def test_where_everything_was_forgotten_nothing_is_sent(counter: Counter) -> None:
    shop, deliver = await with_address(counter)
    await note(counter, 1)
    async with counter.open_books() as books:
        await books.events.number(counter.clock.now(), 10)
        await books.events.forget(counter.clock.now() + timedelta(days=1))
        await books.commit()
    await deliver()
    standing = await ReadCallback(counter.peek_books, counter.clock)("shop")
    assert (shop.calls, standing.delivered_seq) == ([], standing.last_seq)


async def test_an_address_is_set_changed_and_taken_away(counter: Counter) -> None:
    await counter.open()
    await rounds_of(counter, ToldShop())()
    set_callback = SetCallback(counter.open_books, counter.clock)
    read = ReadCallback(counter.peek_books, counter.clock)
    assert (await read("stranger")).url is None
    first = await set_callback(counter.caller, 2, URL)
    assert (first.url, first.delivered_seq) == (URL, first.last_seq), "told what happens from now on"
    assert await set_callback(counter.caller, 2, URL) == first
    with pytest.raises(BadRequest):
        await set_callback(counter.caller, 2, "ftp://shop")
    with pytest.raises(EpochFenced):
        await set_callback(counter.caller, 1, URL)
    with pytest.raises(NotFound):
        await set_callback.of_shop("nobody", URL)
    assert (await set_callback.of_shop("shop", None)).url is None
    await note(counter, 1)
    shop = ToldShop()
    await rounds_of(counter, shop)()
    assert shop.calls == []
    assert (await read("shop")).last_seq == first.last_seq + 1


def test_waiting_grows_to_hours() -> None:
    callback, now, waits = Callback("s", URL, 5, 0, START), START, []
    while callback.parked_at is None:
        callback = callback.missed(now)
        waits.append((callback.next_at - now).total_seconds())
        now = callback.next_at
    assert waits[:4] == [10, 20, 40, 80]
    assert max(waits) == 6 * 3600
    after = callback.told(3, now)
    assert (after.delivered_seq, after.tries, after.failed_since) == (3, 0, None)


GOOD = ["https://shop.example/hook?x=1", "http://192.168.1.7:8080/", "https://[2001:db8::1]/x"]
BAD = [
    "ftp://shop/",
    "shop.example",
    "https://",
    "https://user:word@shop.example/",
    "https://user@shop.example/",
    "https://shop.example/#part",
    "https://shop.example:0/",
    "https://shop.example:x/",
    "https://shop.example/a b",
    "https://shop.example/\r\nx: y",
    "https://\u5e97/",
    "https://shop.example/" + "x" * 500,
]


def test_what_an_address_looks_like() -> None:
    for url in GOOD:
        check_url(url)
    for url in BAD:
        with pytest.raises(ValueError):  # noqa: PT011 - any of the sentences
            check_url(url)


NEAR = ["127.0.0.1", "::1", "10.1.2.3", "172.20.0.1", "192.168.0.9", "fd12::1", "::ffff:10.0.0.1"]
FAR = ["1.1.1.1", "2606:4700::1111"]
NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "::ffff:169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "192.0.2.1",
    "240.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
]


def test_which_addresses_are_called() -> None:
    def check(address: str, *, is_tls: bool = True, near: bool = True, opened: tuple[str, ...] = ()) -> None:
        check_address(address, is_tls=is_tls, is_near_allowed=near, opened=read_networks(opened))

    for address in NEAR:
        check(address)
        check(address, is_tls=False)
        with pytest.raises(ValueError, match="our own network"):
            check(address, near=False)
    for address in FAR:
        check(address, near=False)
        with pytest.raises(ValueError, match="https"):
            check(address, is_tls=False)
    for address in NEVER:
        with pytest.raises(ValueError, match="address that"):
            check(address)
    check("169.254.1.1", opened=("169.254.1.0/24",))


def test_who_lies_within() -> None:
    networks = read_networks(("127.0.0.0/8", "::1/128"))
    assert [
        is_within(a, networks) for a in ("127.0.0.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", "x", "")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


# --- Over the wire ---


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
        assert running.invariants() == []


def check_callback(platform: Served, call: HeardCall, address: str) -> None:
    """What docs/protocol.md section 9 tells a shop to check."""
    key = platform.platform.platform_key.public_key().public_bytes_raw()
    resolver = MappingKeyResolver(
        public_keys={"platform-1": Ed25519PublicKey.from_public_bytes(key)}, private_keys={}
    )
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
    verifier.max_clock_skew = timedelta(days=36500)
    (result,) = verifier.verify(
        Message(call.method, address + call.path, call.headers, call.body),
        expect_tag="pos-callback-1",
        expect_label="platform",
        max_age=timedelta(days=36500),
    )
    assert [name for name in result.covered_components if name != '"@signature-params"'] == [
        '"@method"',
        '"@authority"',
        '"@path"',
        '"@query"',
        '"content-digest"',
    ]
    assert set(result.parameters) == {"created", "expires", "keyid", "alg", "tag"}


def test_a_shop_is_called_and_reads_the_truth(platform: Served) -> None:
    till = platform.till()
    deliver = platform.platform.doors.deliver_events
    platform.ask(deliver())
    with shop_server() as shop:
        standing = till.be_called_at(f"{shop.address}/hook?shop=1")
        assert standing.status_code == 200
        assert till.call("GET", "/v1/callbacks").json["url"] == f"{shop.address}/hook?shop=1"
        (_, air) = sorted(till.catalogue(), key=lambda product: str(product["kind"]))
        sale = new_id()
        till.reserve(sale, [line_of(air, phone="13800138000")])
        till.step(sale, "confirm")
        platform.ask(platform.platform.run_top_ups())  # type: ignore[misc]
        shop.status = 500
        platform.ask(deliver())
        shop.status, shop.location = 307, "http://127.0.0.1:1/elsewhere"
        platform.clock.pass_by(minutes=1)
        platform.ask(deliver())
        shop.status = 204
        platform.clock.pass_by(minutes=1)
        platform.ask(deliver())
        assert len(shop.heard) == 3, "a redirect is not followed, it counts as no answer"
        assert shop.heard[0].body == shop.heard[2].body
        check_callback(platform, shop.heard[2], shop.address)
    body = json.loads(shop.heard[2].body)
    (event,) = body["events"]
    assert (body["shop_id"], event["kind"], event["body"]["sale_id"]) == (
        till.shop_id,
        "top_up.changed",
        sale,
    )
    told = till.call("GET", f"/v1/events?after={event['seq'] - 1}").json
    assert told["events"] == [event]
    assert told["last_seq"] == event["seq"]
    everything = till.call("GET", "/v1/events?limit=1").json
    assert [each["seq"] for each in everything["events"]] == [1]
    refused(till.call("GET", "/v1/events?after=-1"), "BAD_REQUEST", 400)
    refused(till.be_called_at("http://name@shop/"), "BAD_REQUEST", 400)
    refused(till.call("PUT", "/v1/callbacks", {"epoch": 1, "url": None}, key="x"), "BAD_REQUEST", 400)
    stranger = till.be_called_at(None).json
    assert (stranger["url"], stranger["parked_at"]) == (None, None)


class Resolver:
    """Stands in for the machine's look-up of names."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def getaddrinfo(self, host: str, port: int, **_: object) -> list[Any]:
        self.asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in self.addresses]


@pytest.mark.parametrize(
    ("url", "addresses", "is_near_allowed"),
    [
        ("http://shop.example/", ("169.254.169.254",), True),
        ("http://shop.example/", ("127.0.0.1", "169.254.169.254"), True),
        ("http://shop.example/", ("1.1.1.1",), True),
        ("http://shop.example/", ("127.0.0.1",), False),
    ],
)
async def test_a_name_that_leads_astray_is_not_called(
    monkeypatch: pytest.MonkeyPatch, url: str, addresses: tuple[str, ...], is_near_allowed: bool
) -> None:
    monkeypatch.setattr("asyncio.get_running_loop", lambda: Resolver(*addresses))
    monkeypatch.setattr("asyncio.open_connection", None)  # a call would break the test
    rules = CallRules(5, is_near_allowed)
    call = ShopCalls(Ed25519PrivateKey.generate(), "platform-1", HandClock(), rules)
    assert not await call(url, b"{}")


async def test_the_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the check and the call nobody can lead the name elsewhere: what was checked is called."""
    with shop_server() as shop:
        names = Resolver("127.0.0.1")
        monkeypatch.setattr("asyncio.get_running_loop", lambda: names)
        port = urlsplit(shop.address).port
        call = ShopCalls(Ed25519PrivateKey.generate(), "platform-1", HandClock(), CallRules(5, True))
        assert await call(f"http://shop.example:{port}/x", b"{}")
    assert names.asked == ["shop.example"]
    assert shop.heard[0].headers["host"] == f"shop.example:{port}"
    assert not await call(f"http://shop.example:{port}/x", b"{}"), "nobody answers there any more"


def test_events_carry_the_time_of_their_number(platform: Served) -> None:
    till = platform.till()
    platform.ask(platform.platform.doors.deliver_events())
    at = till.call("GET", "/v1/events").json["events"][0]["at"]
    assert datetime.fromisoformat(at) == platform.clock.now()
