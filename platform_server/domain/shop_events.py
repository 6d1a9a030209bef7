"""What a shop is told without asking: numbered events, and where and how far they were carried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(hours=6)
_PARK_AFTER = timedelta(days=3)


class EventKind(StrEnum):
    """What may have happened; docs/protocol.md section 9 shows the body of each."""

    TOP_UP_CHANGED = "top_up.changed"
    SALE_RELEASED = "sale.released"
    CLAIM_DECIDED = "claim.decided"
    CATALOGUE_CHANGED = "catalogue.changed"
    ACCOUNT_NOTICE = "account.notice"


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """A fact for a shop, or for every shop (None); `body` is plain JSON without anything secret."""

    shop_id: str | None
    kind: EventKind
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """The same in its place in the shop's order: 1, 2, ... without a gap; `at` is when it was numbered."""

    seq: int
    at: datetime
    event: ShopEvent


@dataclass(frozen=True, slots=True)
class Callback:
    """Where a shop wants to be called, how far it was told, and when to try next.

    `url` is None for a shop that only asks; `failed_since` is set while its endpoint does not answer.
    """

    shop_id: str
    url: str | None
    last_seq: int
    delivered_seq: int
    next_at: datetime
    tries: int = 0
    failed_since: datetime | None = None
    parked_at: datetime | None = None

    def told(self, seq: int, now: datetime) -> Callback:
        """After its endpoint has taken everything up to `seq`."""
        return replace(self, delivered_seq=seq, next_at=now, tries=0, failed_since=None)

    def missed(self, now: datetime) -> Callback:
        """After a try that failed: later and later, up to hours, and after three days not any more."""
        since = self.failed_since or now
        wait = min(_FIRST_WAIT * 2 ** min(self.tries, 20), _LONGEST_WAIT)
        parked_at = now if now - since >= _PARK_AFTER else None
        return replace(
            self, tries=self.tries + 1, next_at=now + wait, failed_since=since, parked_at=parked_at
        )
