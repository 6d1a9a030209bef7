"""Both wallets over the real line: said once whatever the network does, and only what never left may count as unsent."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import Standing
from pos_app.ports.gateway import Gateway
from pos_app.wire.gateways.alipay.client import AlipayGateway
from pos_app.wire.gateways.wechat.client import WechatGateway
from pos_app.wire.http import Http, Patience, Request
from tests.fakes.scripted_wallets import MemoryKeys, Reply
from tests.fakes.till_clock import FakeClock
from tests.wire.gateways import test_alipay, test_wechat_v2, test_wechat_v3
from tests.wire.scripted_server import DROP, ScriptedServer, plain

Serve = Callable[..., ScriptedServer]
QUICK = Patience(connect_s=1, read_s=0.2, whole_s=5)
WALLETS: list[tuple[Any, Any, Reply]] = [
    (AlipayGateway, test_alipay, test_alipay.SIDE.answer(test_alipay.PAY, test_alipay.PAID)),
    (WechatGateway, test_wechat_v3, test_wechat_v3.SIDE.answer(200, test_wechat_v3.PAID)),
    (WechatGateway, test_wechat_v2, test_wechat_v2.answer(test_wechat_v2.PAID)),
]
EACH = pytest.mark.parametrize(("kind", "facts", "paid"), WALLETS, ids=["alipay", "wechat v3", "wechat v2"])


def gateway(kind: Any, facts: Any, address: str) -> Gateway:
    made: Gateway = kind(MemoryKeys({**facts.FILLED, "address": address}), Http(QUICK, "test"), FakeClock())
    return made


def travelling(reply: Reply) -> bytes:
    exchange = reply(Request("POST", "http://127.0.0.1/", {}))
    lines = [f"{name}: {text}" for name, text in exchange.headers.items()]
    return plain(exchange.status, exchange.body, *lines)


@EACH
def test_paid(serve: Serve, kind: Any, facts: Any, paid: Reply) -> None:
    server = serve(travelling(paid))
    assert gateway(kind, facts, server.address).charge(facts.CHARGE).standing is Standing.PAID
    assert server.heard[0].headers["accept-encoding"] == "identity"


@EACH
@pytest.mark.parametrize("half", [True, False])
def test_the_answer_is_lost(serve: Serve, kind: Any, facts: Any, paid: Reply, half: bool) -> None:
    server = serve(travelling(paid)[:-40] if half else DROP, hang_after=None)
    with pytest.raises(Unreachable) as caught:
        gateway(kind, facts, server.address).charge(facts.CHARGE)
    assert caught.value.was_sent
    assert len(server.heard) == 1


@EACH
def test_the_answer_never_comes(serve: Serve, kind: Any, facts: Any, paid: Reply) -> None:
    server = serve(b"HTTP/1.1 200", hang_after=0)
    with pytest.raises(Unreachable) as caught:
        gateway(kind, facts, server.address).charge(facts.CHARGE)
    assert (caught.value.cause, caught.value.was_sent) == ("timeout", True)
    assert len(server.heard) == 1


@EACH
def test_a_kept_connection_that_was_dropped_does_not_charge_twice(
    serve: Serve, kind: Any, facts: Any, paid: Reply
) -> None:
    server = serve(travelling(paid), DROP, travelling(paid))
    client = gateway(kind, facts, server.address)
    assert client.charge(facts.CHARGE).standing is Standing.PAID
    with pytest.raises(Unreachable) as caught:
        client.charge(facts.CHARGE)
    assert caught.value.was_sent
    assert len(server.heard) == 2


@EACH
def test_nobody_listens(kind: Any, facts: Any, paid: Reply) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        gateway(kind, facts, f"http://127.0.0.1:{port}").charge(facts.CHARGE)
    assert not caught.value.was_sent
