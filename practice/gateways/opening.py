"""Opens a practice gateway by its name, with everything that belongs to it."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from http.server import ThreadingHTTPServer

from practice.gateways.alipay.gateway import AlipayGateway
from practice.gateways.bank import Bank
from practice.gateways.door import Door, gateway_server
from practice.gateways.lakala import Lakala
from practice.gateways.mischief import ByCode, Commanded, Mischief
from practice.gateways.shouqianba import Shouqianba
from practice.gateways.teller import Teller
from practice.gateways.wechat.gateway import WeChatGateway
from practice.gateways.wechat.keys import Proof
from practice.suppliers.desk import MovableClock

# Each is made of its bank, its mischief, and the clock that its signatures bear.
GATEWAYS: Mapping[str, Callable[[Bank, Mischief, Callable[[], float]], Teller]] = {
    "shouqianba": Shouqianba,
    "lakala": Lakala,
    "alipay": AlipayGateway,
    "alipay-certificates": partial(AlipayGateway, has_certificates=True),
    "wechat": WeChatGateway,
    "wechat-certificates": partial(WeChatGateway, proof=Proof.CERTIFICATES),
}


def open_gateway(
    name: str, port: int = 0, *, remembers: bool = True
) -> tuple[ThreadingHTTPServer, dict[str, str]]:
    """A gateway on loopback that the caller serves and closes, and what a till fills in to use it.

    OSError when the port is taken, OverflowError when it is none.
    """
    clock = MovableClock(time.time)
    commanded = Commanded(ByCode())
    teller = GATEWAYS[name](Bank(clock, remembers=remembers), commanded, clock.unmoved)
    return gateway_server(Door(teller, commanded, clock), port), teller.setup
