"""The wallet of a shop in double entry: every journal adds up to zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.money import Money

FUNDING = "platform:funding"
SALES = "platform:sales"
LOSSES = "platform:losses"
PLATFORM = "platform"  # the actor of what happens by itself


def till_actor(till_id: str) -> str:
    """The actor of what a till asked for."""
    return f"till:{till_id}"


def wallet_account(shop_id: str) -> str:
    """The account name of a shop's wallet."""
    return f"wallet:{shop_id}"


def supplier_account(supplier_id: str) -> str:
    """The account name of what is between us and a supplier; below zero he owes us."""
    return f"supplier:{supplier_id}"


_LONGEST_REFERENCE = 120


def check_reference(reference: str) -> None:
    """Raises ValueError for a reference of an operator's booking that nobody could find again."""
    if not 1 <= len(reference) <= _LONGEST_REFERENCE or not reference.isprintable():
        raise ValueError(f"a reference has 1 to {_LONGEST_REFERENCE} characters")


@dataclass(frozen=True, slots=True)
class Wallet:
    """What a shop has; `held` is promised to reservations, `credit_limit` how far below zero it goes."""

    shop_id: str
    balance: Money
    held: Money
    credit_limit: Money

    @property
    def available(self) -> Money:
        """What can still be promised."""
        return self.balance - self.held + self.credit_limit


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a journal; positive puts money into the account."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Journal:
    """One movement of money, final once written; the rest as in its head. Raises ValueError unless it sums to zero."""

    id: str
    shop_id: str
    kind: str
    reference: str
    at: datetime
    postings: tuple[Posting, ...]
    actor: str = PLATFORM
    note: str = ""
    reservation_id: str | None = None
    line_id: str | None = None

    def __post_init__(self) -> None:
        if sum(posting.amount.minor for posting in self.postings) != 0:
            raise ValueError("a journal adds up to zero")


@dataclass(frozen=True, slots=True)
class JournalHead:
    """What every journal starts with: (kind, reference) exists once; who moved the money, and why.

    `reservation_id` names the sale that it is about, if any, and `line_id` its one line if not all are meant.
    """

    id: str
    shop_id: str
    kind: str
    reference: str
    at: datetime
    actor: str = PLATFORM
    note: str = ""
    reservation_id: str | None = None
    line_id: str | None = None


def move(head: JournalHead, amount: Money, *, giver: str, taker: str) -> Journal:
    """A journal that takes `amount` (positive) between two accounts. Raises ValueError for zero or less."""
    if amount.minor <= 0:
        raise ValueError("a movement is positive")
    postings = (Posting(giver, amount * -1), Posting(taker, amount))
    return Journal(
        head.id,
        head.shop_id,
        head.kind,
        head.reference,
        head.at,
        postings,
        actor=head.actor,
        note=head.note,
        reservation_id=head.reservation_id,
        line_id=head.line_id,
    )
