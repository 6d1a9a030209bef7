"""Shuts card secrets away: AES-256-GCM under a key of their batch, wrapped by a key outside the database."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from platform_server.domain.canonical import binding
from platform_server.domain.cards import BatchKey, CardLabel, code_identity
from platform_server.domain.goods import CardSecret

_NONCE = 12  # random 96 bits: fine for far fewer than 2^32 cards under one batch key


class AesVault:
    """Implements ports.vault.Vault; `kek` and `index_key` are 32 bytes each."""

    def __init__(self, kek: bytes, index_key: bytes) -> None:
        self._kek = AESGCM(kek)
        self._kek_id = hashlib.sha256(binding("pos-kek-id-1") + kek).hexdigest()[:16]
        self._index_key = index_key
        self._unwrap = lru_cache(maxsize=4096)(self._unwrap_batch)

    def new_batch_key(self, batch_id: str) -> BatchKey:
        nonce = secrets.token_bytes(_NONCE)
        wrapped = nonce + self._kek.encrypt(nonce, secrets.token_bytes(32), _wrapping(batch_id))
        return BatchKey(batch_id, self._kek_id, wrapped)

    def shut(self, key: BatchKey, label: CardLabel, secret: CardSecret) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._unwrap(key.batch_id, key.wrapped).encrypt(nonce, _to_text(secret), label.aad())

    def open(self, key: BatchKey, label: CardLabel, box: bytes) -> CardSecret:
        try:
            text = self._unwrap(key.batch_id, key.wrapped).decrypt(box[:_NONCE], box[_NONCE:], label.aad())
        except (InvalidTag, ValueError):
            raise ValueError("key, label and box do not belong together") from None
        return _from_text(text)

    def fingerprint(self, secret: CardSecret) -> str:
        return hmac.new(self._index_key, code_identity(secret), hashlib.sha256).hexdigest()

    def _unwrap_batch(self, batch_id: str, wrapped: bytes) -> AESGCM:
        return AESGCM(self._kek.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _wrapping(batch_id)))


def _wrapping(batch_id: str) -> bytes:
    return binding("pos-batch-key-1", batch_id)


def _to_text(secret: CardSecret) -> bytes:
    expires_at = None if secret.expires_at is None else secret.expires_at.isoformat()
    return json.dumps([secret.number, secret.pin, secret.link, secret.image, expires_at]).encode()


def _from_text(text: bytes) -> CardSecret:
    number, pin, link, image, expires_at = json.loads(text)
    until = None if expires_at is None else datetime.fromisoformat(expires_at)
    return CardSecret(number, pin, link, image, until)
