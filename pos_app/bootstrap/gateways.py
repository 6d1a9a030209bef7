"""The payment gateways that this till is set up for, made when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app import __version__
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import GatewayUnknown
from pos_app.domain.gateway import GatewayRules, SetupField, Way
from pos_app.domain.payment_code import Wallet
from pos_app.places import Places
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway, GatewayKeys

if TYPE_CHECKING:
    from pos_app.wire.gateways.sender import Sender


@dataclass(frozen=True)
class GatewayKind:
    """One gateway that we speak to: what a shop fills in for it, what it can do, and how it is made."""

    fields: tuple[SetupField, ...]
    rules: GatewayRules
    make: Callable[[GatewayKeys, Sender, Clock], Gateway]


class SetUpGateways:
    """`chosen` are the names in the order in which a wallet is looked for; each speaks over its own `sender`."""

    def __init__(
        self,
        kinds: Mapping[str, Callable[[], GatewayKind]],
        chosen: Callable[[], tuple[str, ...]],
        keys: Callable[[str], GatewayKeys],
        sender: Sender,
        clock: Clock,
    ) -> None:
        self._kinds, self._chosen, self._keys = kinds, chosen, keys
        self._sender, self._clock = sender, clock
        self._made: dict[str, Gateway] = {}

    @property
    def clock_skew_s(self) -> int:
        return max((each.clock_skew_s for each in tuple(self._made.values())), key=abs, default=0)

    def made_anew(self, name: str) -> None:
        """What is filled in for it has changed: the next call reads it."""
        self._made.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._chosen() if name in self._kinds)

    def for_wallet(self, wallet: Wallet, way: Way) -> str | None:
        for name in self.names():
            rules = self._kinds[name]().rules
            if wallet in (rules.scans if way is Way.SCANNED else rules.shows):
                return name
        return None

    def named(self, name: str) -> Gateway:
        """Also one that is no longer chosen: its open payments are followed to their end."""
        if name not in self._kinds:
            raise GatewayUnknown(name)
        if name not in self._made:
            self._made[name] = self._kinds[name]().make(self._keys(name), self._sender, self._clock)
        return self._made[name]


class PayWiring:
    """Makes the gateways of one till; the secrets of each are read once for all who speak to it."""

    def __init__(self, where: Places, use_keyring: bool, settings: TillSettings) -> None:
        self._where, self._use_keyring, self._settings = where, use_keyring, settings
        self._keys: dict[str, GatewayKeys] = {}

    def gateways(self) -> SetUpGateways:
        """A set of their own: connections are not shared between lanes."""
        from pos_app.wire.http import Http, Patience
        from pos_app.wire.system_clock import SystemClock

        # Slow answers are normal when a wallet tries several cards: a reply is waited for longer than the platform's.
        http = Http(Patience(read_s=30.0, whole_s=40.0), f"pos_app/{__version__}")
        return SetUpGateways(KINDS, self.chosen, self.keys, http, SystemClock())

    def chosen(self) -> tuple[str, ...]:
        return tuple(name for name in self._settings.now().gateways.split(",") if name)

    def keys(self, name: str) -> GatewayKeys:
        from pos_app.store.gateway_keys import StoredGatewayKeys

        if name not in self._keys:
            self._keys[name] = StoredGatewayKeys(self._where.till, self._where.keys, self._use_keyring, name)
        return self._keys[name]


def _shouqianba() -> GatewayKind:
    from pos_app.wire.gateways.shouqianba.client import RULES, Shouqianba
    from pos_app.wire.gateways.shouqianba.terminal import FIELDS

    return GatewayKind(FIELDS, RULES, Shouqianba)


def _alipay() -> GatewayKind:
    from pos_app.wire.gateways.alipay.client import FIELDS, RULES, AlipayGateway

    return GatewayKind(FIELDS, RULES, AlipayGateway)


def _wechat() -> GatewayKind:
    from pos_app.wire.gateways.wechat.client import FIELDS, RULES, WechatGateway

    return GatewayKind(FIELDS, RULES, WechatGateway)


def _lakala() -> GatewayKind:
    from pos_app.wire.gateways.lakala.account import FIELDS
    from pos_app.wire.gateways.lakala.client import RULES, Lakala

    return GatewayKind(FIELDS, RULES, Lakala)


# Each is read when it is first wanted: a till that takes cash only loads none of them.
KINDS: Mapping[str, Callable[[], GatewayKind]] = {
    "shouqianba": _shouqianba,
    "alipay": _alipay,
    "wechat": _wechat,
    "lakala": _lakala,
}
