"""The pieces beside the gateways: fields of a setup, JSON replies, and both clients over a real connection."""

from collections.abc import Callable, Iterator

import pytest

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import FieldKind, SetupField
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway, GatewayKeys
from pos_app.wire.gateways.json_replies import must_be, text
from pos_app.wire.gateways.lakala import Lakala
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.setup_fields import FilledIn
from pos_app.wire.gateways.shouqianba import Shouqianba
from pos_app.wire.http import Http, Patience
from tests.fakes.gateway_sender import MemoryKeys
from tests.fakes.till_clock import FakeClock
from tests.wire.gateways.facts import CALLS, ORDER, example, plain
from tests.wire.scripted_server import DROP, Part, ScriptedServer
from tests.wire.scripted_server import plain as said


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    started: list[ScriptedServer] = []

    def start(*script: Part) -> ScriptedServer:
        started.append(ScriptedServer(list(script)))
        return started[-1]

    yield start
    for server in started:
        server.close()


Make = Callable[[GatewayKeys, Sender, Clock], Gateway]
CLIENTS: dict[str, tuple[Make, str, str]] = {
    "shouqianba": (Shouqianba, "pay-paid", "query"),
    "lakala": (Lakala, "micropay-paid", "tradequery"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_pay_and_a_question_travel_as_they_are(name: str, serve: Callable[..., ScriptedServer]) -> None:
    """The bytes that were signed are the bytes that arrive, and the answer comes without a coding."""
    make, *files = CLIENTS[name]
    for case in (example(name, file) for file in files):
        headers = [f"{key}: {value}" for key, value in case.reply.headers.items()]
        server = serve(said(case.reply.status, case.reply.body, *headers))
        http = Http(Patience(), "test")
        gateway = make(MemoryKeys(case.keys | {"address": server.address}), http, FakeClock())
        assert plain(CALLS[case.call](gateway)) == case.read
        http.close()
        (heard,) = server.heard
        assert heard.body.decode() == case.request["body"]
        assert heard.target == "/" + case.request["url"].split("/", 3)[3]
        wanted = {key.lower(): value for key, value in case.request["headers"].items()}
        assert {key: heard.headers[key] for key in wanted} == wanted


@pytest.mark.parametrize("name", CLIENTS)
def test_a_pay_on_a_connection_that_was_dropped_is_not_said_again(
    name: str, serve: Callable[..., ScriptedServer]
) -> None:
    make, pay, question = CLIENTS[name]
    asked, paid = example(name, question), example(name, pay)
    headers = [f"{key}: {value}" for key, value in asked.reply.headers.items()]
    server = serve(said(200, asked.reply.body, *headers), DROP, DROP)
    http = Http(Patience(), "test")
    gateway = make(MemoryKeys(asked.keys | {"address": server.address}), http, FakeClock())
    gateway.ask(ORDER)
    with pytest.raises(Unreachable):
        CALLS[paid.call](gateway)
    http.close()
    assert len(server.heard) == 2


def test_a_field_is_looked_at_where_it_is_used() -> None:
    fields = (
        SetupField("mode", FieldKind.CHOICE, choices=("a", "b"), default="a"),
        SetupField("note", is_needed=False),
        SetupField("key", FieldKind.SECRET),
    )
    filled = FilledIn("x", fields, {"mode": " ", "key": "hush"})
    assert (filled["mode"], filled["note"], filled["key"]) == ("a", "", "hush")
    assert "hush" not in repr(filled)
    for told, key in (({"mode": "c"}, "mode"), ({"key": " "}, "key")):
        with pytest.raises(GatewaySetupWrong) as caught:
            FilledIn("x", fields, told)[key]
        assert (caught.value.name, caught.value.reason) == ("x", key)


@pytest.mark.parametrize(
    ("told", "read"), [("7", "7"), (7, "7"), (True, ""), (None, ""), (7.0, ""), ([7], ""), ({"a": 7}, "")]
)
def test_a_value_is_a_text_or_a_whole_number(told: object, read: str) -> None:
    assert text({"a": told}, "a") == read


def test_what_an_answer_names_must_be_ours() -> None:
    must_be({"a": "1", "b": ""}, {"a": "1", "b": "2", "c": "3"}, "a")
    for told in ({"a": "2"}, {"a": ""}, {}):
        with pytest.raises(Unreachable, match="not_ours"):
            must_be(told, {"a": "1"}, "a")
