"""Whether a purchase passes the policies: pure, given what the till told and what the books know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from platform_server.domain.errors import LimitPassed
from platform_server.domain.money import Money
from platform_server.domain.policies import (
    Cooling,
    FirstHigh,
    Hours,
    MaxFace,
    Minors,
    PerSale,
    Policy,
    PolicyKind,
    Purpose,
    RealName,
    Velocity,
)

# The closed list of `rule` in the details of LIMIT (docs/protocol.md 4); the till has a sentence for each.
LINE_RULES = ("max", "min", "step")
SALE_RULES = (
    "sale_codes", "sale_amount", "split", "max_face", "minor_none", "minor_sale", "minor_month", "age_unknown",
    "real_name", "purpose", "hours", "first_high", "destination", "customer_blocked",
    "velocity_customer", "velocity_till", "velocity_cashier", "velocity_product", "velocity_shop",
)  # fmt: skip
KEPT_AFTER = timedelta(days=1)  # a counter outlives its window by longer than any reservation lasts


@dataclass(frozen=True, slots=True)
class Answers:
    """What the customer said at the counter, as far as rules ask; no name and no document number is ever taken."""

    age: int | None = None
    purpose: str | None = None
    id_checked: bool = False


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """One line as rules see it."""

    line_id: str
    product_id: str
    brand: str
    category: str
    risk_class: str
    is_code: bool
    quantity: int
    face: Money

    @property
    def amount(self) -> Money:
        """Face value of the whole line."""
        return self.face * self.quantity


@dataclass(frozen=True, slots=True)
class Purchase:
    """What somebody wants to buy: `customer` is a keyed hash, `at` aware and in the local time of the rules.

    `is_known` says that the customer bought here before; `is_trusted` that he is on the white list.
    """

    shop_id: str
    till_id: str
    at: datetime
    lines: tuple[JudgedLine, ...]
    customer: str | None = None
    cashier: str | None = None
    approved_by: str | None = None
    answers: Answers = Answers()
    is_known: bool = False
    is_trusted: bool = False

    def meets(self, needs: str | None) -> bool:
        """Whether what a limit needs has been done."""
        if needs == "supervisor":
            return self.approved_by is not None
        if needs == "questions":
            return self.answers.purpose is not None
        return needs == "id" and self.answers.id_checked


@dataclass(frozen=True, slots=True)
class Take:
    """What a sale adds to one counter, and how far that may go (None: as far as it likes).

    `starts_at` is the beginning of a fixed window, None for a rolling one of the length `rolls`.
    """

    policy_id: str
    subject: str
    count: int
    amount_minor: int
    most: int | None
    most_minor: int | None
    starts_at: datetime | None
    rolls: timedelta | None
    keep_until: datetime
    refusal: Mapping[str, Any]

    def fits(self, count: int, amount_minor: int) -> bool:
        """Whether it may be added to a counter that stands there."""
        is_few = self.most is None or count + self.count <= self.most
        return is_few and (self.most_minor is None or amount_minor + self.amount_minor <= self.most_minor)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must still be counted, in the order in which everybody counts, and how long the codes stay shut."""

    takes: tuple[Take, ...] = ()
    cooling: timedelta | None = None


def wants_history(policies: Iterable[Policy], purchase: Purchase) -> bool:
    """Whether some policy asks if the customer is known."""
    asks = [p for p in policies if isinstance(p.rule, FirstHigh) and p.is_in_force(purchase.at)]
    return purchase.customer is not None and any(_lines_of(policy, purchase) for policy in asks)


def judge(policies: Iterable[Policy], purchase: Purchase) -> Verdict:
    """Raises LimitPassed for what no counter can change."""
    takes: list[Take] = []
    cooling: timedelta | None = None
    for policy in policies:
        lines = _lines_of(policy, purchase) if policy.is_in_force(purchase.at) else ()
        if not lines:
            continue
        if isinstance(policy.rule, Velocity):
            takes += _velocity(policy, policy.rule, lines, purchase)
        elif isinstance(policy.rule, Minors):
            takes += _minors(policy, policy.rule, lines, purchase)
        elif isinstance(policy.rule, Cooling):
            if _reaches(lines, policy.rule.at_least):
                cooling = max(cooling or timedelta(0), timedelta(minutes=policy.rule.minutes))
        else:
            _check(policy, lines, purchase)
    for take in takes:
        if not take.fits(0, 0):
            raise LimitPassed(**take.refusal)
    return Verdict(tuple(sorted(takes, key=_place)), cooling)


