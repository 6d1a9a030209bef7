"""Seals a card secret for one till by HPKE (RFC 9180)."""

from __future__ import annotations

import json
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from platform_server.domain.goods import CardSecret

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_parse_key = lru_cache(maxsize=1024)(X25519PublicKey.from_public_bytes)


class HpkeSealer:
    """Implements ports.vault.Sealer: `enc || ciphertext`, bound by `info` (the base mode has no AAD here)."""

    def seal(self, secret: CardSecret, seal_key: bytes, info: bytes) -> bytes:
        expires_at = None
        if secret.expires_at is not None:
            expires_at = secret.expires_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        plain = {
            "number": secret.number,
            "pin": secret.pin,
            "link": secret.link,
            "image": secret.image,
            "expires_at": expires_at,
        }
        return _SUITE.encrypt(json.dumps(plain, ensure_ascii=False).encode(), _parse_key(seal_key), info)
