"""A counter at a practice gateway: the real client, the real flows, and a gateway that keeps money and misbehaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import urlsplit

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import Way
from pos_app.domain.payment_code import Wallet
from pos_app.ports.gateway import Gateway
from pos_app.wire.http import Exchange, Request
from practice.gateways.bank import Bank
from practice.gateways.call import Call
from practice.gateways.mischief import Mischief, Ruled
from practice.gateways.opening import GATEWAYS
from practice.gateways.teller import Teller
from tests.fakes.till_clock import FakeClock

# The client for each practice gateway, and what is filled in beside what the gateway handed out.
CLIENTS: Mapping[str, str] = {
    "shouqianba": "shouqianba",
    "lakala": "lakala",
    "alipay": "alipay",
    "alipay-certificates": "alipay",
    "wechat": "wechat",
    "wechat-certificates": "wechat",
    "wechat-v2": "wechat",
}
ADDRESS = "http://127.0.0.1:9"


@dataclass
class MemoryKeys:
    """A gateway's fields, remembered."""

    fields: dict[str, str] = field(default_factory=dict)

    def read(self) -> Mapping[str, str]:
        return dict(self.fields)

    def keep(self, changed: Mapping[str, str]) -> None:
        self.fields = {key: value for key, value in {**self.fields, **changed}.items() if value}


@dataclass
class PracticeSender:
    """Carries bytes to a teller in this process; a closed connection is Unreachable, as over the wire.

    `dates` is the clock of the Date that answers bear; without one they bear none.
    """

    teller: Teller
    sent: list[Request] = field(default_factory=list)
    is_down: bool = False
    dates: Callable[[], float] | None = None

    def send(self, make: Callable[[], Request]) -> Exchange:
        return self.send_once(make())

    def send_once(self, request: Request) -> Exchange:
        if self.is_down:
            raise Unreachable("down", was_sent=False)
        self.sent.append(request)
        parts = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self.teller.answer(Call(request.method, parts.path, parts.query, headers, request.body))
        if reply is None:
            raise Unreachable("timeout")
        told = {name.lower(): value for name, value in reply.headers.items()}
        if self.dates is not None:
            told["date"] = formatdate(self.dates(), usegmt=True)
        return Exchange(request, reply.status, told, reply.body)


@dataclass
class Wired:
    """One client and its gateway, as `Gateways` of a till."""

    name: str
    gateway: Gateway
    teller: Teller
    sender: PracticeSender
    keys: MemoryKeys

    @property
    def clock_skew_s(self) -> int:
        return self.gateway.clock_skew_s

    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def for_wallet(self, wallet: Wallet, way: Way) -> str | None:
        rules = self.gateway.rules
        return self.name if wallet in (rules.scans if way is Way.SCANNED else rules.shows) else None

    def named(self, name: str) -> Gateway:
        assert name == self.name
        return self.gateway


def wire(
    practice: str, clock: FakeClock, mischief: Mischief | None = None, *, remembers: bool = True
) -> Wired:
    """The client of this practice gateway, set up from what the gateway hands out, all on one simulated clock."""

    def now() -> float:
        return clock.now().timestamp()

    is_v2 = practice == "wechat-v2"
    teller = GATEWAYS["wechat" if is_v2 else practice](
        Bank(now, remembers=remembers), mischief or Ruled(), now
    )
    name = CLIENTS[practice]
    keys = MemoryKeys(fields_of(practice, teller.setup))
    sender = PracticeSender(teller)
    return Wired(name, KINDS[name]().make(keys, sender, clock), teller, sender, keys)


def fields_of(practice: str, setup: Mapping[str, str], address: str = ADDRESS) -> dict[str, str]:
    """What a shop fills in, under the client's names."""
    names = {"appid": "app_id"} if practice == "lakala" else {}
    fields = {names.get(key, key): value for key, value in setup.items()}
    fields["address"] = address
    if practice == "shouqianba":
        fields.setdefault("device_id", "till-1")
    if practice == "wechat-v2":
        fields["api"] = "v2"
    if practice.startswith("wechat"):
        fields.setdefault("notify_url", "https://shop.example/notify")
    return fields