def asks_platform(policies: Iterable[Policy], purchase: Purchase) -> str | None:
    """The rule for which such goods cannot be sold without the platform, or None; refusals count as one.

    `purchase` is of one card, by nobody who is known, without an answer. What is only counted may wait.
    """
    for policy in policies:
        lines = _lines_of(policy, purchase) if policy.is_in_force(purchase.at) else ()
        rule = policy.rule
        if lines and isinstance(rule, Hours) and (rule.at_least is None or _reaches(lines, rule.at_least)):
            return "hours"
        if lines and isinstance(rule, FirstHigh) and _reaches(lines, rule.at_least):
            return "first_high"
    try:
        cooling = judge(policies, purchase).cooling
    except LimitPassed as refusal:
        return str(refusal.details["rule"])
    return None if cooling is None else "cooling"


def _place(take: Take) -> tuple[str, str, bool]:
    return take.policy_id, take.subject, take.starts_at is None


def _lines_of(policy: Policy, purchase: Purchase) -> tuple[JudgedLine, ...]:
    if policy.scope == "platform":
        return purchase.lines
    if policy.scope == "shop":
        return purchase.lines if purchase.shop_id == policy.subject else ()
    name = {"product": "product_id"}.get(policy.scope, policy.scope)
    return tuple(line for line in purchase.lines if getattr(line, name) == policy.subject)


def _check(policy: Policy, lines: Sequence[JudgedLine], purchase: Purchase) -> None:
    rule, about = policy.rule, _about(policy, lines)
    if isinstance(rule, PerSale) and not purchase.is_trusted and not purchase.meets(rule.needs):
        _check_sale(rule, lines, about)
    elif isinstance(rule, MaxFace) and not purchase.meets(rule.needs):
        _check_faces(rule, lines)
    elif isinstance(rule, RealName) and _reaches(lines, rule.at_least) and not purchase.meets("id"):
        raise LimitPassed(**{**about, "rule": "real_name", "most_amount": rule.at_least, "needs": "id"})
    elif isinstance(rule, Purpose) and purchase.answers.purpose in rule.refuse:
        raise LimitPassed(**{**about, "rule": "purpose"})
    elif isinstance(rule, Hours) and not purchase.meets(rule.needs):
        _check_hours(rule, lines, purchase, about)
    elif isinstance(rule, FirstHigh) and purchase.customer is not None and not purchase.is_known:
        is_excused = purchase.is_trusted or purchase.meets(rule.needs)
        if _reaches(lines, rule.at_least) and not is_excused:
            first = {"rule": "first_high", "most_amount": rule.at_least, "needs": rule.needs}
            raise LimitPassed(**{**about, **first})


def _check_sale(rule: PerSale, lines: Sequence[JudgedLine], about: Mapping[str, Any]) -> None:
    if rule.most is not None and _codes(lines) > rule.most:
        raise LimitPassed(**{**about, "rule": "sale_codes", "most": rule.most, "needs": rule.needs})
    if rule.most_amount is not None and rule.most_amount.minor < _minor(lines, rule.most_amount.currency):
        most = {"rule": "sale_amount", "most_amount": rule.most_amount, "needs": rule.needs}
        raise LimitPassed(**{**about, **most})


def _check_faces(rule: MaxFace, lines: Sequence[JudgedLine]) -> None:
    for line in lines:
        is_high = line.is_code and line.face.currency == rule.at_least.currency and rule.at_least <= line.face
        alike = sum(each.quantity for each in lines if each.product_id == line.product_id)
        if is_high and alike > rule.most:
            about: dict[str, Any] = {"line_id": line.line_id, "most": rule.most, "needs": rule.needs}
            raise LimitPassed(**about, rule="max_face", most_amount=None, until=None)


def _check_hours(
    rule: Hours, lines: Sequence[JudgedLine], purchase: Purchase, about: Mapping[str, Any]
) -> None:
    now = purchase.at.timetz().replace(tzinfo=None)
    is_over_midnight = rule.end < rule.start
    is_within = (now >= rule.start or now < rule.end) if is_over_midnight else rule.start <= now < rule.end
    if is_within and (rule.at_least is None or _reaches(lines, rule.at_least)):
        until = purchase.at.replace(hour=rule.end.hour, minute=rule.end.minute, second=0, microsecond=0)
        if until <= purchase.at:
            until += timedelta(days=1)
        told = {"rule": "hours", "most_amount": rule.at_least, "until": until, "needs": rule.needs}
        raise LimitPassed(**{**about, **told})


