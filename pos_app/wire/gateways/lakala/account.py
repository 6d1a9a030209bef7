"""Who a shop is at Lakala: its keys, how it signs, and whom it believes (open platform o.lakala.com: interface security).

Requests and answers are signed alike: SHA256withRSA, PKCS1 v1.5, over application id, serial, Unix seconds, nonce and
body, a line each. Answers carry all but the body in headers named Lklapi-Appid, -Serial, -Timestamp, -Nonce, -Signature.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import FieldKind, SetupField
from pos_app.wire.gateways.json_replies import read_object, text, unusable
from pos_app.wire.gateways.lakala.answers import Reply
from pos_app.wire.gateways.link import BEIJING
from pos_app.wire.gateways.rsa_keys import certificates, is_signed, key_of, private_key, public_key, sign
from pos_app.wire.gateways.setup_fields import FilledIn
from pos_app.wire.http import Exchange, Request

NAME = "lakala"
ADDRESS = "https://s2.lakala.com"

FIELDS = (
    SetupField("address", default=ADDRESS),
    SetupField("app_id"),
    SetupField("serial_no"),
    SetupField("private_key", FieldKind.KEY),
    SetupField("platform_certificate", FieldKind.KEY),
    SetupField("merchant_no"),
    SetupField("term_no"),
    SetupField("out_org_code", is_needed=False),  # the application id, unless an agency says otherwise
    SetupField("request_ip", default="127.0.0.1"),
)

_FRESH_S = 300
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Account:
    """One reading of the keyring: it serves one call."""

    address: str
    app_id: str
    serial_no: str
    merchant_no: str
    term_no: str
    out_org_code: str
    request_ip: str
    private_key: RSAPrivateKey = field(repr=False)
    platform_key: RSAPublicKey = field(repr=False)

    def request(self, path: str, data: Mapping[str, Any], now: datetime, nonce: str) -> Request:
        """`data` to `path` of the labs interface, signed: exactly the bytes that leave."""
        told = {
            "req_time": now.astimezone(BEIJING).strftime("%Y%m%d%H%M%S"),
            "version": "3.0",
            "out_org_code": self.out_org_code,
            "req_data": data,
        }
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        seconds = str(int(now.timestamp()))
        message = _message(self.app_id, self.serial_no, seconds, nonce, body)
        signature = sign(self.private_key, message)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Authorization": (
                f'LKLAPI-SHA256withRSA appid="{self.app_id}",serial_no="{self.serial_no}",'
                f'timestamp="{seconds}",nonce_str="{nonce}",signature="{signature}"'
            ),
        }
        return Request("POST", f"{self.address}/api/v3/labs/{path}", headers, body)

    def believe(self, exchange: Exchange, now: datetime) -> Reply:
        """What was answered, if it is theirs, to this application, and at most 300 s old; else Unreachable.

        The status is not signed, so nothing but 200 counts.
        """
        told = read_object(exchange)
        if exchange.status != 200:
            raise unusable(exchange)
        headers = exchange.headers
        names = ("appid", "serial", "timestamp", "nonce")
        app_id, serial, seconds, nonce = (headers.get(f"lklapi-{name}", "") for name in names)
        message = _message(app_id, serial, seconds, nonce, exchange.body)
        is_theirs = is_signed(self.platform_key, message, headers.get("lklapi-signature", ""))
        is_fresh = _SECONDS.fullmatch(seconds) and abs(now.timestamp() - int(seconds)) <= _FRESH_S
        if not is_theirs or not is_fresh or app_id != self.app_id:
            raise Unreachable("signature")
        data = told.get("resp_data")
        return Reply(text(told, "code"), data if isinstance(data, dict) else {})


class KeyReader:
    """Keys as objects, parsed once as long as their text stays the same: parsing takes longer than signing."""

    def __init__(self) -> None:
        self._parsed: dict[str, Any] = {}

    def account(self, told: Mapping[str, str]) -> Account:
        """GatewaySetupWrong with the key of a field that is missing or no good."""
        filled = FilledIn(NAME, FIELDS, told)
        return Account(
            address=filled.address(),
            app_id=filled["app_id"],
            serial_no=filled["serial_no"],
            merchant_no=filled["merchant_no"],
            term_no=filled["term_no"],
            out_org_code=filled["out_org_code"] or filled["app_id"],
            request_ip=filled["request_ip"],
            private_key=self._key(filled, "private_key", private_key),
            platform_key=self._key(filled, "platform_certificate", _public_key),
        )

    def _key(self, filled: FilledIn, name: str, parse: Callable[[str], Any]) -> Any:
        told = filled[name]
        if told not in self._parsed:
            key = parse(told)
            if key is None:
                raise GatewaySetupWrong(NAME, name)
            self._parsed[told] = key
        return self._parsed[told]


def _message(app_id: str, serial: str, seconds: str, nonce: str, body: bytes) -> bytes:
    return f"{app_id}\n{serial}\n{seconds}\n{nonce}\n".encode() + body + b"\n"


def _public_key(told: str) -> RSAPublicKey | None:
    chain = certificates(told)
    return key_of(chain[0]) if chain else public_key(told)
