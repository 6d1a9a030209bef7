"""Imports and the vault's keys in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from platform_server.domain.cards import BatchKey, BoxedCard
from platform_server.domain.imports import CodeImport, ImportFault, ImportReport

if TYPE_CHECKING:
    from tests.fakes.platform_shelves import State


@dataclass
class Keys:
    """What the tables of keys hold; `made_under` and `wrapped` by batch id and version."""

    wrapped: dict[tuple[str, int], BatchKey] = field(default_factory=dict)
    made_under: dict[tuple[str, int], str] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)

    def __copy__(self) -> Keys:
        return Keys(dict(self.wrapped), dict(self.made_under), set(self.retired), set(self.deep))

    def put(self, key: BatchKey) -> None:
        self.wrapped[key.batch_id, key.version] = key
        self.made_under[key.batch_id, key.version] = key.kek_id


class MemoryImports:
    def __init__(self, state: State) -> None:
        self.s = state

    async def begin(self, draft: CodeImport) -> CodeImport:
        for known in self.s.imports.values():
            if known.mark == draft.mark:
                return known
        self.s.imports[draft.id] = draft
        return draft

    async def advance(self, before: CodeImport, after: CodeImport, faults: Sequence[ImportFault]) -> bool:
        known = self.s.imports[before.id]
        if known.last_row != before.last_row or known.finished_at is not None:
            return False
        self.s.imports[before.id] = after
        self.s.faults[before.id] = (*self.s.faults.get(before.id, ()), *faults)
        return True

    async def finish(self, import_id: str, at: datetime) -> None:
        self.s.imports[import_id] = replace(self.s.imports[import_id], finished_at=at)

    async def recent(self, limit: int) -> tuple[CodeImport, ...]:
        newest = sorted(self.s.imports.values(), key=lambda each: (each.began_at, each.id), reverse=True)
        return tuple(newest[:limit])

    async def report(self, import_id: str, examples: int) -> ImportReport | None:
        if import_id not in self.s.imports:
            return None
        faults = sorted(self.s.faults.get(import_id, ()), key=lambda fault: fault.row)
        reasons = Counter(fault.reason for fault in faults)
        firsts = {
            reason: tuple(fault.row for fault in faults if fault.reason is reason)[:examples]
            for reason in reasons
        }
        return ImportReport(self.s.imports[import_id], reasons, firsts)


class MemoryVaultKeys:
    def __init__(self, state: State) -> None:
        self.s = state

    async def wants_deep(self, kek_id: str) -> bool:
        return kek_id in self.s.keys.deep

    async def want_deep(self, kek_id: str, is_wanted: bool) -> None:
        if is_wanted:
            self.s.keys.deep.add(kek_id)
        else:
            self.s.keys.deep.discard(kek_id)

    async def wrapped_elsewhere(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        return tuple(key for key in self.s.keys.wrapped.values() if key.kek_id != kek_id)[:limit]

    async def rewrap(self, before: BatchKey, after: BatchKey) -> bool:
        place = before.batch_id, before.version
        if place not in self.s.keys.wrapped or self.s.keys.wrapped[place].kek_id != before.kek_id:
            return False
        self.s.keys.wrapped[place] = after
        return True

    async def retire(self, kek_id: str) -> bool:
        if any(key.kek_id == kek_id for key in self.s.keys.wrapped.values()):
            return False
        self.s.keys.retired.add(kek_id)
        return True

    async def made_before(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        newest = [self.newest(batch_id) for batch_id in self.s.batches]
        made = self.s.keys.made_under
        return tuple(key for key in newest if made[key.batch_id, key.version] != kek_id)[:limit]

    async def outgrown(self, limit: int) -> tuple[BatchKey, ...]:
        newest = [self.newest(batch_id) for batch_id in self.s.batches]
        counts = Counter(batch_id for batch_id, _ in self.s.keys.wrapped)
        return tuple(key for key in newest if counts[key.batch_id] > 1)[:limit]

    async def put(self, key: BatchKey) -> bool:
        if self.newest(key.batch_id).version != key.version - 1:
            return False
        self.s.keys.put(key)
        return True

    async def shut_before(self, key: BatchKey, limit: int) -> tuple[BoxedCard, ...]:
        from tests.fakes.platform_shelves import MemoryCards

        boxed = MemoryCards(self.s).boxed_card
        mine = [card for card in self.s.cards.values() if card.kept.label.batch_id == key.batch_id]
        return tuple(
            boxed(card) for card in mine if card.kept.label.version < key.version and not card.kept.source_id
        )[:limit]

    async def shut_again(self, boxes: Sequence[tuple[BoxedCard, bytes]], version: int) -> None:
        for before, box in boxes:
            card = self.s.cards[before.label.card_id]
            if card.kept.label.version == before.label.version:
                card.kept = replace(card.kept, label=replace(card.kept.label, version=version), box=box)

    async def drop_older(self, key: BatchKey) -> bool:
        if await self.shut_before(key, 1):
            return False
        older = [each for each in self.s.keys.wrapped if each[0] == key.batch_id and each[1] < key.version]
        for place in older:
            del self.s.keys.wrapped[place]
        return bool(older)

    def newest(self, batch_id: str) -> BatchKey:
        return self.s.keys.wrapped[max(place for place in self.s.keys.wrapped if place[0] == batch_id)]
