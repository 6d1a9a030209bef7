"""Marks of customers and accounts: a keyed hash, mute for whoever holds the database alone."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from platform_server.domain.canonical import binding


class KeyedMarker:
    """Implements ports.vault.Marker; `key` is 32 bytes kept outside the database."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mark(self, purpose: str, text: str) -> str:
        spelt = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
        return hmac.new(self._key, binding("pos-mark-1", purpose, spelt), hashlib.sha256).hexdigest()
