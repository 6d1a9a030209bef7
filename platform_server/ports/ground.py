"""What the program stands on besides the database."""

from __future__ import annotations

from typing import Protocol


class Ground(Protocol):
    """The disk."""

    def free_bytes(self) -> int:
        """Space left where the data lies."""
        ...


class Ballast(Protocol):
    """Space that is taken so that it can be given up when the disk is full."""

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    @property
    def is_there(self) -> bool:
        """Whether it takes its space now."""
        ...

    def lay(self) -> None:
        """Takes it, all of it or nothing."""
        ...

    def give_up(self) -> None:
        """Frees it."""
        ...
