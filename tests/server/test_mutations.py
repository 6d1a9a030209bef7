"""Requests that were changed in any part of what is signed: none of them is accepted.

`POS_MUTATIONS` says how many; `dev.py prove` asks for 50,000.
"""

import asyncio
import base64
import copy
import hashlib
import json
import os
import random
import string
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from platform_server.app.places import Places
from platform_server.app.wiring import Platform, World, guard_rules, open_platform
from platform_server.domain.tills import from_base64url, write_enrolment_code
from platform_server.flows.enrol_till import EnrolTill, NewTill
from platform_server.routes.guard import Guard
from platform_server.settings import Settings
from platform_server.wire.suppliers.practice.callbacks import KEYS, read_callback
from platform_server.wire.world import MachineIds
from tests.fakes.platform_till import FakeTill, Message, b64, canonical, new_id
from tests.fakes.platform_world import HandClock
from tests.server.test_callbacks import BODY, NOW, headers_of

ADDRESS = "http://127.0.0.1:8080"
HOW_MANY = int(os.environ.get("POS_MUTATIONS", "5000"))
SIGNED_HEADERS = ("host", "content-digest", "idempotency-key", "signature-input", "signature")
OF_A_WRITE = {"PUT", "POST"}


class Silent:
    """Replies need no signature here, and making it would be most of the time."""

    def sign(self, *_: Any) -> dict[str, str]:
        return {}


@dataclass
class Door:
    """The guard alone: whatever comes through it is accepted."""

    guard: Guard
    accepted: int = 0

    async def send(self, message: Message) -> tuple[int, str]:
        told: dict[str, Any] = {}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": message.body}

        async def hear(event: Any) -> None:
            told.update(event)

        path, _, query = message.url.removeprefix(ADDRESS).partition("?")
        headers = [(name.lower().encode(), spelt(value)) for name, value in message.headers.items()]
        scope = {"type": "http", "method": message.method, "path": path, "raw_path": path.encode()}
        scope |= {"query_string": query.encode(), "scheme": "http", "headers": headers}
        await self.guard({**scope, "client": ("127.0.0.1", 1)}, receive, hear)
        return told["status"], json.loads(told["body"]).get("code", "ACCEPTED")


def spelt(value: str) -> bytes:
    """Blanks around a header's value are none of it: the server takes them away before it asks us (RFC 9112, 5.1)."""
    return value.strip(" \t").encode("latin-1")


@asynccontextmanager
async def door_of(platform: Platform) -> Any:
    async def accept(scope: Any, receive: Any, send: Any) -> None:
        door.accepted += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    settings = replace(platform.world.settings, calls_burst=10**9, enrolments_burst=10**9)
    generous = replace(platform, world=replace(platform.world, settings=settings))
    door = Door(Guard(accept, replace(guard_rules(generous), signer=Silent())))  # type: ignore[arg-type]
    yield door


async def enrolled(platform: Platform, clock: HandClock) -> FakeTill:
    """Without HTTP: the flow itself, with the till's own keys."""
    code = await platform.enrolment_code(ADDRESS, "Front")
    till = FakeTill(lambda *_: (0, {}, b""), code, now=lambda: clock.now().timestamp())
    keys = [key.public_key().public_bytes_raw() for key in (till.sign_key, till.seal_key)]
    flow = EnrolTill(platform.store.open_books, clock, platform.world.ids)
    made = await flow(from_base64url(b64(till.secret)), NewTill("Front", keys[0], keys[1], "f"))
    till.till_id, till.shop_id = made.till.id, made.shop.id
    return till


def every_call(till: FakeTill) -> list[Message]:
    """One valid request of each kind."""
    sale = new_id()
    path = f"/v1/reservations/{sale}"
    body = {"epoch": 1, "note": "what it says is judged behind the guard"}
    key = b64(till.sign_key.public_key().public_bytes_raw())
    return [
        till.build("GET", "/v1/account"),
        till.build("GET", "/v1/catalogue?cursor=12&limit=5"),
        till.build("GET", "/v1/events?after=3"),
        till.build("GET", path),
        till.build("PUT", path, body, key=f"{sale}:reserve:1"),
        till.build("POST", f"{path}/confirm", body, key=f"{sale}:confirm:1"),
        till.build("POST", f"{path}/cancel", body, key=f"{sale}:cancel:1"),
        till.build("POST", f"{path}/ack", body, key=f"{sale}:ack:1"),
        till.build("POST", "/v1/ledger", {"epoch": 1, "entries": []}, key=f"{till.till_id}:ledger:1"),
        till.build("POST", "/v1/keys", body, key=f"{till.till_id}:key:1"),
        till.build("PUT", "/v1/callbacks", body, key=f"{till.till_id}:callbacks:1"),
        till.build("POST", "/v1/enrolments", {"sign_key": key}, key="k:enrol:1", keyid="new"),
    ]


