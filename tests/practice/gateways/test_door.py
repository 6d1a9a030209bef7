"""A practice gateway behind its door: real HTTP, and the commands for tests and the demo."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest

from practice.gateways.bank import Bank
from practice.gateways.door import Door, gateway_server
from practice.gateways.mischief import ByCode, Commanded
from practice.suppliers.desk import MovableClock
from tests.practice.gateways.plain import CODE, Hands, Plain

AUTHORIZED = {"Authorization": "Bearer practice"}


class Client:
    """Asks over HTTP; None for a connection that was closed without a byte."""

    def __init__(self, port: int) -> None:
        self._port = port

    def ask(self, method: str, path: str, **fields: object) -> Any:
        status, content = self.raw(method, path, json.dumps(fields).encode(), AUTHORIZED)
        assert status == 200, content
        return content

    def raw(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()


@contextmanager
def opened() -> Iterator[Client]:
    clock = MovableClock(Hands())
    commanded = Commanded(ByCode())
    server = gateway_server(Door(Plain(Bank(clock), commanded, clock.unmoved), commanded, clock))
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield Client(server.server_address[1])
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with opened() as one:
        yield one


def truth_of(client: Client, number: str) -> Any:
    return next(each for each in client.ask("GET", "/practice/truth")["orders"] if each["number"] == number)


def test_a_payment_over_the_wire_and_its_truth(client: Client) -> None:
    code = client.ask("POST", "/practice/code", wallet="wechat", ending="900")["code"]
    assert code[-3:] == "900"
    assert client.ask("POST", "/pay/H1", amount=500, code=code)["state"] == "paid"
    assert truth_of(client, "H1") == {
        "number": "H1",
        "state": "paid",
        "amount": 500,
        "refunded": 0,
        "charged": 1,
        "kept": 500,
        "heard": {"pay": 1},
    }


def test_a_lost_answer_is_a_closed_connection(client: Client) -> None:
    client.ask("POST", "/practice/mischief", kind="pay", number="H2", faults=["lost_after"])
    with pytest.raises(http.client.RemoteDisconnected):
        client.ask("POST", "/pay/H2", amount=500, code="130000000000000902")
    assert truth_of(client, "H2")["charged"] == 1


def test_time_passes_on_command(client: Client) -> None:
    assert client.ask("POST", "/pay/H3", amount=500, code="130000000000903002")["state"] == "waiting"
    client.ask("POST", "/practice/advance", seconds=8)
    assert client.ask("POST", "/ask/H3")["state"] == "paid"


@pytest.mark.parametrize("how", [{"number": "H4"}, {"qr": "qr:H4b"}])
def test_a_customer_pays_what_is_shown(client: Client, how: dict[str, str]) -> None:
    number = how.get("number") or how["qr"].removeprefix("qr:")
    client.ask("POST", f"/show/{number}", amount=500)
    assert client.ask("POST", "/practice/pay", **how)["state"] == "paid"
    assert truth_of(client, number)["kept"] == 500


def test_nobody_pays_what_is_not_shown(client: Client) -> None:
    assert client.ask("POST", "/practice/pay", qr="qr:nothing")["refusal"] == "no_order"


def test_commands_are_for_those_who_know_the_word(client: Client) -> None:
    assert client.raw("GET", "/practice/truth", b"", {})[0] == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("mischief", b'{"kind": "pay", "faults": ["whatever"]}'),
        ("mischief", b'{"faults": []}'),
        ("advance", b'{"seconds": -1}'),
        ("pay", b'{"number": "H4", "doing": "dances"}'),
        ("code", b'{"wallet": "purse"}'),
        ("code", b'{"wallet": "wechat", "ending": "abc"}'),
        ("dance", b"{}"),
        ("advance", b"[]"),
        ("advance", b"{"),
    ],
)
def test_a_command_that_says_nothing_is_refused(client: Client, path: str, body: bytes) -> None:
    assert client.raw("POST", f"/practice/{path}", body, AUTHORIZED)[0] == 400


def test_a_body_without_end_is_refused(client: Client) -> None:
    headers = {"Content-Length": "999999999"}
    connection = http.client.HTTPConnection("127.0.0.1", client._port, timeout=10)
    connection.request("POST", "/pay/H9", b"", headers)
    assert connection.getresponse().status == 413
    connection.close()


def test_an_ending_of_the_demo_code_is_used_as_it_is_written() -> None:
    with opened() as client:
        assert client.ask("POST", "/pay/A1", amount=500, code=CODE[:-3] + "003")["state"] == "waiting"
