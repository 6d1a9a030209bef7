"""Shows an operator the claims, and what people did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from platform_server.domain.actions import ActionHead, ChainedAction
from platform_server.domain.claims import Claim, ClaimState
from platform_server.domain.errors import NotFound
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class ListClaims:
    """Nothing is written."""

    peek_books: OpenBooks

    async def __call__(self, states: Collection[ClaimState], limit: int) -> tuple[Claim, ...]:
        """Those in one of the states, the first due first."""
        async with self.peek_books() as books:
            return await books.claims.page(states, limit)

    async def one(self, claim_id: str) -> Claim:
        """Raises NotFound."""
        async with self.peek_books() as books:
            claim = await books.claims.find(claim_id)
        if claim is None:
            raise NotFound("no such claim")
        return claim


@dataclass(frozen=True, slots=True)
class ListActions:
    """Nothing is written."""

    peek_books: OpenBooks

    async def __call__(
        self, limit: int, before: int | None = None
    ) -> tuple[ActionHead, tuple[ChainedAction, ...]]:
        """Where the chain stands, and the newest actions, the last first."""
        async with self.peek_books() as books:
            return await books.actions.head(), await books.actions.latest(limit, before)

    async def still_holds(self, kept: ActionHead) -> bool:
        """Whether everything up to a head that somebody wrote down is as it was then."""
        async with self.peek_books() as books:
            found = [each for each in await books.actions.latest(1, kept.seq + 1) if each.seq == kept.seq]
            is_known = kept == ActionHead() or [each.hash for each in found] == [kept.hash]
            return is_known and await books.actions.verify() is None
