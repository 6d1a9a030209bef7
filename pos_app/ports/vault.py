"""Opens sealed codes; the private key never leaves the room behind this door."""

from __future__ import annotations

from typing import Protocol

from pos_app.domain.card_code import Binding, CardSecret


class Vault(Protocol):
    def open(self, sealed: bytes, binding: Binding) -> CardSecret:
        """The code in clear; CodeSealBroken when the seal does not belong to this till, sale and card."""
