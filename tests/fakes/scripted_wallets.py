"""Alipay and WeChat Pay as a script: each call is answered by the next reply, signed by code of its own."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Exchange, Request
from tests.fakes.till_clock import NOON_IN_CHINA

EXAMPLES = Path(__file__).parent.parent / "wire_examples" / "gateways"

Reply = Callable[[Request], Exchange]


def key(name: str) -> rsa.RSAPrivateKey:
    """One of the fixed keys, which are good for nothing but tests."""
    loaded = serialization.load_pem_private_key((EXAMPLES / f"test_key_{name}.pem").read_bytes(), None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return loaded


def private_pem(of: rsa.RSAPrivateKey) -> str:
    return of.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_pem(of: rsa.RSAPrivateKey) -> str:
    told = of.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return told.decode()


def bare(pem: str) -> str:
    """A PEM without its frame, as merchants' tools hand keys out."""
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))


MERCHANT = key("merchant")
WALLET = key("wallet")


def signature(by: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(by.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def must_be_signed(by: rsa.RSAPrivateKey, message: bytes, told: str) -> None:
    """Raises when it is not."""
    by.public_key().verify(base64.b64decode(told), message, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Issuer:
    """A name with its key."""

    name: x509.Name
    key: rsa.RSAPrivateKey


def named(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def certificate(
    subject: x509.Name, of: rsa.RSAPrivateKey, issuer: Issuer, serial: int, *, is_authority: bool = False
) -> x509.Certificate:
    """A certificate that is good for a year around the noon of the tests."""
    builder = x509.CertificateBuilder(issuer.name, subject, of.public_key(), serial)
    builder = builder.not_valid_before(NOON_IN_CHINA - dt.timedelta(days=180))
    builder = builder.not_valid_after(NOON_IN_CHINA + dt.timedelta(days=180))
    basic = x509.BasicConstraints(ca=is_authority, path_length=None)
    return builder.add_extension(basic, critical=True).sign(issuer.key, hashes.SHA256())


def pem(*chain: x509.Certificate) -> str:
    return "".join(each.public_bytes(serialization.Encoding.PEM).decode() for each in chain)


ROOT = Issuer(named((NameOID.COUNTRY_NAME, "CN"), (NameOID.COMMON_NAME, "Root R1")), MERCHANT)
PLATFORM = named((NameOID.COMMON_NAME, "Tenpay.com sign"))


@dataclass
class ScriptedSender:
    """A `Sender`: `sent` is what was asked; `once` says of each whether it was to be sent once only."""

    script: list[Reply | Unreachable]
    sent: list[Request] = field(default_factory=list)
    once: list[bool] = field(default_factory=list)

    def send(self, make: Callable[[], Request]) -> Exchange:
        return self._answered(make(), is_once=False)

    def send_once(self, request: Request) -> Exchange:
        return self._answered(request, is_once=True)

    def _answered(self, request: Request, *, is_once: bool) -> Exchange:
        self.sent.append(request)
        self.once.append(is_once)
        reply = self.script.pop(0)
        if isinstance(reply, Unreachable):
            raise reply
        return reply(request)


@dataclass
class MemoryKeys:
    """`GatewayKeys` of one gateway; an error that is set is what the disk says."""

    filled: dict[str, str] = field(repr=False)
    error: Exception | None = None

    def read(self) -> Mapping[str, str]:
        return dict(self.filled)

    def keep(self, changed: Mapping[str, str]) -> None:
        if self.error is not None:
            raise self.error
        self.filled.update(changed)
        self.filled = {name: text for name, text in self.filled.items() if text}


def said(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply just as it is."""
    return lambda request: Exchange(request, status, headers or {}, body)


# --- WeChat Pay V3 ---


@dataclass(frozen=True)
class V3Side:
    """WeChat Pay's side of V3; its clock goes off by `late_s`."""

    key_id: str = "PUB_KEY_ID_0116"
    key: rsa.RSAPrivateKey = WALLET
    late_s: int = 0

    def headers(self, body: bytes) -> dict[str, str]:
        at, nonce = str(int(NOON_IN_CHINA.timestamp()) - self.late_s), "c5ac7061fccab6bf3e254dcf98995b8c"
        return {
            "wechatpay-timestamp": at,
            "wechatpay-nonce": nonce,
            "wechatpay-serial": self.key_id,
            "wechatpay-signature": signature(self.key, f"{at}\n{nonce}\n".encode() + body + b"\n"),
        }

    def answer(self, status: int, value: Mapping[str, Any] | None) -> Reply:
        body = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
        return said(status, body, self.headers(body))

    def refusal(self, status: int, code: str) -> Reply:
        return self.answer(status, {"code": code, "message": "no"})

    def certificates(self, sealing_key: bytes, listed: Mapping[str, x509.Certificate]) -> Reply:
        return self.answer(200, {"data": [sealed(sealing_key, *each) for each in listed.items()]})


def sealed(sealing_key: bytes, serial: str, of: x509.Certificate) -> dict[str, Any]:
    nonce, extra = "61f9c719728a", "certificate"
    ciphertext = AESGCM(sealing_key).encrypt(nonce.encode(), pem(of).encode(), extra.encode())
    return {
        "serial_no": serial,
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": extra,
            "ciphertext": base64.b64encode(ciphertext).decode(),
        },
    }


# --- WeChat Pay V2 ---


def v2_signed(fields: Mapping[str, str], api_key: str, kind: str = "hmac") -> dict[str, str]:
    """The fields with their sign, computed here once more."""
    joined = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
    text = f"{joined}&key={api_key}".encode()
    if kind == "hmac":
        told = hmac.digest(api_key.encode(), text, "sha256").hex()
    else:
        told = hashlib.md5(text).hexdigest()
    return {**fields, "sign": told.upper()}


def v2_xml(fields: Mapping[str, str]) -> bytes:
    return (
        "<xml>"
        + "".join(f"<{name}><![CDATA[{text}]]></{name}>\n" for name, text in fields.items())
        + "</xml>"
    ).encode()


# --- Alipay ---


@dataclass(frozen=True)
class AlipaySide:
    """Alipay's side: answers are signed as the text that they are."""

    key: rsa.RSAPrivateKey = WALLET
    certificate_number: str = ""

    def answer(self, method: str, value: Mapping[str, Any] | str, name: str = "") -> Reply:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        name = name or method.replace(".", "_") + "_response"
        number = f'"alipay_cert_sn":"{self.certificate_number}",' if self.certificate_number else ""
        body = f'{{"{name}":{text},{number}"sign":"{signature(self.key, text.encode())}"}}'
        return said(200, body.encode())
