"""What the platform signs about a shop's log: how long it is, its root, and where one till's chain stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.canonical import binding, instant_text
from platform_server.domain.ledger import LedgerHead


@dataclass(frozen=True, slots=True)
class LogPoint:
    """A moment of a shop's log; `root` is the hash of the Merkle tree over its first `size` entries."""

    shop_id: str
    size: int
    root: bytes
    till_id: str
    epoch: int
    head: LedgerHead
    at: datetime

    @property
    def at_text(self) -> str:
        """RFC 3339 in UTC with microseconds and a Z, as it is signed and told."""
        return instant_text(self.at)

    @property
    def message(self) -> bytes:
        """What is signed (docs/protocol.md section 11)."""
        log = ("pos-log-1", self.shop_id, self.size, self.root.hex())
        return binding(*log, self.till_id, self.epoch, self.head.seq, self.head.head, self.at_text)


@dataclass(frozen=True, slots=True)
class SignedPoint:
    """A point with the platform's Ed25519 signature, 64 bytes, and the name of its key."""

    point: LogPoint
    keyid: str
    signature: bytes
