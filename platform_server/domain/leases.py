"""Codes that a till holds in advance to sell without us: what is out, until when, and how each of them ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from platform_server.domain.money import Money
from platform_server.domain.policies import LeaseCap, Policy

T = TypeVar("T")
LEASE_SALE = "lease_sale"  # the kind of the journal that takes the money of one card
LEASE_RULES = (
    "lease_codes",
    "lease_amount",
    "lease_face",
    "lease_shop_codes",
    "lease_shop_amount",
)
_SALES = ("sale_paid", "lease_sold")
_DELETION = "lease_returned"
_ID = re.compile(r"[A-Za-z0-9._-]{1,36}")
_MOST_NAMED = 1000  # cards in one entry: more is no sale, and no answer could be given for it in time


class LeaseState(StrEnum):
    """OPEN may be filled up; EXPIRED and FENCED only come to an end; SETTLED has nothing out any more."""

    OPEN = "OPEN"
    EXPIRED = "EXPIRED"
    FENCED = "FENCED"
    SETTLED = "SETTLED"


class LeasedState(StrEnum):
    """LEASED and QUARANTINED may have been sold, and their money is held; SOLD and RETURNED are final."""

    LEASED = "LEASED"
    QUARANTINED = "QUARANTINED"
    SOLD = "SOLD"
    RETURNED = "RETURNED"


OUT = (LeasedState.LEASED, LeasedState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class LeaseCaps:
    """How much may be out at once: cards, their face value, the face value of one, and for how long."""

    most: int
    most_amount: Money
    most_face: Money
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Lease:
    """Cards of one till and one of its epochs; `id` is ours, `lease_id` the till's.

    `most` and `most_amount` are the till's caps when it was last filled. `fenced_at` says since when it gets nothing
    more, and `fenced_why` the reason: a new epoch, a withdrawn till, an operator.
    """

    id: str
    shop_id: str
    till_id: str
    lease_id: str
    epoch: int
    granted_at: datetime
    expires_at: datetime
    most: int
    most_amount: Money
    fenced_at: datetime | None = None
    fenced_why: str | None = None

    def state(self, cards: Iterable[LeasedCard], now: datetime) -> LeaseState:
        """What a till is told; an expired one keeps its cards until somebody proves what became of them."""
        is_over = self.fenced_at is not None or self.expires_at <= now
        if is_over and not any(card.is_out for card in cards):
            return LeaseState.SETTLED
        if self.fenced_at is not None:
            return LeaseState.FENCED
        return LeaseState.EXPIRED if is_over else LeaseState.OPEN


@dataclass(frozen=True, slots=True)
class SoldOffline:
    """A till's ledger says that it sold a leased card; `at` is the till's own clock."""

    seq: int
    at: datetime
    sale_id: str
    line_id: str
    lease_id: str
    card_id: str


@dataclass(frozen=True, slots=True)
class DeletedCards:
    """A till's ledger says that it has destroyed leased cards unsold, for good."""

    seq: int
    lease_id: str
    card_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeasedCard:
    """One card in one lease (of a kit the first); a card that came back may be leased again, as another of these.

    `cost` is what the shop pays, held until it is known what became of the card. `deleted_seq` is the entry of the
    till's ledger that destroyed it unsold, `sold_seq` the one that sold it: None when a person decided that it was
    sold, and then its `sale_id` and `line_id` may become known later.
    """

    lease_id: str
    card_id: str
    product_id: str
    face: Money
    cost: Money
    leased_at: datetime
    changed_at: datetime
    state: LeasedState = LeasedState.LEASED
    deleted_seq: int | None = None
    sold_seq: int | None = None
    sale_id: str | None = None
    line_id: str | None = None
    journal_id: str | None = None

    @property
    def is_out(self) -> bool:
        """Whether nobody knows yet what became of it."""
        return self.state in OUT

    @property
    def may_be_sold(self) -> bool:
        """Whether the till may have its code in hand."""
        return self.state is LeasedState.LEASED and self.deleted_seq is None


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is out now: number of cards and their face value in minor units."""

    count: int = 0
    face_minor: int = 0

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(self.count + other.count, self.face_minor + other.face_minor)

    def fits(self, caps: LeaseCaps) -> bool:
        """Whether so much may be out."""
        return self.count <= caps.most and self.face_minor <= caps.most_amount.minor


def caps_of(
    policies: Iterable[Policy], shop_id: str, currency: str, at: datetime
) -> Mapping[str, LeaseCaps | None]:
    """By "till" and "shop": the tightest of the shop's own policies, else of the platform's, else None."""
    mine: dict[tuple[str, str], LeaseCaps] = {}
    for policy in policies:
        rule = policy.rule
        if not isinstance(rule, LeaseCap) or rule.most_amount.currency != currency:
            continue
        if policy.subject in ("", shop_id) and policy.is_in_force(at):
            caps = LeaseCaps(rule.most, rule.most_amount, rule.most_face, timedelta(hours=rule.hours))
            key = rule.per, policy.scope
            mine[key] = _tighter(mine.get(key, caps), caps)
    return {per: mine.get((per, "shop"), mine.get((per, "platform"))) for per in ("till", "shop")}


def _tighter(one: LeaseCaps, other: LeaseCaps) -> LeaseCaps:
    return LeaseCaps(
        most=min(one.most, other.most),
        most_amount=min(one.most_amount, other.most_amount, key=lambda amount: amount.minor),
        most_face=min(one.most_face, other.most_face, key=lambda amount: amount.minor),
        lifetime=min(one.lifetime, other.lifetime),
    )


def lease_facts(entry: Mapping[str, Any]) -> tuple[SoldOffline | DeletedCards, ...]:
    """What an entry of a till's ledger says about leased cards. Raises ValueError when that cannot be read."""
    kind, body = entry["kind"], entry["body"]
    try:
        if kind == _DELETION:
            card_ids = _few([_text(card_id) for card_id in body["card_ids"]])
            return (DeletedCards(entry["seq"], _text(body["lease_id"]), card_ids),)
        return _few(list(_sold(entry, body))) if kind in _SALES else ()
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError("names leased cards in a form that is not known") from fault


def _few(named: list[T]) -> tuple[T, ...]:
    if len(named) > _MOST_NAMED:
        raise ValueError(f"an entry names at most {_MOST_NAMED} cards")
    return tuple(named)


def _sold(entry: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[SoldOffline]:
    lines = body.get("lines")
    for line in lines if isinstance(lines, list) else ():
        for each in (line.get("leased") if isinstance(line, Mapping) else None) or ():
            at = datetime.fromisoformat(entry["at"])
            if at.tzinfo is None:
                raise ValueError("a time has its zone")
            sale = _text(body["sale_id"]), _text(line["line_id"])
            yield SoldOffline(entry["seq"], at, *sale, _text(each["lease_id"]), _text(each["card_id"]))


def _text(told: object) -> str:
    if not isinstance(told, str) or not _ID.fullmatch(told):
        raise ValueError("not an id")
    return told
