"""The till's signature: what stands under each ledger entry and each receipt (RFC 8032)."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    @property
    def kid(self) -> str:
        """The name of the present key (`domain/signature.kid_of`)."""

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature as base64url without padding; it never fails, so no sale waits for it."""

    def holds(self, kid: str, message: bytes, signature: str) -> bool:
        """Whether a key of this till by that name signed this message."""
