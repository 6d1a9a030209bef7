"""Rules at reserve as data: what each kind of policy may say, read from plain values and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from platform_server.domain.money import Money

SCOPES = ("platform", "shop", "product", "risk_class", "brand", "category")
NEEDS = ("supervisor", "questions", "id")
PERS = ("customer", "till", "cashier", "product", "shop")
PURPOSES = ("self", "gift", "asked")  # "asked": someone on the phone or in a chat told the customer to buy
LONGEST_WINDOW_S = 31 * 86_400
LONGEST_LEASE_H = 7 * 24


class PolicyKind(StrEnum):
    """What a policy limits; docs/policies.md has a line for each."""

    PER_SALE = "per_sale"
    VELOCITY = "velocity"
    SPLIT = "split"
    MAX_FACE = "max_face"
    MINORS = "minors"
    REAL_NAME = "real_name"
    PURPOSE = "purpose"
    HOURS = "hours"
    FIRST_HIGH = "first_high"
    COOLING = "cooling"
    LEASE = "lease"


@dataclass(frozen=True, slots=True)
class PerSale:
    """At most so many codes and so much face value in one sale; `needs` lifts it."""

    most: int | None
    most_amount: Money | None
    needs: str | None


@dataclass(frozen=True, slots=True)
class Velocity:
    """At most so much for one of `per` in a window: "day", "month", or a number of seconds that roll.

    `counts` is "codes" or "sales". For a split, it is what several small sales add up to.
    """

    per: str
    window: str | int
    counts: str
    most: int | None
    most_amount: Money | None
    needs: str | None


@dataclass(frozen=True, slots=True)
class MaxFace:
    """At most `most` cards of one product whose face value is `at_least` or more."""

    most: int
    at_least: Money
    needs: str | None


@dataclass(frozen=True, slots=True)
class Band:
    """Who is younger than `below` years buys at most so much of one brand at a time and in a month."""

    below: int
    most_sale: Money
    most_month: Money


@dataclass(frozen=True, slots=True)
class Minors:
    """Bands from the youngest up; with `must_ask` a sale without an age is asked for it."""

    bands: tuple[Band, ...]
    must_ask: bool


@dataclass(frozen=True, slots=True)
class RealName:
    """From this face value on somebody must have seen an identity document."""

    at_least: Money


@dataclass(frozen=True, slots=True)
class Purpose:
    """Answers to "what is it for" on which nothing is sold."""

    refuse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """Between `start` and `end` (local; over midnight when the end is earlier) so much or more needs something."""

    start: time
    end: time
    at_least: Money | None
    needs: str | None


@dataclass(frozen=True, slots=True)
class FirstHigh:
    """A customer who never bought here and begins with so much or more."""

    at_least: Money
    needs: str | None


@dataclass(frozen=True, slots=True)
class Cooling:
    """From this face value on the money is taken now and the codes come `minutes` later."""

    at_least: Money
    minutes: int


@dataclass(frozen=True, slots=True)
class LeaseCap:
    """What a till, or a shop with all its tills, may hold at once to sell without the platform, and for how long."""

    per: str
    most: int
    most_amount: Money
    most_face: Money
    hours: int


Rule = PerSale | Velocity | MaxFace | Minors | RealName | Purpose | Hours | FirstHigh | Cooling | LeaseCap


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule, for whom, why, and when it is in force; `parameters` are the plain values `rule` was read from.

    `subject` names the shop, product, risk class, brand or category of the scope; "" for the platform.
    `version` is kept by the store and grows with each change.
    """

    id: str
    scope: str
    subject: str
    kind: PolicyKind
    parameters: Mapping[str, Any]
    rule: Rule
    source: str
    is_active: bool = True
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    version: int = 1

    def is_in_force(self, at: datetime) -> bool:
        """Active, and `at` is within its time."""
        has_begun = self.valid_from is None or self.valid_from <= at
        return self.is_active and has_begun and (self.valid_until is None or at < self.valid_until)


