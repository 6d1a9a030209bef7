"""A till's signature by a key that is the same in every test."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.store.signer import TillSigner


def fake_signer(number: int = 1) -> TillSigner:
    """The real signer; another number is another key."""
    return TillSigner(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))
