"""The shelves for rules in memory: they pass the same tests as the ones on SQL."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from platform_server.domain.judge import Take
from platform_server.domain.policies import Policy
from platform_server.domain.reservation import Reservation, ReservationState
from platform_server.ports.rule_shelves import Listed, Told

Key = tuple[str, str, datetime | None]


@dataclass(frozen=True)
class Counted:
    """A counter, and the limits under which it was last counted."""

    count: int
    amount_minor: int
    most: int | None
    most_minor: int | None
    keep_until: datetime


@dataclass(frozen=True)
class Use:
    take: Take
    at: datetime
    is_live: bool = True


@dataclass
class Rules:
    version: int = 0
    policies: dict[str, Policy] = field(default_factory=dict)
    lists: dict[tuple[str, str], Listed] = field(default_factory=dict)
    counters: dict[Key, Counted] = field(default_factory=dict)
    uses: dict[tuple[str, Key], Use] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)

    def __copy__(self) -> Rules:
        copied: dict[str, Any] = {name: copy.copy(value) for name, value in vars(self).items()}
        return Rules(**copied)


class MemoryPolicies:
    def __init__(self, rules: Rules) -> None:
        self.r = rules

    async def version(self) -> int:
        return self.r.version

    async def all(self) -> tuple[Policy, ...]:
        return tuple(policy for _, policy in sorted(self.r.policies.items()))

    async def put(self, policies: Sequence[Policy]) -> None:
        self.r.version += 1
        for policy in policies:
            before = self.r.policies.get(policy.id)
            self.r.policies[policy.id] = replace(policy, version=1 if before is None else before.version + 1)

    async def switch(self, policy_id: str, is_active: bool) -> bool:
        self.r.version += 1
        before = self.r.policies.get(policy_id)
        if before is None:
            return False
        self.r.policies[policy_id] = replace(before, is_active=is_active, version=before.version + 1)
        return True

    async def enlist(self, entry: Listed) -> None:
        self.r.version += 1
        self.r.lists[entry.kind, entry.mark] = entry

    async def strike(self, kind: str, mark: str) -> bool:
        self.r.version += 1
        return self.r.lists.pop((kind, mark), None) is not None

    async def listed(self) -> tuple[Listed, ...]:
        return tuple(entry for _, entry in sorted(self.r.lists.items()))

    async def find_listed(self, marks: Collection[str], now: datetime) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for (kind, mark), entry in self.r.lists.items():
            if mark in marks and (entry.until is None or entry.until > now):
                found.setdefault(mark, set()).add(kind)
        return found


class MemoryCounts:
    def __init__(self, rules: Rules, reservations: Mapping[tuple[str, str], Reservation]) -> None:
        self.r = rules
        self.reservations = reservations

    async def take(self, reservation_id: str, take: Take, at: datetime) -> bool:
        if not self._count(take, at):
            return False
        key = reservation_id, _key(take)
        assert key not in self.r.uses
        self.r.uses[key] = Use(take, at)
        return True

    async def release(self, reservation_id: str) -> None:
        for key, use in self._of(reservation_id):
            if use.is_live:
                self.r.uses[key] = replace(use, is_live=False)
                if use.take.starts_at is not None and key[1] in self.r.counters:
                    self._add(key[1], -use.take.count, -use.take.amount_minor)

    async def retake(self, reservation_id: str, at: datetime) -> bool:
        for key, use in self._of(reservation_id):
            take = use.take
            if take.rolls is not None:
                take = replace(take, keep_until=max(take.keep_until, at + take.rolls))
            if not use.is_live:
                if not self._count(take, at):
                    return False
                self.r.uses[key] = Use(take, at)
        return True

    async def forget_sale(self, reservation_id: str) -> None:
        for key, _ in self._of(reservation_id):
            del self.r.uses[key]

    async def tell(self, told: Told) -> None:
        self.r.told[told.reservation_id] = told

    async def has_bought(self, customer: str) -> bool:
        mine = {told.reservation_id for told in self.r.told.values() if told.customer == customer}
        sold = (ReservationState.SOLD, ReservationState.DELIVERED)
        return any(r.id in mine and r.state in sold for r in self.reservations.values())

    async def forget(self, now: datetime) -> int:
        ended = {key for key, counter in self.r.counters.items() if counter.keep_until <= now}
        for key in ended:
            del self.r.counters[key]
        rolled = {
            key
            for key, use in self.r.uses.items()
            if use.take.rolls is not None and use.take.keep_until <= now
        }
        self.r.uses = {
            key: use for key, use in self.r.uses.items() if key[1] not in ended and key not in rolled
        }
        said = [i for i, told in self.r.told.items() if told.keep_until <= now]
        for reservation_id in said:
            del self.r.told[reservation_id]
        return len(ended) + len({key for key in rolled if key[1] not in ended}) + len(said)

    def _of(self, reservation_id: str) -> list[tuple[tuple[str, Key], Use]]:
        mine = [(key, use) for key, use in self.r.uses.items() if key[0] == reservation_id]
        return sorted(mine, key=lambda each: each[0][1][:2])

    def _count(self, take: Take, at: datetime) -> bool:
        key = _key(take)
        if take.starts_at is None:
            since = at - (take.rolls or timedelta(0))
            live = [u.take for k, u in self.r.uses.items() if k[1] == key and u.is_live and u.at > since]
            self.r.counters[key] = Counted(0, 0, None, None, take.keep_until)
            return take.fits(sum(t.count for t in live), sum(t.amount_minor for t in live))
        before = self.r.counters.get(key) or Counted(0, 0, None, None, take.keep_until)
        if not take.fits(before.count, before.amount_minor):
            return False
        self.r.counters[key] = replace(before, most=take.most, most_minor=take.most_minor)
        self._add(key, take.count, take.amount_minor)
        return True

    def _add(self, key: Key, count: int, amount_minor: int) -> None:
        before = self.r.counters[key]
        count, amount_minor = before.count + count, before.amount_minor + amount_minor
        self.r.counters[key] = replace(before, count=count, amount_minor=amount_minor)


def broken_limits(rules: Rules) -> list[str]:
    """Counters beyond their limit, and those that are not the sum of their uses."""
    counts: Counter[Key] = Counter()
    amounts: Counter[Key] = Counter()
    for (_, key), use in rules.uses.items():
        counts[key] += use.take.count * use.is_live
        amounts[key] += use.take.amount_minor * use.is_live
    wrong = []
    for key, counter in rules.counters.items():
        is_over = counter.most is not None and counter.count > counter.most
        is_over |= counter.most_minor is not None and counter.amount_minor > counter.most_minor
        is_sum = (counter.count, counter.amount_minor) == (counts[key], amounts[key])
        if is_over or (key[2] is not None and not is_sum):
            wrong.append(f"a counter of policy {key[0]}")
    return wrong


def _key(take: Take) -> Key:
    return take.policy_id, take.subject, take.starts_at