def read_policy(told: Mapping[str, Any]) -> Policy:
    """A policy from plain values. Raises ValueError that names what is wrong."""
    known = (
        "id",
        "scope",
        "subject",
        "kind",
        "parameters",
        "source",
        "is_active",
        "valid_from",
        "valid_until",
    )
    _only(told, known, "a policy")
    policy_id = _text(told, "id")
    if not policy_id or len(policy_id) > 64:
        raise ValueError("a policy has an id of at most 64 characters")
    scope, subject = _choice(told, "scope", SCOPES), _text(told, "subject")
    if (scope == "platform") is bool(subject) or len(subject) > 64:
        raise ValueError(f"{policy_id}: a scope other than platform names its subject, platform none")
    try:
        kind = PolicyKind(_text(told, "kind"))
    except ValueError:
        raise ValueError(f"{policy_id}: kind is one of {', '.join(PolicyKind)}") from None
    parameters = told.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise ValueError(f"{policy_id}: parameters are an object")  # noqa: TRY004  # one error for one kind
    try:
        rule = read_rule(kind, parameters)
    except (ValueError, TypeError) as fault:
        raise ValueError(f"{policy_id}: {fault}") from fault
    if isinstance(rule, LeaseCap) and scope not in ("platform", "shop"):
        raise ValueError(f"{policy_id}: what a till may hold is set for the platform or a shop")
    return Policy(
        id=policy_id,
        scope=scope,
        subject=subject,
        kind=kind,
        parameters=dict(parameters),
        rule=rule,
        source=_text(told, "source"),
        is_active=_flag(told, "is_active", default=True),
        valid_from=_instant(told, "valid_from"),
        valid_until=_instant(told, "valid_until"),
    )


def read_rule(kind: PolicyKind, told: Mapping[str, Any]) -> Rule:
    """The parameters of one kind. Raises ValueError for a field that is missing, unknown or wrong."""
    fields, read = _READERS[kind]
    _only(told, fields, kind.value)
    return read(told)


def _per_sale(told: Mapping[str, Any]) -> PerSale:
    return PerSale(*_bounds(told), _needs(told))


def _velocity(told: Mapping[str, Any]) -> Velocity:
    counts = _choice(told, "counts", ("codes", "sales"), "codes")
    return Velocity(_choice(told, "per", PERS), _window(told), counts, *_bounds(told), _needs(told))


def _split(told: Mapping[str, Any]) -> Velocity:
    window = _window(told)
    if isinstance(window, str):
        raise ValueError("window is a number of seconds")  # noqa: TRY004  # one error for one kind of fault
    per = _choice(told, "per", ("customer", "till"))
    return Velocity(per, window, "codes", *_bounds(told), _needs(told))


def _max_face(told: Mapping[str, Any]) -> MaxFace:
    return MaxFace(_whole(told, "most", 0), _money(told, "at_least"), _needs(told))


def _minors(told: Mapping[str, Any]) -> Minors:
    bands = []
    for band in told.get("bands") or ():
        _only(band, ("below", "most_sale", "most_month"), "a band")
        bands.append(Band(_whole(band, "below", 1), _money(band, "most_sale"), _money(band, "most_month")))
    if not bands or [band.below for band in bands] != sorted({band.below for band in bands}):
        raise ValueError("bands rise by age and there is at least one")
    return Minors(tuple(bands), _flag(told, "must_ask", default=False))


def _real_name(told: Mapping[str, Any]) -> RealName:
    return RealName(_money(told, "at_least"))


def _purpose(told: Mapping[str, Any]) -> Purpose:
    refuse = tuple(told.get("refuse") or ())
    if not refuse or not set(refuse) <= set(PURPOSES):
        raise ValueError(f"refuse names some of {', '.join(PURPOSES)}")
    return Purpose(refuse)


def _hours(told: Mapping[str, Any]) -> Hours:
    start, end = time.fromisoformat(_text(told, "start")), time.fromisoformat(_text(told, "end"))
    if start == end:
        raise ValueError("start and end differ")
    at_least = None if told.get("at_least") is None else _money(told, "at_least")
    return Hours(start, end, at_least, _needs(told))


def _first_high(told: Mapping[str, Any]) -> FirstHigh:
    return FirstHigh(_money(told, "at_least"), _needs(told))


