"""Who asks and who answers at WeChat Pay V3: WECHATPAY2-SHA256-RSA2048, and certificates sealed by AES-256-GCM.

WeChat Pay V3, "signature generation", "signature verification" and "platform certificates" (pay.weixin.qq.com/doc/v3).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos_app.domain.errors import Unreachable
from pos_app.wire.gateways import rsa_keys

_SCHEME = "WECHATPAY2-SHA256-RSA2048"


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who signs: a merchant and the serial number of the certificate of its key."""

    mchid: str
    serial: str


@dataclass(frozen=True, slots=True)
class Question:
    """What of a request is signed; `target` is path and query."""

    method: str
    target: str
    body: bytes
    timestamp: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The signature of an answer, as its headers have it."""

    key_id: str
    timestamp: int
    nonce: str
    signature: str


def authorization(question: Question, merchant: Merchant, key: RSAPrivateKey) -> str:
    """The Authorization header of a request."""
    lines = f"{question.method}\n{question.target}\n{question.timestamp}\n{question.nonce}\n".encode()
    signature = rsa_keys.sign(key, lines + question.body + b"\n")
    return (
        f'{_SCHEME} mchid="{merchant.mchid}",nonce_str="{question.nonce}",timestamp="{question.timestamp}",'
        f'serial_no="{merchant.serial}",signature="{signature}"'
    )


def seal_of(headers: Mapping[str, str]) -> Seal | None:
    """The signature of an answer; None when it has none."""
    timestamp = headers.get("wechatpay-timestamp", "")
    key_id, nonce = headers.get("wechatpay-serial", ""), headers.get("wechatpay-nonce", "")
    signature = headers.get("wechatpay-signature", "")
    if not (key_id and nonce and signature and timestamp.isascii() and timestamp.isdigit()):
        return None
    return Seal(key_id, int(timestamp), nonce, signature) if len(timestamp) < 12 else None


def is_signed(seal: Seal, body: bytes, key: RSAPublicKey) -> bool:
    """Whether that key signed just this body."""
    lines = f"{seal.timestamp}\n{seal.nonce}\n".encode()
    return rsa_keys.is_signed(key, lines + body + b"\n", seal.signature)


def open_certificates(body: bytes, sealing_key: bytes) -> dict[str, str] | None:
    """The certificates (PEM) of an answer to /v3/certificates by serial number; None when the sealing key is another.

    Unreachable("not_ours") when it is no such answer.
    """
    try:
        return {str(each["serial_no"]): _opened(each, sealing_key) for each in json.loads(body)["data"]}
    except InvalidTag:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreachable("not_ours") from error


def _opened(entry: Any, sealing_key: bytes) -> str:
    sealed = entry["encrypt_certificate"]
    ciphertext = base64.b64decode(sealed["ciphertext"], validate=True)
    associated = sealed.get("associated_data", "").encode()
    return AESGCM(sealing_key).decrypt(sealed["nonce"].encode(), ciphertext, associated).decode("ascii")
