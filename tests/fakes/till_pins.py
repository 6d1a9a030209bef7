"""PINs hashed by a function that costs nothing, so that flow tests are fast."""

import hashlib
from dataclasses import dataclass


@dataclass
class FakePins:
    """Deterministic, and still unlike the PIN itself."""

    hashed: int = 0

    def hash(self, pin: str) -> str:
        self.hashed += 1
        return "fake$" + hashlib.sha256(b"fake pepper" + pin.encode()).hexdigest()

    def matches(self, pin_hash: str, pin: str) -> bool:
        return pin_hash == "fake$" + hashlib.sha256(b"fake pepper" + pin.encode()).hexdigest()
