"""Talks to the practice supplier over real HTTP while the test moves its clock."""

import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from practice.suppliers.order_book import MalformedOrderError, OrderBook, OrderRequest, read_request
from practice.suppliers.top_up import AUTHORIZATION, LARGEST_BODY, top_up_supplier

PHONE = "13800138"
AUTHORIZED = {"Authorization": AUTHORIZATION}


@dataclass
class Clock:
    """A clock that only the test moves."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Supplier:
    """One running supplier, its clock and what a client says to it."""

    port: int
    clock: Clock
    headers: dict[str, str] = field(default_factory=lambda: dict(AUTHORIZED))

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, self.headers)
            reply = connection.getresponse()
            return reply.status, reply.headers["Content-Type"], reply.read()
        finally:
            connection.close()

    def place(self, reference: str, account: str, **other: object) -> tuple[int, dict[str, Any]]:
        status, _, body = self.call("POST", "/orders", order(reference, account, **other))
        return status, json.loads(body)

    def ask(self, reference: str) -> tuple[int, dict[str, Any]]:
        status, _, body = self.call("GET", f"/orders/{reference}")
        return status, json.loads(body)

    def credits(self) -> dict[str, int]:
        status, _, body = self.call("GET", "/orders")
        assert status == 200
        return dict(json.loads(body)["credits"])


def order(reference: str, account: str, **other: object) -> bytes:
    content: dict[str, object] = {
        "reference": reference,
        "product": "china-mobile-50",
        "account": account,
        "face_minor": 5000,
        "currency": "CNY",
    }
    return json.dumps({**content, **other}).encode()


@pytest.fixture
def supplier() -> Iterator[Supplier]:
    clock = Clock()
    server = top_up_supplier(OrderBook(clock))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Supplier(server.server_address[1], clock)
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_ordinary_account_is_credited_at_once_and_only_once(supplier: Supplier) -> None:
    status, first = supplier.place("r1", PHONE + "123")
    assert (status, first["state"], first["reason"]) == (200, "success", None)
    assert supplier.place("r1", PHONE + "123") == (200, first)
    assert supplier.ask("r1") == (200, first)
    assert supplier.credits() == {PHONE + "123": 1}


def test_another_reference_is_another_effect(supplier: Supplier) -> None:
    for reference in ("r1", "r2"):
        supplier.place(reference, PHONE + "123")
    assert supplier.credits() == {PHONE + "123": 2}


@pytest.mark.parametrize(
    "other",
    [{"account": "13900139000"}, {"face_minor": 5001}, {"product": "x"}, {"currency": "USD"}],
)
def test_other_content_under_a_used_reference_is_refused(
    supplier: Supplier, other: dict[str, object]
) -> None:
    supplier.place("r1", PHONE + "123")
    content = {"account": PHONE + "123", **other}
    account = str(content.pop("account"))
    assert supplier.place("r1", account, **content)[0] == 422
    assert supplier.credits() == {PHONE + "123": 1}


@pytest.mark.parametrize(
    ("suffix", "before", "settles_after_s", "after"),
    [
        ("001", "failed", 0, "failed"),
        ("002", "processing", 3, "success"),
        ("003", "processing", 20, "success"),
        ("006", "WEIRD", 3, "success"),
        ("007", "processing", 300, "success"),
        ("009", "processing", 3, "failed"),
    ],
)
def test_states_move_with_the_clock(
    supplier: Supplier, suffix: str, before: str, settles_after_s: int, after: str
) -> None:
    account = PHONE + suffix
    assert supplier.place("r1", account)[1]["state"] == before
    if settles_after_s:
        supplier.clock.now += settles_after_s - 0.1
        assert supplier.ask("r1")[1]["state"] == before
        assert supplier.credits() == {}
        supplier.clock.now += 0.2
    settled = supplier.ask("r1")[1]
    assert settled["state"] == after
    assert (settled["reason"] is None) == (after == "success")
    assert supplier.credits() == ({account: 1} if after == "success" else {})


def test_004_fails_before_any_effect_every_time(supplier: Supplier) -> None:
    assert [supplier.place("r1", PHONE + "004")[0] for _ in range(2)] == [500, 500]
    assert supplier.ask("r1")[0] == 404
    assert supplier.credits() == {}


def test_005_loses_its_first_reply_after_the_effect(supplier: Supplier) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        supplier.place("r1", PHONE + "005")
    assert supplier.ask("r1")[1]["state"] == "success"
    assert supplier.place("r1", PHONE + "005")[1]["state"] == "success"
    assert supplier.credits() == {PHONE + "005": 1}


def test_008_credits_but_answers_with_a_page(supplier: Supplier) -> None:
    for method, path, body in (
        ("POST", "/orders", order("r1", PHONE + "008")),
        ("GET", "/orders/r1", None),
    ):
        status, content_type, page = supplier.call(method, path, body)
        assert (status, content_type) == (200, "text/html; charset=utf-8")
        assert page.startswith(b"<!doctype html>")
    assert supplier.credits() == {PHONE + "008": 1}


def test_one_reference_sent_by_many_at_once_has_one_effect(supplier: Supplier) -> None:
    with ThreadPoolExecutor(16) as crowd:
        replies = list(crowd.map(lambda _: supplier.place("r1", PHONE + "123"), range(64)))
    assert all(reply == replies[0] for reply in replies)
    assert supplier.credits() == {PHONE + "123": 1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        order("", PHONE + "123"),
        order("r" * 129, PHONE + "123"),
        order("r1", PHONE + "123", product=13800138000),
        order("r1", PHONE + "123", face_minor=0),
        order("r1", PHONE + "123", face_minor=50.0),
        order("r1", PHONE + "123", face_minor=True),
        order("r1", PHONE + "123", currency=None),
        b"[" * 60_000,
    ],
)
def test_what_is_not_an_order_is_refused_without_effect(supplier: Supplier, body: bytes) -> None:
    assert supplier.call("POST", "/orders", body)[0] == 400
    assert supplier.credits() == {}


def test_strangers_and_wrong_paths_are_refused(supplier: Supplier) -> None:
    assert supplier.call("POST", "/elsewhere", order("r1", PHONE + "123"))[0] == 404
    assert supplier.call("GET", "/elsewhere/r1")[0] == 404
    assert supplier.call("GET", "/orders/never")[0] == 404
    supplier.headers["Authorization"] = "Bearer guess"
    assert supplier.call("POST", "/orders", order("r1", PHONE + "123"))[0] == 401
    assert supplier.call("GET", "/orders")[0] == 401
    supplier.headers["Authorization"] = AUTHORIZATION
    assert supplier.credits() == {}


@pytest.mark.parametrize("length", ["", "-1", "x", str(LARGEST_BODY + 1), "²"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_body_of_unknown_or_absurd_length_is_not_read(supplier: Supplier, method: str, length: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", supplier.port, timeout=10)
    connection.putrequest(method, "/orders")
    connection.putheader("Authorization", AUTHORIZATION)
    connection.putheader("Content-Length", length.encode("latin-1", "replace"))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_one_connection_serves_many_requests(supplier: Supplier) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", supplier.port, timeout=10)
    for number in range(3):
        connection.request("POST", "/orders", order(f"r{number}", PHONE + "123"), AUTHORIZED)
        assert connection.getresponse().read()
        connection.request("GET", f"/orders/r{number}", b"ignored", AUTHORIZED)
        assert json.loads(connection.getresponse().read())["reference"] == f"r{number}"
    connection.close()


def test_a_reference_may_contain_anything_a_path_can_quote(supplier: Supplier) -> None:
    supplier.place("a/b c:1", PHONE + "123")
    assert supplier.ask("a%2Fb%20c%3A1")[0] == 200


def test_orders_in_a_file_survive_a_restart_and_keep_their_time(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "orders.jsonl"
    request = OrderRequest("r1", "p", PHONE + "002", 5000, "CNY")
    placed, is_new = OrderBook(clock, file).place(request)
    assert is_new
    clock.now += 3
    book = OrderBook(clock, file)
    assert book.place(request) == (placed, False)
    assert book.describe(placed)["state"] == "success"
    assert book.place(OrderRequest("r2", "p", PHONE + "123", 5000, "CNY"))[0].supplier_order == "S00000002"


def test_a_write_that_was_cut_off_did_not_happen(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "orders.jsonl"
    request = OrderRequest("r1", "p", PHONE + "123", 5000, "CNY")
    OrderBook(clock, file).place(request)
    with file.open("ab") as lines:
        lines.write(b'{"request": {"refer')
    book = OrderBook(clock, file)
    book.place(OrderRequest("r2", "p", PHONE + "123", 5000, "CNY"))
    again = OrderBook(clock, file)
    assert again.find("r1") is not None
    assert again.find("r2") is not None


def test_an_order_says_what_is_wrong_with_it() -> None:
    with pytest.raises(MalformedOrderError, match="face_minor"):
        read_request(order("r1", PHONE + "123", face_minor="50"))
