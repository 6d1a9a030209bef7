"""Signs ledger entries and receipts by the till's own Ed25519 key, and knows its signatures again."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.signature import kid_of, packed


class TillSigner:
    """The signer port over one private key; it has no text that shows the key."""

    def __init__(self, sign_key: Ed25519PrivateKey) -> None:
        self._key = sign_key
        self._public = sign_key.public_key()
        self.public_key = self._public.public_bytes_raw()
        self.kid = kid_of(self.public_key)

    def sign(self, message: bytes) -> str:
        return packed(self._key.sign(message))

    def holds(self, kid: str, message: bytes, signature: str) -> bool:
        if kid != self.kid:
            return False
        try:
            raw = base64.urlsafe_b64decode(signature + "==")
            self._public.verify(raw, message)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return packed(raw) == signature  # a signature has one spelling
