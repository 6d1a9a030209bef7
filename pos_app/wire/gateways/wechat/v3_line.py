"""The line to WeChat Pay V3: every request signed, an answer believed only under a key of WeChat Pay, and only fresh."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from pos_app.domain.errors import DiskTrouble, GatewaySetupWrong, Unreachable
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import GatewayKeys
from pos_app.wire.gateways import link
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.wechat import v3_signing
from pos_app.wire.gateways.wechat.setup import KEPT, NAME, Shop, V3Keys, platform_keys
from pos_app.wire.http import Exchange, Request

_FRESH_S = 300
_CERTIFICATES = "/v3/certificates"


@dataclass(frozen=True, slots=True)
class Told:
    """A believed answer; `is_done` says that it is no refusal."""

    is_done: bool
    value: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `target` is path and query."""

    method: str
    target: str
    content: Mapping[str, Any] | None = None


class V3Line:
    """Keeps the keys of WeChat Pay by their ids, and fetches certificates where it may."""

    def __init__(self, shop: Shop, ours: V3Keys, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._shop = shop
        self._ours = ours
        self._keys = keys
        self._sender = sender
        self._clock = clock
        self._believed = dict(ours.believed)
        self.skew_s = 0

    def tell(self, call: Call, *, is_once: bool = False) -> Told:
        """The believed answer, refusals included; a payment is sent only once."""
        exchange = self._exchange(call, is_once=is_once)
        body = link.plain_body(exchange)
        key_id = self._must_be_fresh(exchange).key_id
        if key_id not in self._believed and self._ours.sealing_key:
            try:
                self.fetch_certificates()
            except (Unreachable, GatewaySetupWrong) as error:
                # Whatever became of this question, the one before it was sent.
                raise Unreachable("signature") from error
        self._must_be_signed(exchange, body, self._believed)
        try:
            value = json.loads(body) if body else {}
        except (ValueError, RecursionError) as error:
            raise Unreachable("not_ours") from error
        if not isinstance(value, dict) or not (200 <= exchange.status < 300 or exchange.status >= 400):
            raise Unreachable("not_ours")
        # Some refusals come as 202 (USERPAYING): what has a code is none of what was asked for.
        return Told(exchange.status < 300 and "code" not in value, value)

    def download(self, address: str, sha1: str) -> bytes:
        """A file, whose bytes are not signed but whose hash was."""
        plain = link.plain_address(address)
        parts = urlsplit(plain)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        exchange = self._sender.send(
            lambda: Request("GET", plain, {**self._headers("GET", target, b""), "Accept": "*/*"})
        )
        body = link.plain_body(exchange)
        found = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        if exchange.status != 200 or found != sha1.lower():
            raise Unreachable("not_ours")
        return body

    def fetch_certificates(self) -> None:
        """Ask for the platform's certificates and believe those from now on, and no others.

        GatewaySetupWrong when the sealing key opens none, or the shop must use a public key instead.
        """
        exchange = self._exchange(Call("GET", _CERTIFICATES))
        body = link.plain_body(exchange)
        if exchange.status == 401:
            raise GatewaySetupWrong(NAME, "SIGN_ERROR")
        if exchange.status == 404 and self._ours.asked_id:
            return  # a merchant of the public-key mode has none
        if exchange.status == 404:
            raise GatewaySetupWrong(NAME, "public_key")
        if exchange.status != 200:
            raise Unreachable("not_ours")
        certificates = v3_signing.open_certificates(body, self._ours.sealing_key)
        if certificates is None:
            raise GatewaySetupWrong(NAME, "api_v3_key")
        own = {key_id: key for key_id, key in self._ours.believed.items() if key_id == self._ours.asked_id}
        fetched = platform_keys(certificates)
        # The first ones vouch for themselves: nobody else could seal them under the merchant's own key.
        self._must_be_fresh(exchange)
        self._must_be_signed(exchange, body, {**self._believed, **fetched})
        if fetched:
            self._keep(certificates)
            self._believed = {**own, **fetched}
        elif not own:
            raise GatewaySetupWrong(NAME, "public_key")

    def _keep(self, certificates: Mapping[str, str]) -> None:
        forgotten = {KEPT + key_id: "" for key_id in self._believed if key_id != self._ours.asked_id}
        changed = {**forgotten, **{KEPT + serial: text for serial, text in certificates.items()}}
        with suppress(DiskTrouble):  # they can be fetched again
            self._keys.keep(changed)

    def _exchange(self, call: Call, *, is_once: bool = False) -> Exchange:
        body = b""
        if call.content is not None:
            body = json.dumps(call.content, ensure_ascii=False, separators=(",", ":")).encode()

        def make() -> Request:
            headers = self._headers(call.method, call.target, body)
            return Request(call.method, self._shop.address + call.target, headers, body)

        exchange = self._sender.send_once(make()) if is_once else self._sender.send(make)
        self.skew_s = link.clock_skew_s(exchange, self._clock.now())
        return exchange

    def _headers(self, method: str, target: str, body: bytes) -> dict[str, str]:
        nonce = self._clock.new_id().replace("-", "")
        question = v3_signing.Question(method, target, body, int(self._clock.now().timestamp()), nonce)
        merchant = v3_signing.Merchant(self._shop.mchid, self._ours.serial)
        headers = {
            "Authorization": v3_signing.authorization(question, merchant, self._ours.private_key),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if body:
            headers["Content-Type"] = "application/json"
        if self._ours.asked_id:
            headers["Wechatpay-Serial"] = self._ours.asked_id
        return headers

    def _must_be_fresh(self, exchange: Exchange) -> v3_signing.Seal:
        seal = v3_signing.seal_of(exchange.headers)
        if seal is None:
            raise Unreachable("not_ours")
        if abs(self._clock.now().timestamp() - seal.timestamp) > _FRESH_S:
            raise Unreachable("signature")
        return seal

    def _must_be_signed(self, exchange: Exchange, body: bytes, believed: Mapping[str, RSAPublicKey]) -> None:
        seal = self._must_be_fresh(exchange)
        key = believed.get(seal.key_id)
        if key is None or not v3_signing.is_signed(seal, body, key):
            raise Unreachable("signature")
