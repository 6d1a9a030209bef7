"""Both sides' keys of a practice WeChat Pay, and how its own move from an old certificate to a new one."""

import base64
import os
import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding

from practice.gateways.rsa_keys import certificate_of, new_key, private_pem, public_pem

# From the first answer under the new certificate until the last one under the old: WeChat Pay says only "gradually".
ROTATION_S = 3600
_GOLDEN = 0.6180339887  # multiples of it, modulo 1, spread evenly
_LETTERS = string.ascii_letters + string.digits


class Proof(StrEnum):
    """How a merchant checks the answers: against one public key, or against certificates it fetches."""

    PUBLIC_KEY = "public_key"
    CERTIFICATES = "certificates"


@dataclass(frozen=True)
class PlatformKey:
    """A key of WeChat Pay: `name` is what Wechatpay-Serial says; without a certificate it is the public key."""

    name: str
    key: RSAPrivateKey = field(repr=False)
    certificate: bytes | None = None
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True)
class Merchant:
    """What the merchant and WeChat Pay agreed on; `serial` is that of the merchant's own certificate (PEM)."""

    appid: str
    mchid: str
    serial: str
    certificate: str
    key: RSAPrivateKey = field(repr=False)
    api_v3_key: str = field(repr=False)
    api_v2_key: str = field(repr=False)


def make_merchant(now: float) -> Merchant:
    """A merchant with fresh keys."""
    key, mchid = new_key(), "1900009191"
    names = {"C": "CN", "O": "Practice Shop", "OU": "Practice", "CN": mchid}
    made = certificate_of(key, names, datetime.fromtimestamp(int(now), UTC))
    return Merchant(
        appid="wx" + secrets.token_hex(8),
        mchid=mchid,
        serial=f"{made.serial_number:040X}",
        certificate=made.public_bytes(Encoding.PEM).decode(),
        key=key,
        api_v3_key=_secret(),
        api_v2_key=_secret(),
    )


def _secret() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(32))


class Platform:
    """WeChat Pay's own keys. In certificate mode a rotation may begin: from then on both certificates are told, and
    the new one signs ever more of the answers. The public key does not rotate by itself."""

    def __init__(self, proof: Proof, clock: Callable[[], float]) -> None:
        self.proof = proof
        self._clock = clock
        self._rotation_began: float | None = None
        self._answers = 0
        self._keys = [self._make()]

    def rotate(self) -> PlatformKey:
        """The key of the next certificate, which begins to sign; without certificates the key that there is."""
        if self._rotation_began is None and self.proof is Proof.CERTIFICATES:
            self._keys.append(self._make())
            self._rotation_began = self._clock()
        return self._keys[-1]

    def signer(self) -> PlatformKey:
        """The key that signs the next answer."""
        if self._rotation_began is None:
            return self._keys[0]
        self._answers += 1
        share = (self._clock() - self._rotation_began) / ROTATION_S
        return self._keys[-1 if self._answers * _GOLDEN % 1 < share else 0]

    def told(self) -> list[PlatformKey]:
        """What /v3/certificates tells; nothing when the merchant has a public key instead."""
        return list(self._keys) if self.proof is Proof.CERTIFICATES else []

    def _make(self) -> PlatformKey:
        key = new_key()
        if self.proof is Proof.PUBLIC_KEY:
            return PlatformKey(
                "PUB_KEY_ID_0" + "".join(secrets.choice(string.digits) for _ in range(27)), key
            )
        begins = datetime.fromtimestamp(int(self._clock()), UTC)
        names = {"C": "CN", "O": "Tenpay.com", "OU": "Tenpay.com CA Center", "CN": "Tenpay.com Practice CA"}
        made = certificate_of(key, names, begins)
        return PlatformKey(
            f"{made.serial_number:040X}",
            key,
            made.public_bytes(Encoding.PEM),
            made.not_valid_before_utc,
            made.not_valid_after_utc,
        )


def seal(api_v3_key: str, text: bytes, associated: str) -> dict[str, str]:
    """AES-256-GCM under the APIv3 key, as encrypt_certificate has it (WeChat Pay V3, "download platform certificates").

    The tag is the end of the ciphertext.
    """
    nonce = os.urandom(6).hex()
    sealed = AESGCM(api_v3_key.encode()).encrypt(nonce.encode(), text, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated,
        "ciphertext": base64.b64encode(sealed).decode(),
    }


def setup_of(merchant: Merchant, platform: Platform) -> dict[str, str]:
    """What a client must be told: keys, names, and a shop to name in its requests; `api` may also be v2."""
    shared = {
        "api": "v3",
        "notify_url": "https://practice.example/none",
        "out_id": "PRACTICE1",
        "appid": merchant.appid,
        "mchid": merchant.mchid,
        "merchant_serial": merchant.serial,
        "merchant_key": private_pem(merchant.key),
        "client_certificate": merchant.certificate,
        "api_v2_key": merchant.api_v2_key,
        "api_v3_key": merchant.api_v3_key,
    }
    if platform.proof is Proof.CERTIFICATES:
        return shared
    signer = platform.signer()
    return {**shared, "public_key_id": signer.name, "public_key": public_pem(signer.key)}
