"""Writes down what an operator is about to do through a flow that keeps no record of people itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_server.domain.actions import Action, Authority
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class NoteAction:
    """Called before the deed, so that an effect without its record cannot exist; a refusal is noted after it."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(
        self, authority: Authority, what: str, subject: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        """At the end of the record; `detail` is plain JSON without a secret."""
        async with self.open_books() as books:
            action = Action.by(authority, self.clock.now(), what, subject, detail or {})
            await books.actions.append(action)
            await books.commit()
