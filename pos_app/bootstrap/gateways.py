"""The payment gateways that this till is set up for, made when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app import __version__
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.errors import GatewaySetupWrong, GatewayUnknown
from pos_app.domain.gateway import FieldKind, FilledField, GatewayRules, GatewaySetup, Order, SetupField, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.places import Places
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateway, GatewayKeys

if TYPE_CHECKING:
    from pos_app.wire.gateways.sender import Sender

_NEVER = "CHECK0NEVER"  # no order of ours is called so: they have 17 letters and digits


@dataclass(frozen=True)
class GatewayKind:
    """One gateway that we speak to: what a shop fills in for it, what it can do, and how it is made.

    `check` looks at filled-in fields without asking anybody; GatewaySetupWrong with the key of one that is no good.
    A new value of a field in `renewed_by` makes void what the gateway handed us since, as a new address always does.
    """

    fields: tuple[SetupField, ...]
    rules: GatewayRules
    make: Callable[[GatewayKeys, Sender, Clock], Gateway]
    check: Callable[[Mapping[str, str]], object]
    renewed_by: tuple[str, ...] = ()


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

    def skew_of(self, name: str) -> int:
        made = self._made.get(name)
        return 0 if made is None else made.clock_skew_s

    def made_anew(self, name: str) -> None:
        """What is filled in for it has changed: the next call reads it."""
        self._made.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._chosen() if name in self._kinds)

    def for_wallet(self, wallet: Wallet, way: Way) -> str | None:
        for name in self.names():
            kind = self._kinds[name]()
            # What it can show hangs on what is filled in (WeChat Pay wants an address for notices); a scan never does.
            if wallet in (kind.rules.scans if way is Way.SCANNED else self.named(name).rules.shows):
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
        self._sets: list[SetUpGateways] = []

    def gateways(self) -> SetUpGateways:
        """A set of their own: connections are not shared between lanes."""
        from pos_app.wire.http import Http, Patience
        from pos_app.wire.system_clock import SystemClock

        # Slow answers are normal when a wallet tries several cards: a reply is waited for longer than the platform's.
        http = Http(Patience(read_s=30.0, whole_s=40.0), f"pos_app/{__version__}")
        made = SetUpGateways(KINDS, self.chosen, self.keys, http, SystemClock())
        self._sets.append(made)
        return made

    def chosen(self) -> tuple[str, ...]:
        return tuple(name for name in self._settings.now().gateways.split(",") if name)

    # --- what the settings page does ---

    def setups(self) -> tuple[GatewaySetup, ...]:
        """Every gateway that we speak to, the chosen ones first, in their order."""
        chosen = [name for name in self.chosen() if name in KINDS]
        return tuple(self._setup(name, name in chosen) for name in dict.fromkeys((*chosen, *KINDS)))

    def fill_in(self, name: str, values: Mapping[str, str]) -> None:
        """Keep these fields, all or none: an empty value forgets one, what is not named stays as it is.

        GatewaySetupWrong with the key of the field that is missing or no good: nothing is kept then.
        """
        kind, kept = KINDS[name](), self.keys(name).read()
        ours = {each.key for each in kind.fields}
        told = {key: value.strip() for key, value in values.items() if key in ours}
        changed = {key: value for key, value in told.items() if value != kept.get(key, "")}
        if any(key in changed for key in ("address", *kind.renewed_by)):
            changed.update({key: "" for key in kept if key not in ours})
        kind.check({key: value for key, value in {**kept, **changed}.items() if value})
        if changed:
            self.keys(name).keep(changed)
        for each in self._sets:
            each.made_anew(name)

    def choose(self, names: Sequence[str]) -> None:
        """These take electronic money from now on, asked in this order; GatewaySetupWrong for one that is not set up."""
        for name in names:
            KINDS[name]().check(self.keys(name).read())
        self._settings.keep({"gateways": ",".join(names)})

    def ask(self, name: str) -> int:
        """Speak to it: what is done at the start of a day, and a question about an order that never was.

        By how many seconds this PC's clock is off. GatewaySetupWrong or Unreachable when it does not understand us.
        """
        from pos_app.wire.system_clock import SystemClock

        gateway = self._sets[-1].named(name)
        gateway.begin_day()
        gateway.ask(Order(_NEVER, Money(1), Way.SCANNED, SystemClock().now()))
        return gateway.clock_skew_s

    def _setup(self, name: str, is_on: bool) -> GatewaySetup:
        kind, kept = KINDS[name](), self.keys(name).read()
        fields = tuple(_seen(each, kept.get(each.key, "")) for each in kind.fields)
        skew_s = max((each.skew_of(name) for each in self._sets), key=abs, default=0)
        wrong = ""
        try:
            kind.check(kept)
        except GatewaySetupWrong as error:
            wrong = error.reason
        return GatewaySetup(name, is_on, fields, wrong, skew_s)

    def keys(self, name: str) -> GatewayKeys:
        from pos_app.store.gateway_keys import StoredGatewayKeys

        if name not in self._keys:
            self._keys[name] = StoredGatewayKeys(self._where.till, self._where.keys, self._use_keyring, name)
        return self._keys[name]


def _seen(field: SetupField, kept: str) -> FilledField:
    """Only what is no secret."""
    if field.kind in (FieldKind.TEXT, FieldKind.CHOICE):
        return FilledField(field, kept or field.default, bool(kept))
    return FilledField(field, "", bool(kept))


def _shouqianba() -> GatewayKind:
    from pos_app.wire.gateways.shouqianba.client import RULES, Shouqianba
    from pos_app.wire.gateways.shouqianba.terminal import FIELDS, check_fields

    return GatewayKind(FIELDS, RULES, Shouqianba, check_fields, ("activation_code",))


def _alipay() -> GatewayKind:
    from pos_app.wire.gateways.alipay.client import FIELDS, RULES, AlipayGateway
    from pos_app.wire.gateways.alipay.setup import read_setup

    return GatewayKind(FIELDS, RULES, AlipayGateway, read_setup, ("app_id", "alipay_certificate"))


def _wechat() -> GatewayKind:
    from pos_app.wire.gateways.wechat.client import FIELDS, RULES, WechatGateway
    from pos_app.wire.gateways.wechat.setup import check_fields

    return GatewayKind(FIELDS, RULES, WechatGateway, check_fields, ("mchid",))


def _lakala() -> GatewayKind:
    from pos_app.wire.gateways.lakala.account import FIELDS, KeyReader
    from pos_app.wire.gateways.lakala.client import RULES, Lakala

    return GatewayKind(FIELDS, RULES, Lakala, lambda told: KeyReader().account(told))


# Each is read when it is first wanted: a till that takes cash only loads none of them.
KINDS: Mapping[str, Callable[[], GatewayKind]] = {
    "shouqianba": _shouqianba,
    "alipay": _alipay,
    "wechat": _wechat,
    "lakala": _lakala,
}
