"""Somebody has seen an incident and says what was done."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import Forbidden
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class SeeToIncident:
    """It leaves the list of open ones and stays in the books."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, authority: Authority, incident_id: str) -> None:
        """Raises Forbidden if it is not open any more, or was never."""
        now = self.clock.now()
        async with self.open_books() as books:
            if not await books.audit.acknowledge(incident_id, authority, now):
                raise Forbidden("not open", state="not_open")
            await books.actions.append(
                Action.by(authority, now, "see_to_incident", f"incident:{incident_id}", {})
            )
            await books.commit()