def _velocity(policy: Policy, rule: Velocity, lines: Sequence[JudgedLine], purchase: Purchase) -> list[Take]:
    if rule.per == "customer" and purchase.is_trusted:
        return []
    name = "split" if policy.kind is PolicyKind.SPLIT else f"velocity_{rule.per}"
    is_lifted = purchase.meets(rule.needs)
    takes = []
    for subject, mine in _subjects(rule, lines, purchase).items():
        start, rolls, end = _window(rule.window, purchase.at)
        amount = rule.most_amount
        about = {**_about(policy, mine), "rule": name, "until": end, "needs": rule.needs}
        takes.append(
            Take(
                policy_id=policy.id,
                subject=subject,
                count=1 if rule.counts == "sales" else _codes(mine),
                amount_minor=0 if amount is None else _minor(mine, amount.currency),
                most=None if is_lifted else rule.most,
                most_minor=None if is_lifted or amount is None else amount.minor,
                starts_at=start,
                rolls=rolls,
                keep_until=end + KEPT_AFTER,
                refusal={**about, "most": rule.most, "most_amount": amount},
            )
        )
    return takes


def _subjects(rule: Velocity, lines: Sequence[JudgedLine], purchase: Purchase) -> dict[str, list[JudgedLine]]:
    if rule.per == "product":
        found: dict[str, list[JudgedLine]] = {}
        for line in lines:
            found.setdefault(line.product_id, []).append(line)
        return found
    subject = {
        "customer": purchase.customer,
        "till": purchase.till_id,
        "cashier": None if purchase.cashier is None else f"{purchase.shop_id}:{purchase.cashier}",
        "shop": purchase.shop_id,
    }[rule.per]
    return {} if subject is None else {subject: list(lines)}


def _minors(policy: Policy, rule: Minors, lines: Sequence[JudgedLine], purchase: Purchase) -> list[Take]:
    about = _about(policy, lines)
    age = purchase.answers.age
    if age is None:
        if rule.must_ask:
            raise LimitPassed(**{**about, "rule": "age_unknown", "needs": "questions"})
        return []
    band = next((band for band in rule.bands if age < band.below), None)
    if band is None:
        return []
    if band.most_sale.minor == 0:
        raise LimitPassed(**{**about, "rule": "minor_none"})
    takes = []
    for brand in sorted({line.brand for line in lines}):  # the rule speaks of one company at a time
        mine = [line for line in lines if line.brand == brand]
        about = _about(policy, mine, is_of_line=True)
        spent = _minor(mine, band.most_sale.currency)
        if spent > band.most_sale.minor:
            raise LimitPassed(**{**about, "rule": "minor_sale", "most_amount": band.most_sale})
        if purchase.customer is not None:
            start, rolls, end = _window("month", purchase.at)
            told = {"rule": "minor_month", "most_amount": band.most_month, "until": end}
            take = Take(
                policy_id=policy.id,
                subject=f"{brand}:{purchase.customer}",
                count=0,
                amount_minor=spent,
                most=None,
                most_minor=band.most_month.minor,
                starts_at=start,
                rolls=rolls,
                keep_until=end + KEPT_AFTER,
                refusal={**about, **told},
            )
            takes.append(take)
    return takes


def _window(window: str | int, at: datetime) -> tuple[datetime | None, timedelta | None, datetime]:
    """Start of a fixed window or length of a rolling one, and when it is certainly over."""
    if isinstance(window, int):
        rolls = timedelta(seconds=window)
        return None, rolls, at + rolls
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if window == "day":
        return midnight, None, midnight + timedelta(days=1)
    first = midnight.replace(day=1)
    return first, None, (first + timedelta(days=32)).replace(day=1)


def _about(policy: Policy, lines: Sequence[JudgedLine], *, is_of_line: bool = False) -> dict[str, Any]:
    """All details of a refusal; a rule about some of the goods names the first line of them."""
    is_whole = policy.scope in ("platform", "shop") and not is_of_line
    line_id = None if is_whole else lines[0].line_id
    return {"line_id": line_id, "most": None, "most_amount": None, "until": None, "needs": None}


def _codes(lines: Iterable[JudgedLine]) -> int:
    return sum(line.quantity for line in lines if line.is_code)


def _minor(lines: Iterable[JudgedLine], currency: str) -> int:
    return sum(line.amount.minor for line in lines if line.face.currency == currency)


def _reaches(lines: Iterable[JudgedLine], amount: Money) -> bool:
    return _minor(lines, amount.currency) >= amount.minor
