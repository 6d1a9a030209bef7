"""Tells a monitor how the platform does, and whether it may be sent work."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.figures import Figures
from platform_server.ports.books import OpenBooks
from platform_server.ports.ground import Ground


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """Counts of what waits."""

    peek_books: OpenBooks

    async def __call__(self) -> Figures:
        """At one moment."""
        async with self.peek_books() as books:
            return await books.figures.read()


@dataclass(frozen=True, slots=True)
class CheckReady:
    """Whether database, schema and disk are as they must be; `head` is the schema of this program."""

    peek_books: OpenBooks
    ground: Ground
    head: str
    least_free_bytes: int

    async def __call__(self) -> tuple[str, ...]:
        """A sentence for each fault. A database that does not answer flies on as what it raises."""
        faults = []
        async with self.peek_books() as books:
            revision = await books.figures.revision()
        if revision != self.head:
            faults.append(f"the schema is {revision}, this program needs {self.head}")
        if self.ground.free_bytes() < self.least_free_bytes:
            faults.append(f"less than {self.least_free_bytes >> 20} MB are left on the disk")
        return tuple(faults)
