"""Opens codes that the platform sealed to this till (HPKE, `docs/protocol.md` 7)."""

from __future__ import annotations

import base64
import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from pos_app.domain.card_code import Binding, CardSecret
from pos_app.domain.errors import CodeSealBroken


class HpkeVault:
    """Implements `ports/vault.Vault`; the private key stays in here."""

    def __init__(self, seal_key: X25519PrivateKey) -> None:
        self._seal_key = seal_key
        self._suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

    def open(self, sealed: bytes, binding: Binding) -> CardSecret:
        try:
            text = json.loads(self._suite.decrypt(sealed, self._seal_key, binding.encode()))
            parts = [text.get(name) for name in ("number", "pin", "link", "expires_at")]
            picture = text.get("image")
            image = None if picture is None else base64.b64decode("".join(picture.split()), validate=True)
        except (InvalidTag, ValueError, AttributeError, TypeError):
            # Without the cause: what was decrypted must not travel in an error.
            raise CodeSealBroken(card_id=binding.card_id) from None
        if not all(part is None or isinstance(part, str) for part in parts):
            raise CodeSealBroken(card_id=binding.card_id)
        number, pin, link, expires_at = parts
        return CardSecret(number, pin, link, expires_at, image)