# --- How a request can be changed ---


def named(message: Message, name: str) -> str:
    return next((each for each in message.headers if each.lower() == name), name)


def change_text(text: str, chance: random.Random) -> str:
    """One place of it: another character, one more, one less, or two swapped."""
    place = chance.randrange(len(text) + 1)
    sign = chance.choice(string.ascii_letters + string.digits + '"=:;,()/+-_. %')
    way = chance.randrange(4)
    if way == 0 and place < len(text):
        return text[:place] + sign + text[place + 1 :]
    if way == 1 and place < len(text):
        return text[:place] + text[place + 1 :]
    if way == 2 and place + 1 < len(text):
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + sign + text[place:]


def method(message: Message, chance: random.Random, _: list[Message]) -> None:
    message.method = chance.choice(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "get"])


def path(message: Message, chance: random.Random, _: list[Message]) -> None:
    where, mark, query = message.url.removeprefix(ADDRESS).partition("?")
    changed = "/v1/" + change_text(where.removeprefix("/v1/"), chance).replace("?", "")
    message.url = ADDRESS + changed.replace(" ", "%20") + mark + query


def query(message: Message, chance: random.Random, _: list[Message]) -> None:
    where, _mark, query = message.url.partition("?")
    message.url = where + "?" + change_text(query, chance).replace(" ", "+")


def header(message: Message, chance: random.Random, _: list[Message]) -> None:
    name = named(message, chance.choice(SIGNED_HEADERS))
    message.headers[name] = change_text(message.headers.get(name, ""), chance)


def signature_bits(message: Message, chance: random.Random, _: list[Message]) -> None:
    name = named(message, "signature")
    raw = bytearray(base64.b64decode(message.headers[name].removeprefix("till=:").removesuffix(":")))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    message.headers[name] = f"till=:{base64.b64encode(raw).decode()}:"


def signature_spelling(message: Message, chance: random.Random, _: list[Message]) -> None:
    """The same bytes in another spelling: the bits of base64 that mean nothing."""
    name = named(message, "signature")
    text = message.headers[name]
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    place = text.index("==") - 1
    other = alphabet[(alphabet.index(text[place]) & 48) | chance.randrange(1, 16)]
    message.headers[name] = text[:place] + other + text[place + 1 :]


def parameters(message: Message, chance: random.Random, _: list[Message]) -> None:
    """Times, nonce, key and tag of the signature as a forger would like them."""
    name = named(message, "signature-input")
    text = message.headers[name]
    old, new = chance.choice(
        [
            ("created=1", "created=2"),
            ("expires=1", "expires=2"),
            ('alg="ed25519"', 'alg="hmac-sha256"'),
            ('alg="ed25519"', 'alg="none"'),
            ('tag="pos-till-1"', 'tag="pos-platform-1"'),
            ('keyid="', 'keyid="x'),
            ('nonce="', 'nonce="A'),
            ('"@method" ', ""),
            ('"@path" ', ""),
            (' "content-digest"', ""),
            (' "idempotency-key"', ""),
            ('"@query"', '"@query-param";name="x"'),
            ("till=(", "other=("),
            ("till=(", "till=() , till=("),
        ]
    )
    message.headers[name] = text.replace(old, new, 1)


def body(message: Message, chance: random.Random, _: list[Message]) -> None:
    raw = bytearray(message.body or b" ")
    way = chance.randrange(4)
    place = chance.randrange(len(raw))
    if way == 0:
        raw[place] ^= 1 << chance.randrange(8)
    elif way == 1:
        del raw[place:]
    elif way == 2:
        raw += b" "
    else:
        raw = bytearray(canonical({"epoch": chance.randrange(100), "forged": True}))
    message.body = bytes(raw)
    if chance.random() < 0.5:  # a forger knows how to make a digest
        forged = Message(message.method, message.url, {}, message.body)
        message.headers[named(message, "content-digest")] = digest_of(forged.body)


