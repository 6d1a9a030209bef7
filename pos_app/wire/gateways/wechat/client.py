"""WeChat Pay as a gateway: the calls go by interface V3, or by V2 where a shop is not let onto V3 yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import (
    Answer,
    Bill,
    Charge,
    GatewayRules,
    Order,
    RefundAnswer,
    RefundOrder,
    Undoing,
)
from pos_app.domain.payment_code import Wallet
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import GatewayKeys
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.wechat import setup
from pos_app.wire.gateways.wechat.v2 import V2
from pos_app.wire.gateways.wechat.v3 import V3
from pos_app.wire.gateways.wechat.v3_line import V3Line

NAME = setup.NAME
ADDRESS = setup.ADDRESS
FIELDS = setup.FIELDS
RULES = GatewayRules(
    scans=frozenset({Wallet.WECHAT}),
    shows=frozenset({Wallet.WECHAT}),
    patience=timedelta(seconds=45),
    undo_after=timedelta(seconds=15),
    undo_within=timedelta(days=7),
    shown_for=timedelta(minutes=2),
)


class WechatGateway:
    """`ports.gateway.Gateway` of WeChat Pay; every call may raise GatewaySetupWrong before it asks."""

    def __init__(self, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._keys = keys
        self._sender = sender
        self._clock = clock
        self._filled: dict[str, str] | None = None
        self._calls: V3 | V2 | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def rules(self) -> GatewayRules:
        """A shop can only show a code when it has filled in where it would be called about it."""
        return RULES if self._fields()["notify_url"] else replace(RULES, shows=frozenset())

    @property
    def clock_skew_s(self) -> int:
        return self._calls.skew_s if self._calls is not None else 0

    def charge(self, charge: Charge) -> Answer:
        if charge.code is None:
            raise ValueError("there is no code to charge")
        return self._api().charge(charge, charge.code)

    def show(self, charge: Charge) -> str:
        if not self._fields()["notify_url"]:
            raise GatewaySetupWrong(NAME, "notify_url")
        return self._api().show(charge)

    def ask(self, order: Order) -> Answer:
        return self._api().ask(order)

    def undo(self, order: Order) -> Undoing:
        return self._api().undo(order)

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        return self._api().refund(order, refund)

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        return self._api().ask_refund(order, refund)

    def bill(self, day: date) -> Bill | None:
        return self._api().bill(day)

    def begin_day(self) -> None:
        """Reads the keys; in certificate mode fetches the platform's certificates."""
        self._api().begin_day()

    def _fields(self) -> dict[str, str]:
        if self._filled is None:
            self._filled = setup.fields_of(self._keys.read())
        return self._filled

    def _api(self) -> V3 | V2:
        if self._calls is None:
            fields = self._fields()
            shop = setup.read_shop(fields)
            if fields["api"] == "v2":
                self._calls = V2(shop, setup.read_v2(fields), self._sender, self._clock)
            else:
                ours = setup.read_v3(fields)
                line = V3Line(shop, ours, self._keys, self._sender, self._clock)
                self._calls = V3(shop, line, has_certificates=bool(ours.sealing_key))
        return self._calls
