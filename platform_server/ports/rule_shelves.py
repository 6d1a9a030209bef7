"""The shelves for rules at reserve, for what they count, and for what customers said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from platform_server.domain.judge import Take
from platform_server.domain.policies import Policy

LISTS = ("customer_block", "customer_allow", "destination_block")


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody or some account on one of LISTS: `mark` is a keyed hash, so the list shows nobody."""

    kind: str
    mark: str
    note: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of what a customer said: a keyed hash and known answers, until `keep_until`."""

    reservation_id: str
    customer: str | None
    answers: str | None
    at: datetime
    keep_until: datetime


class PolicyShelf(Protocol):
    """Policies and lists; whatever changes them moves the version, so that caches know."""

    async def version(self) -> int:
        """0 until the first change."""
        ...

    async def all(self) -> tuple[Policy, ...]:
        """By id, inactive ones too."""
        ...

    async def put(self, policies: Sequence[Policy]) -> None:
        """Adds new ones and replaces known ones (their version grows by one)."""
        ...

    async def switch(self, policy_id: str, is_active: bool) -> bool:
        """On or off; False for an unknown one."""
        ...

    async def enlist(self, entry: Listed) -> None:
        """Adds to a list, or replaces what is said of that mark."""
        ...

    async def strike(self, kind: str, mark: str) -> bool:
        """Takes off a list; False if it was not there."""
        ...

    async def listed(self) -> tuple[Listed, ...]:
        """Everything on every list."""
        ...

    async def find_listed(self, marks: Collection[str], now: datetime) -> Mapping[str, set[str]]:
        """The lists that each mark stands on now; marks on none are left out."""
        ...


class CountShelf(Protocol):
    """What sales have used of limits. Every writer takes in the order of a Verdict, so none waits for another in a ring."""

    async def take(self, reservation_id: str, take: Take, at: datetime) -> bool:
        """Adds to a counter in one step if it fits, and remembers it; False if it does not fit."""
        ...

    async def release(self, reservation_id: str) -> None:
        """Gives back what a reservation took; nothing the second time."""
        ...

    async def retake(self, reservation_id: str, at: datetime) -> bool:
        """Takes again what was given back, under the same limits; False at the first that does not fit."""
        ...

    async def forget_sale(self, reservation_id: str) -> None:
        """What a reservation took and gave back is forgotten: it is made anew."""
        ...

    async def tell(self, told: Told) -> None:
        """Keeps what was said, in place of what the same reservation said before."""
        ...

    async def has_bought(self, customer: str) -> bool:
        """Whether a sale of this customer was sold, as far back as is kept."""
        ...

    async def forget(self, now: datetime) -> int:
        """Counters, uses and sayings whose time is over; how many."""
        ...