def _cooling(told: Mapping[str, Any]) -> Cooling:
    return Cooling(_money(told, "at_least"), _whole(told, "minutes", 1))


def _lease(told: Mapping[str, Any]) -> LeaseCap:
    per = _choice(told, "per", ("till", "shop"))
    amounts = _money(told, "most_amount"), _money(told, "most_face")
    if amounts[0].currency != amounts[1].currency:
        raise ValueError("most_amount and most_face have one currency")
    hours = _whole(told, "hours", 1)
    if hours > LONGEST_LEASE_H:
        raise ValueError(f"hours is at most {LONGEST_LEASE_H}")
    return LeaseCap(per, _whole(told, "most", 0), *amounts, hours)


_BOUNDS = ("most", "most_amount", "needs")
_READERS: Mapping[PolicyKind, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Rule]]] = {
    PolicyKind.PER_SALE: (_BOUNDS, _per_sale),
    PolicyKind.VELOCITY: (("per", "window", "counts", *_BOUNDS), _velocity),
    PolicyKind.SPLIT: (("per", "window", *_BOUNDS), _split),
    PolicyKind.MAX_FACE: (("most", "at_least", "needs"), _max_face),
    PolicyKind.MINORS: (("bands", "must_ask"), _minors),
    PolicyKind.REAL_NAME: (("at_least",), _real_name),
    PolicyKind.PURPOSE: (("refuse",), _purpose),
    PolicyKind.HOURS: (("start", "end", "at_least", "needs"), _hours),
    PolicyKind.FIRST_HIGH: (("at_least", "needs"), _first_high),
    PolicyKind.COOLING: (("at_least", "minutes"), _cooling),
    PolicyKind.LEASE: (("per", "most", "most_amount", "most_face", "hours"), _lease),
}


def _only(told: Any, known: tuple[str, ...], what: str) -> None:
    if not isinstance(told, Mapping):
        raise ValueError(f"{what} is an object")  # noqa: TRY004  # one error for one kind of fault
    unknown = sorted(set(told) - set(known))
    if unknown:
        raise ValueError(f"{what} has no {unknown[0]}")


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is text")  # noqa: TRY004  # one error for one kind of fault
    return value


def _flag(told: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = told.get(name, default)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is true or false")  # noqa: TRY004  # one error for one kind of fault
    return value


def _choice(told: Mapping[str, Any], name: str, known: tuple[str, ...], default: str = "") -> str:
    value = told.get(name, default)
    if value not in known:
        raise ValueError(f"{name} is one of {', '.join(known)}")
    return str(value)


def _whole(told: Mapping[str, Any], name: str, least: int) -> int:
    value = told.get(name)
    if type(value) is not int or not least <= value < 2**31:
        raise ValueError(f"{name} is a whole number from {least} on")
    return value


def _money(told: Mapping[str, Any], name: str) -> Money:
    value = told.get(name)
    if not isinstance(value, Mapping) or set(value) != {"minor", "currency"}:
        raise ValueError(f"{name} is money: minor and currency")
    money = Money(value["minor"], value["currency"])
    if money.minor < 0:
        raise ValueError(f"{name} is not negative")
    return money


def _bounds(told: Mapping[str, Any]) -> tuple[int | None, Money | None]:
    most = None if told.get("most") is None else _whole(told, "most", 0)
    amount = None if told.get("most_amount") is None else _money(told, "most_amount")
    if most is None and amount is None:
        raise ValueError("there is a most, a most_amount or both")
    return most, amount


def _needs(told: Mapping[str, Any]) -> str | None:
    return None if told.get("needs") is None else _choice(told, "needs", NEEDS)


def _window(told: Mapping[str, Any]) -> str | int:
    value = told.get("window")
    if value in ("day", "month"):
        return str(value)
    if type(value) is not int or not 1 <= value <= LONGEST_WINDOW_S:
        raise ValueError("window is day, month or a number of seconds")
    return value


def _instant(told: Mapping[str, Any], name: str) -> datetime | None:
    text = told.get(name)
    if text is None:
        return None
    at = datetime.fromisoformat(_text(told, name))
    if at.tzinfo is None:
        raise ValueError(f"{name} has a time zone")
    return at
