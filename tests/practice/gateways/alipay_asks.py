"""A merchant of Alipay, as plain as can be: signs its requests and believes only what is signed."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from practice.gateways.alipay.gateway import AlipayGateway
from practice.gateways.alipay.keys import make_alipay_keys
from practice.gateways.bank import Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Mischief, Ruled
from tests.practice.gateways.plain import Hands

CODE = "280000000000000000"
NOON = 1_700_020_800.0  # 12:00 in Beijing
KEYS = make_alipay_keys(NOON)


class Merchant:
    """`certificates` by SN: in certificate mode the answer names the one that signed it."""

    def __init__(self, setup: dict[str, str], now: float = NOON) -> None:
        key = load_pem_private_key(setup["private_key"].encode(), None)
        assert isinstance(key, RSAPrivateKey)
        self.key, self.now, self.app_id = key, now, setup["app_id"]
        self.extra: dict[str, str] = {}
        self.certificates: dict[str, RSAPublicKey] = {}
        self.public: RSAPublicKey | None = None
        if setup["mode"] == "key":
            public = load_pem_public_key(setup["alipay_public_key"].encode())
            assert isinstance(public, RSAPublicKey)
            self.public = public
            return
        roots = setup["alipay_root_certificate"].split("-----BEGIN")[1:]
        self.extra = {
            "app_cert_sn": sn(setup["app_certificate"]),
            "alipay_root_cert_sn": sn("-----BEGIN" + roots[1]),  # the first one is elliptic
        }
        self.know(setup["alipay_certificate"])

    def know(self, pem: str) -> None:
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        assert isinstance(key, RSAPublicKey)
        self.certificates[sn(pem)] = key

    def form(self, method: str, biz: dict[str, object], **other: str) -> dict[str, str]:
        at = datetime.fromtimestamp(self.now, timezone(timedelta(hours=8)))
        fields = {
            "app_id": self.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": at.strftime("%Y-%m-%d %H:%M:%S"),
            "version": "1.0",
            "biz_content": json.dumps(biz, ensure_ascii=False),
            **self.extra,
            **other,
        }
        message = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
        fields["sign"] = base64.b64encode(self.key.sign(message.encode(), PKCS1v15(), SHA256())).decode()
        return fields

    def call(self, method: str, biz: dict[str, object], **other: str) -> Call:
        return post(self.form(method, biz, **other))

    def believe(self, reply: Reply | None) -> dict[str, Any]:
        """The fields that are signed; InvalidSignature when they are not."""
        assert reply is not None
        text = reply.body.decode()
        start = text.index(":") + 1
        fields, end = json.JSONDecoder().raw_decode(text, start)
        whole = json.loads(text)
        serial = whole.get("alipay_cert_sn")
        key = self.certificates.get(serial) if self.extra else self.public
        if key is None:
            raise InvalidSignature(f"no key of {serial}")
        key.verify(base64.b64decode(whole["sign"]), text[start:end].encode(), PKCS1v15(), SHA256())
        assert isinstance(fields, dict)
        return fields


class Shop:
    """A merchant and its gateway, under one clock."""

    def __init__(
        self, mischief: Mischief | None = None, *, remembers: bool = True, has_certificates: bool = False
    ) -> None:
        self.hands = Hands(NOON)
        self.bank = Bank(self.hands, remembers=remembers)
        self.gateway = AlipayGateway(
            self.bank, mischief or Ruled(), self.hands, has_certificates=has_certificates, keys=KEYS
        )
        self.merchant = Merchant(self.gateway.setup)

    def reply(self, method: str, **biz: object) -> Reply | None:
        self.merchant.now = self.hands.now
        return self.gateway.answer(self.merchant.call(method, biz))

    def ask(self, method: str, **biz: object) -> dict[str, Any]:
        return self.merchant.believe(self.reply(method, **biz))

    def pay(self, number: str = "A1", yuan: str = "12.50", code: str = CODE) -> dict[str, Any]:
        return self.ask("alipay.trade.pay", **paying(number, yuan, code))

    def query(self, number: str = "A1") -> dict[str, Any]:
        return self.ask("alipay.trade.query", out_trade_no=number)

    def cancel(self, number: str = "A1") -> dict[str, Any]:
        return self.ask("alipay.trade.cancel", out_trade_no=number)


def paying(number: str = "A1", yuan: str = "12.50", code: str = CODE) -> dict[str, object]:
    return {
        "out_trade_no": number,
        "scene": "bar_code",
        "auth_code": code,
        "subject": "\u5361 50",
        "total_amount": yuan,
    }


def post(fields: dict[str, str]) -> Call:
    body = urlencode({name: text for name, text in fields.items() if name != "charset"}).encode()
    return Call("POST", "/gateway.do", f"charset={fields.get('charset', '')}", {}, body)


def sn(pem: str) -> str:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    issuer = ",".join(reversed([part.rfc4514_string() for part in certificate.issuer.rdns]))
    return hashlib.md5(f"{issuer}{certificate.serial_number}".encode()).hexdigest()
