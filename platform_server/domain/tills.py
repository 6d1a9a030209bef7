"""Shops, their tills, and the one-time tickets that let a till in."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.scopes import TILL_SCOPES, Scope


class TillState(StrEnum):
    """An active till may speak, a revoked one may not."""

    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Shop:
    """Who buys wholesale; one wallet, one currency."""

    id: str
    name: str
    currency: str


@dataclass(frozen=True, slots=True)
class Till:
    """A registered device; keys are raw public keys of 32 bytes, the previous one is of the epoch before."""

    id: str
    shop_id: str
    code: str
    name: str
    epoch: int
    sign_key: bytes
    seal_key: bytes
    state: TillState = TillState.ACTIVE
    previous_sign_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to enrol one till, kept as a hash of its secret; `till_id` is the till it renews or became."""

    secret_hash: str
    shop_id: str
    till_name: str
    expires_at: datetime
    till_id: str | None = None
    fingerprint: str | None = None
    scopes: frozenset[Scope] = TILL_SCOPES

    @property
    def is_used(self) -> bool:
        """Whether a till has enrolled with it."""
        return self.fingerprint is not None


def hash_secret(secret: bytes) -> str:
    """Hex SHA-256; the secret is 16 random bytes, so no salt is needed."""
    return hashlib.sha256(secret).hexdigest()


def to_base64url(raw: bytes) -> str:
    """Without padding, as everything binary travels."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_base64url(text: str, length: int | None = None) -> bytes:
    """The bytes; raises ValueError for foreign characters or another length than the asked one."""
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if to_base64url(raw) != text or (length is not None and len(raw) != length):
        raise ValueError("not base64url of the right length")
    return raw


def write_enrolment_code(address: str, platform_key: bytes, secret: bytes) -> str:
    """K1.<address>.<key>.<secret>.<check> of docs/protocol.md section 2."""
    parts = [address.encode("utf-8"), platform_key, secret]
    head = ".".join(["K1", *(to_base64url(part) for part in parts)])
    return f"{head}.{hashlib.sha256(head.encode('ascii')).hexdigest()[:8]}"
