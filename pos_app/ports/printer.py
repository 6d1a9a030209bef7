"""Paper."""

from __future__ import annotations

from typing import Protocol

from pos_app.domain.receipt import Receipt


class Printer(Protocol):
    def print(self, receipt: Receipt) -> None:
        """Return when the device took all of it; PaperTrouble with its real cause otherwise."""

    def open_drawer(self) -> None:
        """Kick the cash drawer; PaperTrouble with its real cause when it could not be told."""
