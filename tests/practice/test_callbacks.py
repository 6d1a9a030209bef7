"""The practice supplier's callbacks, its clock and its holds, over real HTTP with a clock that the test moves."""

import hashlib
import hmac
import json
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from practice.suppliers.behaviour import BY_SUFFIX
from practice.suppliers.callbacks import KEY_ID, SECRET, CallbackSender, sign
from practice.suppliers.order_book import OrderBook
from practice.suppliers.top_up import AUTHORIZATION, top_up_supplier

NOW = 1_700_000_000.0
WAIT_S = 10


@dataclass
class Buyer:
    """Hears callbacks, and answers the first ones as it is told."""

    heard: "Queue[tuple[dict[str, str], bytes]]" = field(default_factory=Queue)
    answers: list[int] = field(default_factory=list)

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        headers, body = self.heard.get(timeout=WAIT_S)
        return headers, json.loads(body)


@dataclass
class Practice:
    port: int
    book: OrderBook
    buyer: Buyer

    def call(self, path: str, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, {"Authorization": AUTHORIZATION}
        )
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.loads(refusal.read())

    def place(self, suffix: str, reference: str = "r1") -> tuple[int, Any]:
        order = {"reference": reference, "product": "p", "account": "13800138" + suffix}
        return self.call("/orders", {**order, "face_minor": 5000, "currency": "CNY"})


