"""What a till puts its signature under: fields that cannot be mistaken for each other, and the short name of a key."""

from __future__ import annotations

import base64
import hashlib

_KID_CHARACTERS = 8


def framed(*fields: str | bytes) -> bytes:
    """Each field with its length before it, four bytes, big-endian, so that no two lists of fields look alike."""
    raw = (field.encode() if isinstance(field, str) else field for field in fields)
    return b"".join(len(each).to_bytes(4, "big") + each for each in raw)


def packed(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Bytes from base64url without padding; ValueError when it is not that."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def kid_of(public_key: bytes) -> str:
    """The name of a public key in ledgers and on receipts: the first 8 characters of base64url of its SHA-256."""
    return packed(hashlib.sha256(public_key).digest())[:_KID_CHARACTERS]
