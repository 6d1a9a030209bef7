"""A number outside the books that only rises: by it an old copy of them is known."""

from __future__ import annotations

from typing import Protocol

from pos_app.domain.ledger import AnchorMark


class Anchor(Protocol):
    def read(self) -> AnchorMark:
        """The highest mark that it was raised to; beyond every ledger when what is kept cannot be read."""

    def raise_to(self, mark: AnchorMark) -> None:
        """On disk for good when this returns, unless it stands there or higher; DiskTrouble when it cannot be kept."""
