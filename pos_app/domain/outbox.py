"""What the platform must still hear, and when to try again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_WAIT_S = 2
LONGEST_WAIT_S = 300
_JITTER = 0.2


class MessageKind(StrEnum):
    ACK = "ack"  # every slip of the sale is settled
    WITHDRAW = "withdraw"  # the goods came from the reserve instead: never deliver this sale


class MessageState(StrEnum):
    DUE = "due"
    SENT = "sent"
    DEAD = "dead"  # refused for good: a person sends it again or leaves it
    LEFT = "left"  # a person answers for it that it is not sent


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say about one sale, written at `since` in the transaction that made it true.

    `reason` is the code of the last refusal, also of one that is not final.
    """

    id: str
    kind: MessageKind
    sale_id: str
    state: MessageState
    tries: int
    next_try_at: datetime
    since: datetime
    reason: str | None = None

    @classmethod
    def new(cls, message_id: str, kind: MessageKind, sale_id: str, at: datetime) -> Message:
        """Due at once."""
        return cls(message_id, kind, sale_id, MessageState.DUE, 0, at, at)

    @property
    def is_open(self) -> bool:
        """It is still to be sent, by the till or by a person's word."""
        return self.state in (MessageState.DUE, MessageState.DEAD)

    def failed(self, now: datetime, reason: str | None, hint_s: int | None = None) -> Message:
        """Not taken this time; asked again after its own wait, and not before the platform's hint in seconds."""
        wait = wait_of(self.id, self.tries)
        if hint_s is not None:
            wait = max(wait, timedelta(seconds=hint_s))
        return replace(self, tries=self.tries + 1, next_try_at=now + wait, reason=reason or self.reason)

    def refused(self, reason: str) -> Message:
        """A final no: it is not sent again by itself."""
        return replace(self, state=MessageState.DEAD, tries=self.tries + 1, reason=reason)

    def again(self, now: datetime) -> Message:
        """A person wants it sent again: due at once, with a fresh count of tries."""
        return replace(self, state=MessageState.DUE, tries=0, next_try_at=now)


def wait_before(tries: int) -> timedelta:
    """How long to wait after that many failures: 2 s, doubling, at most 5 minutes."""
    return timedelta(seconds=min(FIRST_WAIT_S * (1 << min(tries, 10)), LONGEST_WAIT_S))


def wait_of(name: str, tries: int) -> timedelta:
    """`wait_before`, 20 % shorter or longer: by name and try, so that rows spread and each run is the same."""
    drawn = int.from_bytes(hashlib.sha256(f"{name}:{tries}".encode()).digest()[:4], "big") / 0xFFFFFFFF
    return wait_before(tries) * (1 - _JITTER + 2 * _JITTER * drawn)
