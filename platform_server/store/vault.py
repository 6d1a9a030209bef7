"""Shuts card secrets away: AES-256-GCM under a key of their batch, wrapped by a key outside the database."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from platform_server.domain.canonical import binding
from platform_server.domain.cards import BatchKey, CardLabel, code_identity
from platform_server.domain.goods import CardSecret

_NONCE = 12  # random 96 bits: fine for far fewer than 2^32 cards under one batch key


def name_kek(kek: bytes) -> str:
    """A key-encryption key is named by a hash of itself: 16 hex digits."""
    return hashlib.sha256(binding("pos-kek-id-1") + kek).hexdigest()[:16]


class AesVault:
    """Implements ports.vault.Vault; `keks` and `index_key` are 32 bytes each, the first of `keks` wraps what is new.

    `reread` answers the keks as they lie there now: another program may have renewed them.
    """

    def __init__(
        self, kek: bytes, index_key: bytes, reread: Callable[[], Sequence[bytes]] | None = None
    ) -> None:
        self._reread = reread or (lambda: (kek,))
        self._index_key = index_key
        self._take(self._reread())
        self._unwrap = lru_cache(maxsize=4096)(self._unwrap_batch)

    @property
    def kek_id(self) -> str:
        return self._ring[0]

    def learn(self) -> None:
        self._take(self._reread())

    def new_batch_key(self, batch_id: str, version: int = 1) -> BatchKey:
        return self._wrap(batch_id, version, secrets.token_bytes(32))

    def rewrap(self, key: BatchKey) -> BatchKey:
        return self._wrap(key.batch_id, key.version, self._data_key(key.batch_id, key.kek_id, key.wrapped))

    def shut(self, key: BatchKey, label: CardLabel, secret: CardSecret) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(key).encrypt(nonce, _to_text(secret), label.aad())

    def open(self, key: BatchKey, label: CardLabel, box: bytes) -> CardSecret:
        cipher = self._cipher(key)
        try:
            text = cipher.decrypt(box[:_NONCE], box[_NONCE:], label.aad())
        except (InvalidTag, ValueError):
            raise ValueError(f"key, label and box of {label.card_id} do not belong together") from None
        return _from_text(text)

    def fingerprint(self, secret: CardSecret) -> str:
        return hmac.new(self._index_key, code_identity(secret), hashlib.sha256).hexdigest()

    def mark(self, what: str, value: bytes) -> str:
        return hmac.new(self._index_key, binding("pos-mark-1", what) + value, hashlib.sha256).hexdigest()

    def _take(self, keks: Sequence[bytes]) -> None:
        self._ring = name_kek(keks[0]), {name_kek(kek): AESGCM(kek) for kek in keks}

    def _wrap(self, batch_id: str, version: int, data_key: bytes) -> BatchKey:
        kek_id, keks = self._ring
        nonce = secrets.token_bytes(_NONCE)
        wrapped = nonce + keks[kek_id].encrypt(nonce, data_key, _wrapping(batch_id))
        return BatchKey(batch_id, kek_id, wrapped, version)

    def _cipher(self, key: BatchKey) -> AESGCM:
        return self._unwrap(key.batch_id, key.kek_id, key.wrapped)

    def _unwrap_batch(self, batch_id: str, kek_id: str, wrapped: bytes) -> AESGCM:
        return AESGCM(self._data_key(batch_id, kek_id, wrapped))

    def _data_key(self, batch_id: str, kek_id: str, wrapped: bytes) -> bytes:
        if kek_id not in self._ring[1]:
            self.learn()
        kek = self._ring[1].get(kek_id)
        if kek is None:
            raise ValueError(f"the key {kek_id} that wraps batch {batch_id} is not here")
        try:
            return kek.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _wrapping(batch_id))
        except (InvalidTag, ValueError):
            raise ValueError(f"the key of batch {batch_id} and its wrapping do not belong together") from None


def _wrapping(batch_id: str) -> bytes:
    return binding("pos-batch-key-1", batch_id)


def _to_text(secret: CardSecret) -> bytes:
    expires_at = None if secret.expires_at is None else secret.expires_at.isoformat()
    return json.dumps([secret.number, secret.pin, secret.link, secret.image, expires_at]).encode()


def _from_text(text: bytes) -> CardSecret:
    number, pin, link, image, expires_at = json.loads(text)
    until = None if expires_at is None else datetime.fromisoformat(expires_at)
    return CardSecret(number, pin, link, image, until)