@pytest.fixture
def practice() -> Iterator[Practice]:
    buyer = Buyer()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            buyer.heard.put((dict(self.headers), body))
            self.send_response(buyer.answers.pop(0) if buyer.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    door = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    book = OrderBook(lambda: NOW)
    sender = CallbackSender(f"http://127.0.0.1:{door.server_address[1]}/callbacks/practice", book.clock)
    server = top_up_supplier(book, 0, sender)
    threads = [Thread(target=each.serve_forever, kwargs={"poll_interval": 0.01}) for each in (door, server)]
    for thread in threads:
        thread.start()
    yield Practice(server.server_address[1], book, buyer)
    for each in (server, door):
        each.shutdown()
        each.server_close()
    for thread in threads:
        thread.join()


def test_an_end_is_told_with_a_signature_over_time_and_body(practice: Practice) -> None:
    practice.place("123")
    headers, raw = practice.buyer.heard.get(timeout=WAIT_S)
    told = json.loads(raw)
    assert told == {
        "event_id": "S00000001-success",
        "reference": "r1",
        "supplier_order": "S00000001",
        "product": "p",
        "face_minor": 5000,
        "currency": "CNY",
        "state": "success",
    }
    assert headers["X-Practice-Key"] == KEY_ID
    signed = headers["X-Practice-Timestamp"].encode() + b"." + raw
    assert headers["X-Practice-Signature"] == hmac.new(SECRET, signed, hashlib.sha256).hexdigest()


def test_its_clock_is_moved_and_later_ends_are_told_then(practice: Practice) -> None:
    practice.place("012")
    assert practice.buyer.next()[1]["state"] == "success"
    practice.place("002", "r2")
    assert practice.buyer.heard.empty()
    assert practice.call("/practice/advance", {"seconds": 3}) == (200, {"ok": True})
    headers, told = practice.buyer.next()
    assert (told["reference"], told["state"]) == ("r2", "success")
    assert headers["X-Practice-Timestamp"] == str(int(NOW))  # signatures bear everybody's time
    practice.call("/practice/advance", {"seconds": 57})
    assert practice.buyer.next()[1]["event_id"] == "S00000001-reversed"
    assert practice.call("/orders/r1")[1]["state"] == "reversed"
    assert practice.call("/orders")[1]["credits"] == {"13800138002": 1}


@pytest.mark.parametrize("wrong", [{}, {"seconds": "3"}, {"seconds": -1}, {"seconds": True}, []])
def test_time_does_not_run_backwards(practice: Practice, wrong: object) -> None:
    assert practice.call("/practice/advance", wrong)[0] == 400


def test_what_was_not_taken_is_told_again_later_under_the_same_event(practice: Practice) -> None:
    practice.buyer.answers[:] = [503, 401]
    practice.place("123")
    first = practice.buyer.next()[1]
    for pause_s in (5, 15):
        practice.call("/practice/advance", {"seconds": pause_s})
        assert practice.buyer.next()[1] == first
    practice.call("/practice/advance", {"seconds": 100_000})
    assert practice.buyer.heard.empty()


def test_the_callback_comes_before_the_reply(practice: Practice) -> None:
    assert practice.place("013")[1]["state"] == "success"
    assert practice.buyer.heard.get_nowait()[0]["X-Practice-Key"] == KEY_ID
    practice.buyer.answers[:] = [500]
    practice.place("013", "r2")
    practice.buyer.heard.get_nowait()
    practice.call("/practice/advance", {"seconds": 5})
    assert practice.buyer.next()[1]["reference"] == "r2"


def test_the_callback_comes_twice(practice: Practice) -> None:
    practice.place("014")
    practice.call("/practice/advance", {"seconds": 3})
    assert practice.buyer.next()[1] == practice.buyer.next()[1]


def test_a_forged_one_bears_a_signature_of_somebody_else(practice: Practice) -> None:
    practice.place("015")
    headers, raw = practice.buyer.heard.get(timeout=WAIT_S)
    assert json.loads(raw)["state"] == "success"
    assert headers["X-Practice-Signature"] != sign(raw, NOW)["X-Practice-Signature"]


def test_another_amount_is_signed_well(practice: Practice) -> None:
    practice.place("016")
    headers, raw = practice.buyer.heard.get(timeout=WAIT_S)
    assert json.loads(raw)["face_minor"] == 10_000
    assert headers["X-Practice-Signature"] == sign(raw, NOW)["X-Practice-Signature"]


def test_a_duplicate_a_hidden_and_a_lost_order(practice: Practice) -> None:
    assert [practice.place("011")[0] for _ in range(2)] == [409, 409]
    assert practice.call("/orders/r1")[1]["state"] == "success"
    for suffix, reference, found in (("017", "r2", [404, 200]), ("018", "r3", [404, 404])):
        with pytest.raises(ConnectionError):
            practice.place(suffix, reference)
        assert [practice.call(f"/orders/{reference}")[0] for _ in range(2)] == found
        assert practice.place(suffix, reference)[1]["state"] == "success"
    assert practice.call("/practice/heard")[1]["r3"] == {"orders": 2, "questions": 2}
    assert set(practice.call("/orders")[1]["credits"].values()) == {1}


@pytest.mark.parametrize(("suffix", "is_booked"), [("020", False), ("021", True), ("022", True)])
def test_an_order_is_held_until_it_is_released(practice: Practice, suffix: str, is_booked: bool) -> None:
    with ThreadPoolExecutor(1) as pool:
        placed = pool.submit(practice.place, suffix)
        assert practice.call("/practice/held")[1] == {"held": 1}
        assert bool(practice.call("/orders")[1]["orders"]) == is_booked
        assert not placed.done()
        assert practice.call("/practice/release", {})[0] == 200
        assert placed.result(WAIT_S)[1]["state"] == "success"
    assert practice.place(suffix)[0] == 200  # only the first is held


@pytest.mark.parametrize(("suffix", "places"), [("023", True), ("024", True), ("027", False)])
def test_a_question_is_held_until_it_is_released(practice: Practice, suffix: str, places: bool) -> None:
    if places:
        with pytest.raises(ConnectionError):
            practice.place(suffix)
    else:
        practice.place(suffix)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(practice.call, "/orders/r1")
        practice.call("/practice/held?count=1")
        assert not asked.done()
        practice.call("/practice/release", {})
        assert asked.result(WAIT_S)[0] == 200


def test_a_buyer_that_is_not_there_is_tried_again() -> None:
    sender = CallbackSender("http://127.0.0.1:9/x", OrderBook(lambda: NOW).clock)
    sender.close()
    assert "callbacks" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(ValueError, match="http"):
        CallbackSender("ftp://nowhere", OrderBook(lambda: NOW).clock)


def test_every_suffix_stands_on_its_page() -> None:
    from tests.test_docs import DOCS, rows_of

    page = DOCS / "practice-supplier.md"
    assert [row[0] for row in rows_of(page, "## What an account does")] == sorted(BY_SUFFIX)