def digest_of(raw: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


def drop(message: Message, chance: random.Random, _: list[Message]) -> None:
    message.headers.pop(named(message, chance.choice(SIGNED_HEADERS)), None)


def swap(message: Message, chance: random.Random, others: list[Message]) -> None:
    """Parts of one true request in another."""
    other = chance.choice(others)
    part = chance.choice(["body", "url", "method", *SIGNED_HEADERS])
    if part in ("body", "url", "method"):
        setattr(message, part, getattr(other, part))
    elif named(other, part) in other.headers:
        message.headers[named(message, part)] = other.headers[named(other, part)]


def both_signatures(message: Message, _: random.Random, others: list[Message]) -> None:
    """Signature and input of another request together, which belong to each other but not to this one."""
    other = others[0] if others[0].url != message.url else others[1]
    for name in ("signature", "signature-input"):
        message.headers[named(message, name)] = other.headers[named(other, name)]


Mutation = Callable[[Message, random.Random, list[Message]], None]
WAYS: list[Mutation] = [
    method,
    path,
    query,
    header,
    header,
    header,
    signature_bits,
    signature_spelling,
    parameters,
    parameters,
    body,
    body,
    drop,
    swap,
    swap,
    both_signatures,
]


def essence(message: Message) -> tuple[Any, ...]:
    """What the signature speaks for, and the signature itself, letter for letter."""
    headers = {name.lower(): spelt(value) for name, value in message.headers.items()}
    signed = tuple(headers.get(name) for name in SIGNED_HEADERS)
    if message.method not in OF_A_WRITE:
        signed = tuple(headers.get(name) for name in SIGNED_HEADERS if name != "idempotency-key")
    url, mark, query = message.url.partition("?")
    return message.method, url, query if mark else "", signed, message.body


def mutations(
    valid: list[Message], how_many: int, seed: int, ways: list[Mutation]
) -> Iterator[tuple[str, Message]]:
    """Each differs from the request it was made of."""
    chance = random.Random(seed)
    originals = {essence(message) for message in valid}
    made = 0
    while made < how_many:
        message = copy.deepcopy(chance.choice(valid))
        way = ways[made % len(ways)]
        way(message, chance, valid)
        if essence(message) not in originals:
            made += 1
            yield way.__name__, message


async def with_platform(tmp_path: Path, work: Callable[[Platform, HandClock], Awaitable[None]]) -> None:
    clock = HandClock()
    world = World(Settings(), clock, MachineIds())
    async with open_platform(Places.of(tmp_path / "data", tmp_path / "keys"), world) as platform:
        await work(platform, clock)


def test_changed_requests_are_not_accepted(tmp_path: Path) -> None:
    async def work(platform: Platform, clock: HandClock) -> None:
        till = await enrolled(platform, clock)
        valid = every_call(till)
        tally: Tally[str] = Tally()
        async with door_of(platform) as door:
            for way, message in mutations(valid, HOW_MANY, 1, WAYS):
                status, code = await door.send(message)
                assert door.accepted == 0, (way, essence(message))
                assert 400 <= status < 500, (way, status, code, essence(message))
                tally[code] += 1
            print(f"{HOW_MANY} changed requests, 0 accepted: {dict(tally)}")
            assert set(tally) <= {"SIGNATURE", "CLOCK", "NOT_FOUND", "BAD_REQUEST"}
            for message in valid:  # they were true all the time, and are so once
                assert (await door.send(message))[1] == "ACCEPTED"
            assert door.accepted == len(valid)

    asyncio.run(with_platform(tmp_path, work))


def test_a_replay_inside_the_window_is_refused(tmp_path: Path) -> None:
    async def work(platform: Platform, clock: HandClock) -> None:
        till = await enrolled(platform, clock)
        async with door_of(platform) as door:
            valid = every_call(till)
            for message in valid:
                await door.send(message)
            for second in range(0, 300, 20):
                told = {(await door.send(message))[1] for message in valid}
                assert told == {"REPLAY"}, second
                clock.pass_by(seconds=20)
            clock.pass_by(seconds=1)
            await platform.keep_house()
            assert {(await door.send(message))[1] for message in valid} == {"CLOCK"}
            assert door.accepted == len(valid)

    asyncio.run(with_platform(tmp_path, work))


def test_changed_callbacks_of_a_supplier_are_not_read() -> None:
    """The second door: what a supplier's adapter reads, before anything is looked up; cheap, so always 50,000."""
    chance, refused = random.Random(3), 0
    true_headers = headers_of(BODY)
    assert read_callback(KEYS, true_headers, BODY, NOW) is not None
    while refused < 50_000:
        headers, body = dict(true_headers), bytearray(BODY)
        way = chance.randrange(4)
        if way == 0:
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        elif way == 1:
            del body[chance.randrange(len(body)) :]
        elif way == 2:
            name = chance.choice([name for name in headers if name.startswith("x-")])
            headers[name] = change_text(headers[name], chance)
        else:
            del headers[chance.choice([name for name in headers if name.startswith("x-")])]
        if (headers, bytes(body)) != (true_headers, BODY):
            assert read_callback(KEYS, headers, bytes(body), NOW) is None, (way, headers, body)
            refused += 1


@pytest.mark.parametrize("way", sorted({way.__name__ for way in WAYS}))
def test_every_way_changes_something(way: str, tmp_path: Path) -> None:
    """A way that changed nothing would prove nothing."""
    chosen = next(each for each in WAYS if each.__name__ == way)
    till = FakeTill(lambda *_: (0, {}, b""), write_enrolment_code(ADDRESS, b"k" * 32, b"s" * 16))
    till.till_id = new_id()
    valid = every_call(till)
    assert len(list(mutations(valid, 20, 2, [chosen]))) == 20
