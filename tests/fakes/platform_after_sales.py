"""The shelves of what people did and of claims, in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from platform_server.domain.actions import FIRST_ACTION_PREV, Action, ActionHead, ChainedAction
from platform_server.domain.claims import Claim, ClaimState
from tests.fakes.platform_shelves import State


class MemoryActions:
    def __init__(self, state: State) -> None:
        self.s = state

    async def append(self, action: Action) -> ActionHead:
        head = await self.head()
        chained = ChainedAction(head.seq + 1, head.hash, action)
        self.s.actions.append(chained)
        return ActionHead(chained.seq, chained.hash)

    async def head(self) -> ActionHead:
        return ActionHead(self.s.actions[-1].seq, self.s.actions[-1].hash) if self.s.actions else ActionHead()

    async def latest(self, limit: int, before: int | None = None) -> tuple[ChainedAction, ...]:
        older = [each for each in reversed(self.s.actions) if before is None or each.seq < before]
        return tuple(older[:limit])

    async def about(self, subjects: Collection[str]) -> tuple[ChainedAction, ...]:
        return tuple(each for each in self.s.actions if each.action.subject in subjects)

    async def verify(self) -> int | None:
        prevs = [FIRST_ACTION_PREV, *(each.hash for each in self.s.actions)]
        return next((e.seq for e, prev in zip(self.s.actions, prevs, strict=False) if e.prev != prev), None)


class MemoryClaims:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add(self, claim: Claim) -> None:
        keys = {(each.till_id, each.sale_id, each.attempt) for each in self.s.claims.values()}
        assert (claim.till_id, claim.sale_id, claim.attempt) not in keys
        self.s.claims[claim.id] = claim

    async def find(self, claim_id: str) -> Claim | None:
        return self.s.claims.get(claim_id)

    async def save(self, claim: Claim) -> None:
        known = self.s.claims[claim.id]
        self.s.claims[claim.id] = replace(known, state=claim.state, decision=claim.decision)

    async def of_reservation(self, reservation_id: str) -> tuple[Claim, ...]:
        mine = [each for each in self.s.claims.values() if each.reservation_id == reservation_id]
        return tuple(sorted(mine, key=lambda each: (each.opened_at, each.id)))

    async def page(self, states: Collection[ClaimState], limit: int) -> tuple[Claim, ...]:
        found = [each for each in self.s.claims.values() if each.state in states]
        return tuple(sorted(found, key=lambda each: (each.due_at, each.id))[:limit])
