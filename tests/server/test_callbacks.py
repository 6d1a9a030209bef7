"""The practice supplier and the platform, each a real HTTP server: every suffix, and every kind of callback."""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_server.domain.top_up import TopUp, TopUpState
from platform_server.store.vault import AesVault
from platform_server.wire.http import HttpCaller
from platform_server.wire.suppliers.practice.callbacks import KEYS, LARGEST_BODY, read_callback
from platform_server.wire.suppliers.practice.client import PracticeSupplier
from practice.suppliers.callbacks import SECRET, sign
from tests.fakes.platform_goods import TOP_UP
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_world import START, HandClock
from tests.fakes.practice_supplier import WAIT_S, HeardSender, Practising, practising
from tests.server.conftest import Counter

OK, FAILED, MANUAL, REVERSED = (
    TopUpState.OK, TopUpState.FAILED_FINAL, TopUpState.MANUAL, TopUpState.REVERSED,
)  # fmt: skip
COMES_TO = {
    "123": OK, "001": FAILED, "002": OK, "003": OK, "004": MANUAL, "005": OK, "006": OK, "007": OK, "008": MANUAL,
    "009": FAILED, "010": MANUAL, "011": OK, "012": REVERSED, "013": OK, "014": OK, "015": FAILED, "016": FAILED,
    "017": OK, "018": OK, "019": FAILED,
}  # fmt: skip


@dataclass
class Chain:
    """Platform and supplier with one clock, and a till that sells top-ups at the platform's flows."""

    platform: Served
    supplier: Practising
    sender: HeardSender
    counter: Counter

    def sell(self, suffix: str) -> TopUp:
        line = self.counter.line(TOP_UP, fields={"phone": "13800138" + suffix})
        self.platform.ask(self.counter.reserve(suffix, line))
        self.platform.ask(self.counter.confirm(suffix))
        return self.find(suffix)

    def find(self, suffix: str) -> TopUp:
        (top_up,) = self.platform.ask(self.counter.read(suffix)).top_ups
        found: TopUp = top_up
        return found

    def step(self, **time: float) -> int:
        """Time passes for both, and the worker goes one step."""
        if time:
            self.platform.clock.pass_by(**time)
            self.sender.wake()
        flow = self.platform.platform.run_top_ups
        assert flow is not None
        return int(self.platform.ask(flow()))

    def told(self) -> tuple[str, bool]:
        """The next callback that was sent, and whether it was taken."""
        return self.sender.sent.get(timeout=WAIT_S)

    def incidents(self) -> list[str]:
        async def read() -> list[str]:
            async with self.platform.platform.store.peek_books() as books:
                rows = await books._connection.exec_driver_sql("SELECT kind FROM incidents ORDER BY kind")
                return [row[0] for row in rows]

        found: list[str] = self.platform.ask(read())
        return found

    def balance(self) -> int:
        return int(self.platform.ask(self.counter.wallet())[0])

    def post(self, body: bytes, headers: dict[str, str] | None = None, path: str = "practice") -> int:
        connection = http.client.HTTPConnection(self.platform.address.removeprefix("http://"), timeout=WAIT_S)
        connection.request("POST", f"/callbacks/{path}", body, headers or {})
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture(params=["sqlite", "postgres"])
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chain]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    clocks: list[HandClock] = []
    with practising(lambda: clocks[0].at.timestamp()) as supplier:
        upstream = PracticeSupplier(HttpCaller(supplier.address, 10))
        with served(tmp_path, url=url, upstream=upstream, cards=0) as platform:
            clocks.append(platform.clock)
            store, vault = platform.platform.store, platform.platform.vault
            counter = Counter(
                store.open_books, store.peek_books, clock=platform.clock, vault=cast(AesVault, vault)
            )
            platform.ask(counter.open(cards=0))
            sender = supplier.calls(platform.address + "/callbacks/practice")
            yield Chain(platform, supplier, sender, counter)
            platform.ask(counter.check())


# --- What an account does ---


def test_every_suffix_comes_to_its_end_with_one_effect(chain: Chain) -> None:
    for suffix in COMES_TO:
        chain.sell(suffix)
    while chain.step():
        pass
    for _ in range(12):
        chain.step(minutes=1)
    chain.step(hours=25)
    late = {("012", "reversed"), ("019", "success")}
    wanted = {f"{chain.find(suffix).supplier_order}-{state}" for suffix, state in late}
    while wanted:
        event, is_taken = chain.told()
        wanted -= {event} if is_taken else set()
    while chain.step(seconds=1):
        pass
    states = {suffix: chain.find(suffix).state for suffix in COMES_TO}
    assert states == COMES_TO
    references = {suffix: chain.find(suffix).reference for suffix in COMES_TO}
    heard = chain.supplier.orders_heard()
    assert {suffix for suffix, reference in references.items() if heard[reference] > 1} == {
        "004",
        "017",
        "018",
    }
    credited = {account[-3:]: count for account, count in chain.supplier.credits().items()}
    assert credited == dict.fromkeys({s for s, end in COMES_TO.items() if end is OK} | {"008", "019"}, 1)
    paid = [suffix for suffix, end in COMES_TO.items() if end in (OK, MANUAL)]
    assert chain.balance() == 1_000_000 - 4_950 * len(paid)
    odd = {"callback_forged", "callback_misfit", "top_up_late_success", "top_up_reversed"}
    assert set(chain.incidents()) == odd


# --- Callbacks ---


