"""The shelves behind the doors, in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from platform_server.domain.figures import Figures
from platform_server.domain.reservation import ReservationState
from platform_server.domain.shop_events import Callback, NumberedEvent, ShopEvent
from platform_server.domain.till_keys import KeyHolder, TillKey
from platform_server.domain.top_up import OPEN_STATES, TopUpState
from tests.fakes.platform_shelves import State


class MemoryTillKeys:
    def __init__(self, state: State) -> None:
        self.s = state

    async def save(self, key: TillKey) -> None:
        self.s.till_keys[key.keyid] = key

    async def find(self, keyid: str) -> KeyHolder | None:
        key = self.s.till_keys.get(keyid)
        return None if key is None else KeyHolder(self.s.tills[key.till_id], key)

    async def lock(self, keyid: str) -> KeyHolder | None:
        return await self.find(keyid)

    async def of_till(self, till_id: str) -> tuple[TillKey, ...]:
        mine = [key for key in self.s.till_keys.values() if key.till_id == till_id]
        return tuple(sorted(mine, key=lambda key: (key.not_before, key.keyid)))


class MemoryEvents:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add(self, event: ShopEvent) -> None:
        self.s.outbox.append(event)

    async def number(self, now: datetime, limit: int) -> int:
        waiting, self.s.outbox = self.s.outbox[:limit], self.s.outbox[limit:]
        for event in waiting:
            for shop_id in sorted(self.s.shops) if event.shop_id is None else [event.shop_id]:
                callback, _ = self.s.shop_callbacks.get(shop_id, (Callback(shop_id, None, 0, 0, now), None))
                numbered = replace(callback, last_seq=callback.last_seq + 1)
                taken = self.s.shop_callbacks.get(shop_id, (None, None))[1]
                self.s.shop_callbacks[shop_id] = (numbered, taken)
                mine = replace(event, shop_id=shop_id)
                self.s.events.append(NumberedEvent(numbered.last_seq, now, mine))
        return len(waiting)

    async def after(self, shop_id: str, seq: int, limit: int) -> tuple[NumberedEvent, ...]:
        mine = [each for each in self.s.events if each.event.shop_id == shop_id and each.seq > seq]
        return tuple(sorted(mine, key=lambda each: each.seq)[:limit])

    async def callback(self, shop_id: str) -> Callback | None:
        found = self.s.shop_callbacks.get(shop_id)
        return None if found is None else found[0]

    async def save_callback(self, callback: Callback) -> None:
        last = (
            self.s.shop_callbacks[callback.shop_id][0].last_seq
            if callback.shop_id in self.s.shop_callbacks
            else 0
        )
        self.s.shop_callbacks[callback.shop_id] = (replace(callback, last_seq=last), None)

    async def has_work(self, now: datetime) -> bool:
        return bool(self.s.outbox or self._due(now))

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[Callback, ...]:
        due = sorted(self._due(now), key=lambda callback: callback.next_at)[:limit]
        for callback in due:
            self.s.shop_callbacks[callback.shop_id] = (callback, until)
        return tuple(due)

    async def save_delivery(self, callback: Callback, taken_until: datetime) -> bool:
        known, taken = self.s.shop_callbacks[callback.shop_id]
        if taken != taken_until:
            return False
        self.s.shop_callbacks[callback.shop_id] = (replace(callback, last_seq=known.last_seq), None)
        return True

    async def forget(self, before: datetime) -> int:
        kept = [event for event in self.s.events if event.at >= before]
        dropped, self.s.events = len(self.s.events) - len(kept), kept
        return dropped

    def _due(self, now: datetime) -> list[Callback]:
        return [
            callback
            for callback, taken in self.s.shop_callbacks.values()
            if callback.url is not None
            and callback.parked_at is None
            and callback.delivered_seq < callback.last_seq
            and callback.next_at <= now
            and (taken is None or taken <= now)
        ]


class MemoryFigures:
    def __init__(self, state: State) -> None:
        self.s = state

    async def revision(self) -> str | None:
        return "in memory"

    async def read(self) -> Figures:
        orders = [kept.top_up for kept in self.s.top_ups.values()]
        states = Counter(top_up.state for top_up in orders)
        held: Counter[str] = Counter()
        for wallet in self.s.wallets.values():
            held[wallet.held.currency] += wallet.held.minor
        callbacks = [callback for callback, _ in self.s.shop_callbacks.values()]
        called = {c.shop_id: c for c in callbacks if c.url is not None and c.parked_at is None}
        next_up = [
            event.at
            for event in self.s.events
            if event.event.shop_id in called and event.seq == called[event.event.shop_id].delivered_seq + 1
        ]
        return Figures(
            top_ups={state.value: states[state] for state in (*OPEN_STATES, TopUpState.MANUAL)},
            held=dict(held),
            reserved=sum(r.state is ReservationState.RESERVED for r in self.s.reservations.values()),
            oldest_top_up=min((t.accepted_at for t in orders if t.state in OPEN_STATES), default=None),
            unnumbered_events=len(self.s.outbox),
            oldest_event=min(next_up, default=None),
            parked_callbacks=sum(callback.parked_at is not None for callback in callbacks),
        )
