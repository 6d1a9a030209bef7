"""A claim: what a shop says is wrong with a thing it was sold, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.errors import BadRequest
from platform_server.domain.money import Money


class ClaimReason(StrEnum):
    """What is wrong."""

    CODE_INVALID = "code_invalid"
    ALREADY_USED = "already_used"
    WRONG_ACCOUNT = "wrong_account"
    NOT_RECEIVED = "not_received"


class ClaimState(StrEnum):
    """OPEN -> ASKED_SUPPLIER -> APPROVED | DENIED; the last two are final."""

    OPEN = "OPEN"
    ASKED_SUPPLIER = "ASKED_SUPPLIER"
    APPROVED = "APPROVED"
    DENIED = "DENIED"


class ClaimOutcome(StrEnum):
    """What an approved claim gives: the money of the item, or another card of its product."""

    REFUND = "refund"
    REISSUE = "reissue"


UNDECIDED = (ClaimState.OPEN, ClaimState.ASKED_SUPPLIER)
_OF_CARDS = (ClaimReason.CODE_INVALID, ClaimReason.ALREADY_USED, ClaimReason.NOT_RECEIVED)
_OF_TOP_UPS = (ClaimReason.WRONG_ACCOUNT, ClaimReason.NOT_RECEIVED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the shop shows: a "text", or a "file" by its SHA-256 (hex) with words; the file itself stays there."""

    kind: str
    text: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a till says: the item by its card, its line or both; `person` is who stands at the till, if told."""

    card_id: str | None
    line_id: str | None
    reason: ClaimReason
    evidence: tuple[Evidence, ...] = ()
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """How a claim was settled. `note` is told to the till; `proof` is the supplier's reference for "unused and void".

    `refund` went back to the wallet, `new_card_id` took the place of the void card; one of them at most.
    """

    at: datetime
    by: str
    authoriser: str | None
    note: str
    proof: str | None = None
    outcome: ClaimOutcome | None = None
    refund: Money | None = None
    new_card_id: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim for one item of a sale: a card, or (without `card_id`) the top-up of a line; `cost` is what it cost.

    `till_id` and `attempt` are those of the call that opened it, `opened_by` is a person or "till:<id>".
    """

    id: str
    shop_id: str
    till_id: str
    sale_id: str
    attempt: int
    reservation_id: str
    line_id: str
    card_id: str | None
    reason: ClaimReason
    evidence: tuple[Evidence, ...]
    cost: Money
    opened_by: str
    opened_at: datetime
    due_at: datetime
    state: ClaimState = ClaimState.OPEN
    decision: Decision | None = None

    @property
    def is_live(self) -> bool:
        """Whether it stands in the way of another claim for the same item."""
        return self.state is not ClaimState.DENIED


def check_reason(reason: ClaimReason, is_top_up: bool) -> None:
    """Raises BadRequest for a reason that cannot be true of such an item."""
    if reason not in (_OF_TOP_UPS if is_top_up else _OF_CARDS):
        raise BadRequest.at(
            "body.reason", f"{reason.value} is not said of a {'top-up' if is_top_up else 'card'}"
        )
