"""What the program stands on besides the database."""

from __future__ import annotations

from typing import Protocol


class Ground(Protocol):
    """The disk."""

    def free_bytes(self) -> int:
        """Space left where the data lies."""
        ...
