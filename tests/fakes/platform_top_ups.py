"""Top-ups in memory: the shelf, and what the doctor asks of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from platform_server.domain.top_up import (
    OPEN_STATES,
    Attempt,
    AttemptKind,
    CallbackNotice,
    Taken,
    TopUp,
    TopUpState,
)
from tests.fakes.platform_shelves import KeptTopUp, State


class MemoryTopUps:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add(self, top_ups: Sequence[TopUp]) -> None:
        for top_up in top_ups:
            self.s.top_ups[top_up.id] = KeptTopUp(top_up)

    async def of_reservation(self, reservation_id: str) -> tuple[TopUp, ...]:
        mine = self._those(lambda kept: kept.top_up.reservation_id == reservation_id)
        return tuple(sorted((kept.top_up for kept in mine), key=lambda top_up: top_up.line_id))

    async def find(self, reference: str) -> TopUp | None:
        found = self._those(lambda kept: kept.top_up.reference == reference)
        return found[0].top_up if found else None

    async def in_states(self, states: Collection[TopUpState], limit: int) -> tuple[TopUp, ...]:
        found = [kept.top_up for kept in self._those(lambda kept: kept.top_up.state in states)]
        return tuple(sorted(found, key=lambda top_up: (top_up.accepted_at, top_up.id))[:limit])

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Taken, ...]:
        due = self._those(
            lambda kept: (
                kept.top_up.next_at is not None
                and kept.top_up.next_at <= now
                and (kept.taken_until is None or kept.taken_until <= now)
            )
        )
        return tuple(self._taken(replace(kept, taken_until=until)) for kept in due[:limit])

    async def take(self, reference: str) -> Taken | None:
        found = self._those(lambda kept: kept.top_up.reference == reference)
        return self._taken(found[0]) if found else None

    async def save(self, taken: Taken, top_up: TopUp, taken_until: datetime | None = None) -> bool:
        kept = self.s.top_ups[top_up.id]
        if kept.fence != taken.number:
            return False
        next_at = top_up.next_at if kept.calls == taken.calls else kept.top_up.next_at
        after = replace(top_up, next_at=next_at)
        self.s.top_ups[top_up.id] = replace(kept, top_up=after, taken_until=taken_until)
        return True

    async def call_for(self, reference: str, now: datetime) -> None:
        for kept in self._those(lambda kept: kept.top_up.reference == reference):
            due = replace(kept.top_up, next_at=now)
            self.s.top_ups[due.id] = replace(kept, top_up=due, calls=kept.calls + 1)

    async def count_open(self) -> int:
        return len(self._those(lambda kept: kept.top_up.state in OPEN_STATES))

    async def note_sent(self, attempt: Attempt) -> None:
        key = attempt.top_up_id, attempt.number, attempt.kind.value
        assert key not in self.s.attempts
        self.s.attempts[key] = attempt

    async def note_answered(self, taken: Taken, outcome: str, at: datetime) -> None:
        key = taken.top_up.id, taken.number, taken.kind.value
        self.s.attempts[key] = replace(self.s.attempts[key], outcome=outcome, answered_at=at)

    async def attempts(self, top_up_id: str) -> tuple[Attempt, ...]:
        mine = [each for each in self.s.attempts.values() if each.top_up_id == top_up_id]
        return tuple(sorted(mine, key=lambda each: (each.number, each.sent_at, each.kind.value)))

    async def hear(self, supplier: str, notice: CallbackNotice, at: datetime) -> bool:
        is_new = (supplier, notice.event_id) not in self.s.callbacks
        self.s.callbacks.setdefault((supplier, notice.event_id), notice)
        return is_new

    def _those(self, are: Callable[[KeptTopUp], bool]) -> list[KeptTopUp]:
        return [kept for kept in self.s.top_ups.values() if are(kept)]

    def _taken(self, kept: KeptTopUp) -> Taken:
        newer = replace(kept, fence=kept.fence + 1)
        self.s.top_ups[newer.top_up.id] = newer
        return Taken(newer.top_up, newer.fence, newer.calls)


def money_back(state: State) -> list[str]:
    wrong = []
    for kept in state.top_ups.values():
        top_up = kept.top_up
        back = state.refunded.get((top_up.reservation_id, top_up.line_id), 0)
        has_journal = ("top_up_back", top_up.id) in state.journals
        if back != top_up.cost.minor if top_up.is_given_back else has_journal:
            wrong.append(top_up.reference)
    return wrong


def late_successes(state: State) -> list[str]:
    wrong = []
    for kept in state.top_ups.values():
        top_up = kept.top_up
        told = {kind for subject, kind, *_ in state.incidents if subject == top_up.id}
        is_lost = ("top_up_loss", top_up.id) in state.journals
        is_silent = top_up.late_success and "top_up_late_success" not in told
        is_silent |= top_up.state is TopUpState.REVERSED and "top_up_reversed" not in told
        if is_silent or is_lost != top_up.late_success:
            wrong.append(top_up.reference)
    return wrong


def requests(state: State) -> list[str]:
    wrong = []
    for kept in state.top_ups.values():
        sent = [
            each.digest
            for each in state.attempts.values()
            if each.top_up_id == kept.top_up.id and each.kind is AttemptKind.SUBMIT
        ]
        if len(set(sent)) != (1 if kept.top_up.request is not None else 0):
            wrong.append(kept.top_up.reference)
    return wrong
