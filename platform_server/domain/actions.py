"""What people did on the platform, as one chain of hashes: whoever edits, drops or moves an action is found (I21)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_server.domain.canonical import canonical_json
from platform_server.domain.errors import BadRequest, Forbidden

FIRST_ACTION_PREV = "0" * 64
_LONGEST_NAME = 100
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Authority:
    """By whom and why: `actor` acts, `authoriser` is a second person who put a name to it, or None.

    Raises BadRequest without a name or a reason, or for one that is too long; Forbidden if both are one person.
    """

    actor: str
    reason: str
    authoriser: str | None = None

    def __post_init__(self) -> None:
        for where, text, most in (
            ("actor", self.actor, _LONGEST_NAME),
            ("reason", self.reason, _LONGEST_REASON),
            ("authoriser", "-" if self.authoriser is None else self.authoriser, _LONGEST_NAME),
        ):
            if not text.strip() or len(text) > most:
                raise BadRequest.at(where, f"1 to {most} characters")
        if self.authoriser is not None and is_same_person(self.actor, self.authoriser):
            raise Forbidden("nobody authorises himself")


def is_same_person(one: str, other: str) -> bool:
    """Names in any capitals and with any blanks around them."""
    return one.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that was done: `what` to which `subject` ("card:<id>", "claim:<id>", "shop:<id>", ...).

    `detail` is plain JSON without a secret; `at` aware UTC in microseconds.
    """

    at: datetime
    actor: str
    authoriser: str | None
    what: str
    subject: str
    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def by(
        cls, authority: Authority, at: datetime, what: str, subject: str, detail: Mapping[str, Any]
    ) -> Action:
        """With the names and the reason of an authority."""
        return cls(at, authority.actor, authority.authoriser, what, subject, authority.reason, detail)


@dataclass(frozen=True, slots=True)
class ActionHead:
    """Where the chain stands: the last number and the hash of its action (64 zeros before the first)."""

    seq: int = 0
    hash: str = FIRST_ACTION_PREV


@dataclass(frozen=True, slots=True)
class ChainedAction:
    """An action in its place; `prev` is the hash of the one before."""

    seq: int
    prev: str
    action: Action

    @property
    def hash(self) -> str:
        """Hex SHA-256 over number, `prev` and everything that the action says."""
        action = self.action
        told = {
            "seq": self.seq,
            "prev": self.prev,
            "at": action.at.isoformat(timespec="microseconds"),
            "actor": action.actor,
            "authoriser": action.authoriser,
            "what": action.what,
            "subject": action.subject,
            "reason": action.reason,
            "detail": dict(action.detail),
        }
        return hashlib.sha256(canonical_json(told)).hexdigest()
