"""What the platform must still hear, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_WAIT_S = 2
LONGEST_WAIT_S = 300


class MessageKind(StrEnum):
    ACK = "ack"


class MessageState(StrEnum):
    DUE = "due"
    SENT = "sent"
    REFUSED = "refused"  # never deleted unread: the manager sees it


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say about one sale; written in the transaction that made it true."""

    id: str
    kind: MessageKind
    sale_id: str
    state: MessageState
    tries: int
    next_try_at: datetime
    reason: str | None = None


def wait_before(tries: int) -> timedelta:
    """How long to wait after that many failures: 2 s, doubling, at most 5 minutes."""
    return timedelta(seconds=min(FIRST_WAIT_S * (1 << min(tries, 10)), LONGEST_WAIT_S))