def test_a_callback_before_the_reply_changes_nothing_by_itself(chain: Chain) -> None:
    top_up = chain.sell("013")
    assert chain.step() == 1
    assert chain.told() == ("S00000001-success", True)
    assert chain.find("013").state is OK
    assert chain.step() == 1  # it came while the order was in a worker's hands: asked once more
    assert chain.step() == 0
    assert chain.supplier.orders_heard() == {top_up.reference: 1}


def test_a_callback_wakes_the_worker_and_the_second_one_does_not(chain: Chain) -> None:
    chain.sell("014")
    chain.step()
    chain.step(seconds=1)
    chain.step(seconds=1)
    assert chain.find("014").next_at > chain.platform.clock.at  # type: ignore[operator]
    chain.platform.clock.pass_by(seconds=1.5)
    chain.sender.wake()
    assert [chain.told(), chain.told()] == [("S00000001-success", True)] * 2
    assert chain.platform.woken.is_set()
    assert (chain.step(), chain.step()) == (1, 0)
    assert chain.find("014").state is OK


@pytest.mark.parametrize(("suffix", "kind"), [("015", "callback_forged"), ("016", "callback_misfit")])
def test_a_lie_is_refused_and_told(chain: Chain, suffix: str, kind: str) -> None:
    chain.sell(suffix)
    chain.step()
    assert chain.told() == ("S00000001-success", False)
    assert not chain.platform.woken.is_set()
    assert chain.step() == 0
    assert chain.incidents() == [kind]
    chain.step(seconds=20)
    assert chain.find(suffix).state is FAILED
    assert chain.balance() == 1_000_000


def test_a_reversal_is_told_by_callback_and_the_till_hears_of_a_failure(chain: Chain) -> None:
    chain.sell("012")
    chain.step()
    chain.told()
    assert chain.find("012").state is OK
    chain.platform.clock.pass_by(seconds=60)
    chain.sender.wake()
    assert chain.told() == ("S00000001-reversed", True)
    assert chain.step() == 1
    assert chain.find("012").told_state is FAILED
    assert chain.balance() == 1_000_000
    assert chain.incidents() == ["top_up_reversed"]


def message(top_up: TopUp, **other: Any) -> bytes:
    content = {
        "event_id": "E1", "reference": top_up.reference, "supplier_order": "S00000001",
        "product": top_up.product_id, "face_minor": top_up.face.minor, "currency": "CNY", "state": "success",
    }  # fmt: skip
    return json.dumps({**content, **other}).encode()


def test_the_same_event_a_hundred_times_at_once_has_one_effect(chain: Chain) -> None:
    body = message(chain.sell("002"))
    headers = sign(body, chain.platform.clock.at.timestamp())
    chain.step()
    with ThreadPoolExecutor(10) as crowd:
        statuses = list(crowd.map(lambda _: chain.post(body, headers), range(100)))
    assert statuses == [200] * 100
    assert (chain.step(), chain.step()) == (1, 0)


def test_what_is_no_callback_is_refused(chain: Chain) -> None:
    top_up = chain.sell("002")
    body, at = message(top_up), chain.platform.clock.at.timestamp()
    good = sign(body, at)
    assert chain.post(body, good, path="other") == 404
    assert chain.post(body) == 401
    assert chain.post(body, {**good, "X-Practice-Key": "practice-2"}) == 401
    assert chain.post(body + b" ", good) == 401
    assert chain.post(body, sign(body, at - 301)) == 401
    assert chain.post(body, sign(body, at + 302)) == 401
    unknown = message(top_up, reference="TU0")
    assert chain.post(unknown, sign(unknown, at)) == 400
    assert chain.post(body, good) == 200
    assert chain.incidents() == ["callback_forged", "callback_misfit"]


# --- The signature, without a server ---

NOW = START
BODY = (
    b'{"event_id":"E1","reference":"TU1","supplier_order":"S1","product":"p","face_minor":5000,'
    b'"currency":"CNY","state":"success"}'
)


def headers_of(body: bytes, at: float | None = None) -> dict[str, str]:
    return {name.lower(): value for name, value in sign(body, at or NOW.timestamp(), SECRET).items()}


def test_a_true_callback_is_read() -> None:
    notice = read_callback(KEYS, headers_of(BODY), BODY, NOW)
    assert notice is not None
    assert (notice.event_id, notice.reference, notice.face.minor, notice.state) == (
        "E1",
        "TU1",
        5000,
        "success",
    )
    odd = BODY.replace(b"success", b"not_found")
    unlisted = read_callback(KEYS, headers_of(odd), odd, NOW)
    assert unlisted is not None
    assert unlisted.state is None


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b"\xff", BODY.replace(b"5000", b"-1"), BODY.replace(b"5000", b"50.0"),
        BODY.replace(b"CNY", b"cny"), BODY.replace(b'"E1"', b'""'), BODY.replace(b'"TU1"', b"null"),
        BODY + b" " * LARGEST_BODY,
    ],
)  # fmt: skip
def test_a_signed_body_of_another_form_is_not_read(body: bytes) -> None:
    assert read_callback(KEYS, headers_of(body), body, NOW) is None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_changed_callback_is_read(data: st.DataObject) -> None:
    headers, body = headers_of(BODY), bytearray(BODY)
    where = data.draw(st.sampled_from(["body", *[name for name in headers if name.startswith("x-")]]))
    if where == "body":
        place = data.draw(st.integers(0, len(body) - 1))
        body[place] ^= data.draw(st.integers(1, 255))
    else:
        headers[where] = data.draw(
            st.one_of(
                st.text(max_size=70), st.sampled_from([headers[where] + " ", headers[where].upper() + "0"])
            )
        )
    if (headers, bytes(body)) != (headers_of(BODY), BODY):
        assert read_callback(KEYS, headers, bytes(body), NOW) is None
