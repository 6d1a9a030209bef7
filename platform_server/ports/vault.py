"""Where card secrets are shut away, and how they are handed to one till only."""

from __future__ import annotations

from typing import Protocol

from platform_server.domain.cards import BatchKey, CardLabel
from platform_server.domain.goods import CardSecret


class Vault(Protocol):
    """Seals secrets at rest; needs no disk and no wire, only keys."""

    def new_batch_key(self, batch_id: str) -> BatchKey:
        """A fresh data key for one batch, wrapped."""
        ...

    def shut(self, key: BatchKey, label: CardLabel, secret: CardSecret) -> bytes:
        """The ciphertext of a secret, bound to its label."""
        ...

    def open(self, key: BatchKey, label: CardLabel, box: bytes) -> CardSecret:
        """The secret again; raises ValueError if key, label or ciphertext do not belong together."""
        ...

    def fingerprint(self, secret: CardSecret) -> str:
        """Hex keyed hash of the code in its one spelling: equal for equal codes, mute without the key."""
        ...


class Sealer(Protocol):
    """Seals a secret for one till."""

    def seal(self, secret: CardSecret, seal_key: bytes, info: bytes) -> bytes:
        """Opens only with the till's private key and the same `info` (docs/protocol.md section 7)."""
        ...
