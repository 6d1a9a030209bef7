"""Calls Alipay: each call signed, an answer believed only where Alipay's key signed its very text."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pos_app.domain.errors import DiskTrouble, Unreachable
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
from pos_app.wire.gateways import link, rsa_keys
from pos_app.wire.gateways.alipay import messages, setup, signing
from pos_app.wire.gateways.alipay.bill import read_bill
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.http import Exchange, Request

NAME = setup.NAME
ADDRESS = setup.ADDRESS
FIELDS = setup.FIELDS
RULES = GatewayRules(
    scans=frozenset({Wallet.ALIPAY}),
    shows=frozenset({Wallet.ALIPAY}),
    patience=timedelta(seconds=60),
    undo_within=timedelta(hours=24),
    shown_for=timedelta(minutes=2),
)

_PAY = "alipay.trade.pay"
_SHOW = "alipay.trade.precreate"
_ASK = "alipay.trade.query"
_CANCEL = "alipay.trade.cancel"
_REFUND = "alipay.trade.refund"
_ASK_REFUND = "alipay.trade.fastpay.refund.query"
_BILL = "alipay.data.dataservice.bill.downloadurl.query"
_CERTIFICATE = "alipay.open.app.alipaycert.download"


class AlipayGateway:
    """`ports.gateway.Gateway` of Alipay, payments face to face; every call may raise GatewaySetupWrong before it asks."""

    def __init__(self, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._keys = keys
        self._sender = sender
        self._clock = clock
        self._read: setup.Setup | None = None
        self._skew_s = 0

    @property
    def name(self) -> str:
        return NAME

    @property
    def rules(self) -> GatewayRules:
        return RULES

    @property
    def clock_skew_s(self) -> int:
        return self._skew_s

    def charge(self, charge: Charge) -> Answer:
        if charge.code is None:
            raise ValueError("there is no code to charge")
        content = messages.charge_content(charge, charge.code, self._setup())
        return messages.charged(self._ask(_PAY, content, is_once=True), charge.order)

    def show(self, charge: Charge) -> str:
        content = messages.show_content(charge, self._setup(), self._clock.now())
        return messages.shown(self._ask(_SHOW, content), charge.order)

    def ask(self, order: Order) -> Answer:
        return messages.asked(self._ask(_ASK, messages.order_content(order)), order)

    def undo(self, order: Order) -> Undoing:
        return messages.undone(self._ask(_CANCEL, messages.order_content(order)), order)

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """A repeat moves no money, so only a question tells whether the one before did."""
        answer = messages.refunded(self._ask(_REFUND, messages.refund_content(order, refund)), order)
        return self.ask_refund(order, refund) if answer is None else answer

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        told = self._ask(_ASK_REFUND, messages.refund_question(order, refund))
        return messages.refund_asked(told, order, refund)

    def bill(self, day: date) -> Bill | None:
        """The file itself is not signed: it is believed for the signed address that it lies at."""
        content = {"bill_type": "trade", "bill_date": day.isoformat()}
        address = messages.bill_address(self._ask(_BILL, content))
        if address is None:
            return None
        wanted = Request("GET", link.plain_address(address), {"Accept-Encoding": "identity"})
        exchange = self._sender.send(lambda: wanted)
        body = link.plain_body(exchange)
        if exchange.status != 200:
            raise Unreachable("not_ours")
        return read_bill(day, body)

    def begin_day(self) -> None:
        """Reads the keys, so that the first sale of the day does not."""
        self._setup()

    def _setup(self) -> setup.Setup:
        if self._read is None:
            self._read = setup.read_setup(self._keys.read())
        return self._read

    def _ask(self, method: str, content: Mapping[str, str], *, is_once: bool = False) -> Mapping[str, object]:
        """The believed answer to `method`; a payment is sent only once."""
        exchange = self._exchange(method, content, is_once=is_once)
        told = _read(exchange, method)
        key = self._setup().alipay_keys.get(told.certificate_number) or self._renewed(told.certificate_number)
        if key is None or not signing.is_signed(told, key):
            raise Unreachable("signature")
        if not isinstance(told.value, dict):
            raise Unreachable("not_ours")
        return told.value

    def _exchange(self, method: str, content: Mapping[str, str], *, is_once: bool = False) -> Exchange:
        def make() -> Request:
            return self._signed(method, content)

        exchange = self._sender.send_once(make()) if is_once else self._sender.send(make)
        self._skew_s = link.clock_skew_s(exchange, self._clock.now())
        return exchange

    def _signed(self, method: str, content: Mapping[str, str]) -> Request:
        ours = self._setup()
        parameters = {
            "app_id": ours.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": self._clock.now().astimezone(link.BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "app_cert_sn": ours.app_number,
            "alipay_root_cert_sn": ours.root_number,
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        }
        parameters = {key: text for key, text in parameters.items() if text}
        parameters["sign"] = signing.sign(parameters, ours.private_key)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded;charset=utf-8",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        address = f"{ours.address}/gateway.do?charset=utf-8"
        return Request("POST", address, headers, urlencode(parameters).encode())

    def _renewed(self, number: str) -> RSAPublicKey | None:
        """The key of the certificate that Alipay changed to, if a root that the shop filled in answers for it."""
        if not number or not self._setup().roots:
            return None
        try:
            told = _read(self._exchange(_CERTIFICATE, {"alipay_cert_sn": number}), _CERTIFICATE)
        except Unreachable as error:
            # Whatever became of this question, the one before it was sent.
            raise Unreachable("signature") from error
        content = told.value.get("alipay_cert_content") if isinstance(told.value, dict) else None
        try:
            chain = rsa_keys.certificates(base64.b64decode(str(content), validate=True).decode("ascii"))
        except ValueError:
            return None
        if not chain or signing.certificate_number(chain[0]) != number:
            return None
        # Merchants have certificates under the same roots: only the subject tells Alipay from them.
        is_theirs = chain[0].subject == self._setup().subject and rsa_keys.leads_to(
            chain, self._setup().roots
        )
        key = rsa_keys.key_of(chain[0])
        if key is None or not is_theirs or not signing.is_signed(told, key):
            return None
        known = {**self._setup().alipay_keys, number: key}
        self._read = replace(self._setup(), alipay_keys=known)
        with suppress(DiskTrouble):  # it can be fetched again
            self._keys.keep({setup.RENEWED: base64.b64decode(str(content)).decode("ascii")})
        return key


def _read(exchange: Exchange, method: str) -> signing.Told:
    body = link.plain_body(exchange)
    if exchange.status != 200:
        raise Unreachable("not_ours")
    told = signing.read(body, method)
    if not told.sign:
        raise Unreachable("not_ours")
    return told
