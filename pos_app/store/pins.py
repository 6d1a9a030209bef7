"""PINs as argon2id hashes over the PIN and the till's pepper: the books alone do not tell them (S7)."""

from __future__ import annotations

import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's least for argon2id: a try costs 20 ms, and without the pepper none can be made at all.
_MEMORY_KIB = 19 * 1024
_ROUNDS = 2


class Argon2Pins:
    """Implements `ports/pins.Pins`."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._hasher = PasswordHasher(time_cost=_ROUNDS, memory_cost=_MEMORY_KIB, parallelism=1)

    def hash(self, pin: str) -> str:
        return self._hasher.hash(self._peppered(pin))

    def matches(self, pin_hash: str, pin: str) -> bool:
        try:
            return self._hasher.verify(pin_hash, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, pin: str) -> bytes:
        return hmac.digest(self._pepper, pin.encode(), hashlib.sha256)
