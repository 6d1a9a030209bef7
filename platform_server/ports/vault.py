"""Where card secrets are shut away, and how they are handed to one till only."""

from __future__ import annotations

from typing import Protocol

from platform_server.domain.cards import BatchKey, CardLabel
from platform_server.domain.goods import CardSecret


class Vault(Protocol):
    """Seals secrets at rest; needs no disk and no wire, only keys."""

    @property
    def kek_id(self) -> str:
        """Names the key-encryption key that is used for what is new."""
        ...

    def new_batch_key(self, batch_id: str, version: int = 1) -> BatchKey:
        """A fresh data key for one batch, wrapped."""
        ...

    def rewrap(self, key: BatchKey) -> BatchKey:
        """The same data key under `kek_id`. Raises ValueError if it does not open."""
        ...

    def learn(self) -> None:
        """Reads the key-encryption keys again; an unknown one in a BatchKey does so by itself."""
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

    def mark(self, what: str, value: bytes) -> str:
        """Hex keyed hash of anything else, apart for each `what`: a plain hash of few codes could be guessed."""
        ...


class KeyRing(Protocol):
    """Where the key-encryption keys lie, outside the database; every change is durable when it returns."""

    def ids(self) -> tuple[str, ...]:
        """Their names; the first is used for what is new."""
        ...

    def renew(self) -> str:
        """A fresh key comes first; its name. Raises StoreTrouble if keys are handed in from outside."""
        ...

    def retire(self, kek_id: str) -> bool:
        """Forgets a key that is not the first; False if it is handed in from outside and must go there."""
        ...


class Sealer(Protocol):
    """Seals a secret for one till."""

    def seal(self, secret: CardSecret, seal_key: bytes, info: bytes) -> bytes:
        """Opens only with the till's private key and the same `info` (docs/protocol.md section 7)."""
        ...


class Marker(Protocol):
    """Turns what could name a person into a mark that can be compared and not read."""

    def mark(self, purpose: str, text: str) -> str:
        """64 hex digits, equal for equal texts of one purpose ("customer", "destination")."""
        ...
