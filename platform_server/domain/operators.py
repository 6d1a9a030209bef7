"""Who runs the platform: operators, what each role may do, their sessions, and the brake on guessing."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LANGUAGES = ("zh", "en")
LONGEST_NAME = 40
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200  # longer ones would only cost time to hash
TRIES = 5  # wrong ones before the brake
FIRST_BRAKE = timedelta(minutes=1)  # doubles with each further try
LONGEST_BRAKE = timedelta(hours=24)
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
STEP_UP_LASTS = timedelta(minutes=5)  # one fresh code for the few dangerous things done in a row
_SEEN_EVERY = timedelta(minutes=1)  # a page view is not worth a write each time


class OperatorRole(StrEnum):
    """What an operator is."""

    OWNER = "owner"
    MANAGER = "manager"
    SUPPORT = "support"
    AUDITOR = "auditor"


class Right(StrEnum):
    """One thing that a role may do at the console; nobody has the right to read a code."""

    SEE_GOODS = "see_goods"
    SEE_CARDS = "see_cards"
    SEE_SHOPS = "see_shops"
    SEE_MONEY = "see_money"
    SEE_SALES = "see_sales"
    SEE_INCIDENTS = "see_incidents"
    SEE_CLAIMS = "see_claims"
    SEE_OPERATORS = "see_operators"
    SEE_ACTIONS = "see_actions"
    EDIT_GOODS = "edit_goods"
    IMPORT_CODES = "import_codes"
    OPEN_SHOP = "open_shop"
    ENROL_TILL = "enrol_till"
    REVOKE_TILL = "revoke_till"
    BOOK_MONEY = "book_money"
    SETTLE_TOP_UP = "settle_top_up"
    ACKNOWLEDGE_INCIDENT = "acknowledge_incident"
    ASK_SUPPLIER = "ask_supplier"
    DECIDE_CLAIM = "decide_claim"
    KEEP_OPERATORS = "keep_operators"


_SEE_BUSINESS = frozenset(
    {
        Right.SEE_GOODS,
        Right.SEE_CARDS,
        Right.SEE_SHOPS,
        Right.SEE_MONEY,
        Right.SEE_SALES,
        Right.SEE_INCIDENTS,
        Right.SEE_CLAIMS,
    }
)
ROLES: Mapping[OperatorRole, frozenset[Right]] = {
    OperatorRole.OWNER: frozenset(Right),
    OperatorRole.MANAGER: frozenset(Right) - {Right.KEEP_OPERATORS, Right.SEE_OPERATORS},
    OperatorRole.SUPPORT: _SEE_BUSINESS
    | {Right.ENROL_TILL, Right.ACKNOWLEDGE_INCIDENT, Right.ASK_SUPPLIER, Right.REVOKE_TILL},
    OperatorRole.AUDITOR: _SEE_BUSINESS | {Right.SEE_OPERATORS, Right.SEE_ACTIONS},
}

# These ask for a fresh one-time code: a stolen session alone moves no money and opens no door.
STEP_UP = frozenset(
    {
        Right.IMPORT_CODES,
        Right.ENROL_TILL,
        Right.BOOK_MONEY,
        Right.SETTLE_TOP_UP,
        Right.DECIDE_CLAIM,
        Right.KEEP_OPERATORS,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Operator:
    """Who may sign in at the console; `totp_box` is the sealed secret of the one-time codes.

    `tries` counts sign-ins begun since the last that succeeded; `last_step` is the last 30 s step whose code was taken.
    """

    id: str
    name: str
    role: OperatorRole
    password_hash: str
    totp_box: bytes
    created_at: datetime
    language: str = "zh"
    is_active: bool = True
    must_change: bool = True
    tries: int = 0
    locked_until: datetime | None = None
    last_step: int = 0

    @property
    def subject(self) -> str:
        """How the record of actions names them."""
        return f"operator:{self.id}"

    def may(self, right: Right) -> bool:
        """Whether the role has this right; a first password has none."""
        return self.is_active and not self.must_change and right in ROLES[self.role]

    def is_locked(self, now: datetime) -> bool:
        """Whether the brake holds."""
        return self.locked_until is not None and now < self.locked_until

    def tried(self, now: datetime) -> Operator:
        """Counted before it is judged, so that neither a crash nor a second process gives tries away."""
        tries = self.tries + 1
        if tries < TRIES:
            return replace(self, tries=tries)
        brake = min(FIRST_BRAKE * 2 ** min(tries - TRIES, 20), LONGEST_BRAKE)
        return replace(self, tries=tries, locked_until=now + brake)

    def admitted(self, step: int) -> Operator:
        """After a right code: the brake is off, and the code of this step is spent."""
        return replace(self, tries=0, locked_until=None, last_step=step)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; known by the hash of its token, tied to the browser's own name."""

    token_hash: str
    operator_id: str
    agent_hash: str
    made_at: datetime
    seen_at: datetime
    stepped_up_at: datetime | None = None

    def is_alive(self, now: datetime, agent: str) -> bool:
        """Whether it still counts, for this browser."""
        is_fresh = now - self.seen_at < IDLE and now - self.made_at < LONGEST_SESSION
        return is_fresh and self.agent_hash == hash_agent(agent)

    def is_worth_touching(self, now: datetime) -> bool:
        """Whether `seen_at` is old enough to be written again."""
        return now - self.seen_at >= _SEEN_EVERY

    def is_stepped_up(self, now: datetime) -> bool:
        """Whether a fresh code was given a short while ago."""
        return self.stepped_up_at is not None and now - self.stepped_up_at < STEP_UP_LASTS


def hash_agent(agent: str) -> str:
    """Hex SHA-256 of what a browser calls itself."""
    return hashlib.sha256(agent.encode("utf-8")).hexdigest()


def login_name(text: str) -> str:
    """One spelling for a name. Raises ValueError for an empty or long one, or one with hidden characters."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(f"a name has 1 to {LONGEST_NAME} visible characters")
    return name


def is_good_password(password: str, name: str) -> bool:
    """Long, not all of few characters, and not made of the name."""
    is_long = SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD
    return is_long and len(set(password)) >= 5 and name not in password.casefold()
