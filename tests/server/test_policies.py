"""Policies are read with care, and a purchase is judged by the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.errors import LimitPassed
from platform_server.domain.judge import (
    LINE_RULES,
    SALE_RULES,
    Answers,
    JudgedLine,
    Purchase,
    Take,
    Verdict,
    judge,
    wants_history,
)
from platform_server.domain.leases import LEASE_RULES
from platform_server.domain.money import Money
from platform_server.domain.policies import PolicyKind, read_policy
from platform_server.domain.policy_defaults import default_policies

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=8)))
SUPERVISOR = "supervisor"


def yuan(amount: int) -> dict[str, Any]:
    return {"minor": amount * 100, "currency": "CNY"}


def policy(kind: str, _scope: str = "platform", _subject: str = "", **parameters: Any) -> Any:
    told = {"id": "p", "scope": _scope, "subject": _subject, "kind": kind, "parameters": parameters}
    return read_policy(told)


def line(quantity: int = 1, face: int = 100, line_id: str = "1", **other: Any) -> JudgedLine:
    values: dict[str, Any] = {"product_id": "star", "brand": "star", "category": "games"}
    values |= {"risk_class": "normal", "is_code": True, **other}
    return JudgedLine(line_id=line_id, quantity=quantity, face=Money(face * 100, "CNY"), **values)


def purchase(*lines: JudgedLine, **other: Any) -> Purchase:
    return Purchase("shop", "till", other.pop("at", NOON), lines or (line(),), **other)


BANDS = [
    {"below": 8, "most_sale": yuan(0), "most_month": yuan(0)},
    {"below": 16, "most_sale": yuan(50), "most_month": yuan(200)},
    {"below": 18, "most_sale": yuan(100), "most_month": yuan(400)},
]
MINORS = policy("minors", "category", "games", bands=BANDS, must_ask=True)
SIZE = policy("per_sale", most=5, most_amount=yuan(1000), needs=SUPERVISOR)
NIGHT = policy("hours", start="23:00", end="06:00", at_least=yuan(500), needs=SUPERVISOR)
LUNCH = policy("hours", start="12:00", end="13:00")
FIRST = policy("first_high", at_least=yuan(1000), needs="questions")
FACES = policy("max_face", most=2, at_least=yuan(500), needs=SUPERVISOR)
NAME = policy("real_name", at_least=yuan(5000))
SCAM = policy("purpose", refuse=["asked"])
AGED = {age: Answers(age=age) for age in (7, 8, 15, 16, 17, 18)}


@pytest.mark.parametrize(
    ("rule", "bought", "refusal"),
    [
        (SIZE, purchase(line(5)), None),
        (SIZE, purchase(line(6)), {"rule": "sale_codes", "most": 5, "needs": SUPERVISOR}),
        (SIZE, purchase(line(6), approved_by="boss"), None),
        (SIZE, purchase(line(6), is_trusted=True), None),
        (SIZE, purchase(line(3), line(3, line_id="2")), {"rule": "sale_codes"}),
        (SIZE, purchase(line(1, 1000)), None),
        (SIZE, purchase(line(1, 1001)), {"rule": "sale_amount", "most_amount": Money(100_000, "CNY")}),
        (SIZE, purchase(line(9, 1, is_code=False)), None),  # a top-up is no code
        (SIZE, purchase(replace(line(1), face=Money(999_999, "USD"))), None),
        (policy("per_sale", "shop", "other", most=0), purchase(), None),
        (policy("per_sale", "shop", "shop", most=0), purchase(), {"line_id": None}),
        (policy("per_sale", "brand", "star", most=0), purchase(), {"line_id": "1", "needs": None}),
        (policy("per_sale", "risk_class", "high", most=0), purchase(), None),
        (policy("per_sale", "product", "star", most=0), purchase(), {"rule": "sale_codes"}),
        (FACES, purchase(line(2, 500)), None),
        (FACES, purchase(line(3, 499)), None),
        (FACES, purchase(line(3, 500)), {"rule": "max_face", "most": 2, "line_id": "1"}),
        (FACES, purchase(line(3, 500), approved_by="boss"), None),
        (FACES, purchase(line(2, 500), line(1, 500, "2")), {"rule": "max_face"}),
        (FACES, purchase(line(2, 500), line(1, 500, "2", product_id="moon")), None),
        (MINORS, purchase(), {"rule": "age_unknown", "needs": "questions", "line_id": "1"}),
        (MINORS, purchase(answers=AGED[7]), {"rule": "minor_none"}),
        (MINORS, purchase(line(1, 50), answers=AGED[8]), None),
        (MINORS, purchase(line(1, 51), answers=AGED[15]), {"rule": "minor_sale"}),
        (MINORS, purchase(line(1, 100), answers=AGED[16]), None),
        (MINORS, purchase(line(1, 101), answers=AGED[17]), {"most_amount": Money(10_000, "CNY")}),
        (MINORS, purchase(line(9, 900), answers=AGED[18]), None),
        (MINORS, purchase(line(9, category="phone")), None),
        (NAME, purchase(line(1, 4999)), None),
        (NAME, purchase(line(1, 5000)), {"rule": "real_name", "needs": "id"}),
        (NAME, purchase(line(1, 5000), answers=Answers(id_checked=True)), None),
        (SCAM, purchase(answers=Answers(purpose="asked")), {"rule": "purpose", "needs": None}),
        (SCAM, purchase(answers=Answers(purpose="gift")), None),
        (SCAM, purchase(), None),
        (NIGHT, purchase(line(5)), None),
        (NIGHT, purchase(line(4), at=NOON.replace(hour=23)), None),
        (NIGHT, purchase(line(5), at=NOON.replace(hour=23), approved_by="boss"), None),
        (NIGHT, purchase(line(5), at=NOON.replace(hour=6)), None),
        (
            NIGHT,
            purchase(line(5), at=NOON.replace(hour=23)),
            {"rule": "hours", "until": NOON.replace(day=23, hour=6)},
        ),
        (NIGHT, purchase(line(5), at=NOON.replace(hour=5)), {"until": NOON.replace(hour=6)}),
        (LUNCH, purchase(), {"rule": "hours", "until": NOON.replace(hour=13), "needs": None}),
        (LUNCH, purchase(at=NOON.replace(hour=13)), None),
        (FIRST, purchase(line(10)), None),  # nobody said who it is
        (FIRST, purchase(line(10), customer="c"), {"rule": "first_high", "needs": "questions"}),
        (FIRST, purchase(line(9), customer="c"), None),
        (FIRST, purchase(line(10), customer="c", is_known=True), None),
        (FIRST, purchase(line(10), customer="c", is_trusted=True), None),
        (FIRST, purchase(line(10), customer="c", answers=Answers(purpose="self")), None),
    ],
)
def test_what_is_sold_and_what_is_not(rule: Any, bought: Purchase, refusal: dict[str, Any] | None) -> None:
    if refusal is None:
        judge([rule], bought)
        return
    with pytest.raises(LimitPassed) as caught:
        judge([rule], bought)
    details = caught.value.details
    assert details["rule"] in SALE_RULES
    assert set(details) == {"rule", "line_id", "most", "most_amount", "until", "needs"}
    assert {name: details[name] for name in refusal} == refusal


def only(rule: Any, bought: Purchase) -> Take:
    (take,) = judge([rule], bought).takes
    return take


def test_counters_have_their_subject_and_their_window() -> None:
    day = only(policy("velocity", per="till", window="day", most=7), purchase(line(2), line(3, line_id="2")))
    assert (day.subject, day.count, day.most, day.rolls) == ("till", 5, 7, None)
    assert day.starts_at == NOON.replace(hour=0)
    assert day.refusal["until"] == NOON.replace(day=23, hour=0)
    month = only(policy("velocity", per="shop", window="month", most_amount=yuan(900)), purchase(line(2)))
    assert (month.subject, month.amount_minor, month.most_minor, month.most) == ("shop", 20_000, 90_000, None)
    assert month.starts_at == NOON.replace(day=1, hour=0)
    december = only(
        policy("velocity", per="shop", window="month", most=1),
        purchase(at=datetime(2026, 12, 31, 23, tzinfo=UTC)),
    )
    assert december.refusal["until"] == datetime(2027, 1, 1, tzinfo=UTC)
    hour = only(policy("velocity", per="cashier", window=3600, most=9), purchase(cashier="li"))
    assert (hour.subject, hour.starts_at, hour.rolls) == ("shop:li", None, timedelta(hours=1))
    assert hour.refusal["rule"] == "velocity_cashier"
    assert judge([policy("velocity", per="cashier", window=60, most=9)], purchase()) == Verdict()


def test_products_are_counted_each_by_itself_and_sales_as_one() -> None:
    lines = (line(2), line(1, line_id="2", product_id="moon"), line(1, line_id="3"))
    takes = judge([policy("velocity", per="product", window="day", most=9)], purchase(*lines)).takes
    assert [(take.subject, take.count) for take in takes] == [("moon", 1), ("star", 3)]
    sales = policy("velocity", per="till", window=60, counts="sales", most=9)
    assert only(sales, purchase(*lines)).count == 1


def test_what_is_lifted_is_still_counted() -> None:
    rule = policy("velocity", per="customer", window="day", most_amount=yuan(100), needs="questions")
    with pytest.raises(LimitPassed) as caught:
        judge([rule], purchase(line(2), customer="c"))
    assert caught.value.details["rule"] == "velocity_customer"
    take = only(rule, purchase(line(2), customer="c", answers=Answers(purpose="self")))
    assert (take.amount_minor, take.most_minor) == (20_000, None)
    assert judge([rule], purchase(line(2))) == Verdict()
    assert judge([rule], purchase(line(2), customer="c", is_trusted=True)) == Verdict()
    split = policy("split", per="customer", window=900, most=5, needs=SUPERVISOR)
    assert only(split, purchase(customer="c")).refusal["rule"] == "split"


def test_a_minors_month_is_counted_by_brand() -> None:
    lines = (line(1, 20), line(1, 30, "2", brand="moon"))
    takes = judge([MINORS], purchase(*lines, customer="c", answers=AGED[15])).takes
    assert [(t.subject, t.amount_minor, t.most_minor) for t in takes] == [
        ("moon:c", 3_000, 20_000),
        ("star:c", 2_000, 20_000),
    ]
    assert takes[0].refusal["line_id"] == "2"


def test_everybody_counts_in_one_order() -> None:
    rules = [
        replace(policy("velocity", per=per, window="day", most=9), id=name)
        for name, per in (("b", "till"), ("a", "shop"), ("c", "product"))
    ]
    bought = purchase(line(), line(product_id="a", line_id="2"))
    forward, backward = judge(rules, bought), judge(rules[::-1], bought)
    assert [(t.policy_id, t.subject) for t in forward.takes] == [
        ("a", "shop"),
        ("b", "till"),
        ("c", "a"),
        ("c", "star"),
    ]
    assert forward == backward


def test_the_longest_cooling_counts() -> None:
    short = policy("cooling", at_least=yuan(100), minutes=10)
    long = policy("cooling", at_least=yuan(100), minutes=30)
    high = policy("cooling", at_least=yuan(101), minutes=90)
    assert judge([short, long, high, short], purchase()).cooling == timedelta(minutes=30)
    assert judge([high], purchase()).cooling is None


def test_a_policy_has_its_time() -> None:
    later = replace(SIZE, valid_from=NOON + timedelta(hours=1), valid_until=NOON + timedelta(hours=2))
    for hours, is_in_force in ((0, False), (1, True), (2, False)):
        assert later.is_in_force(NOON + timedelta(hours=hours)) is is_in_force
    assert not replace(SIZE, is_active=False).is_in_force(NOON)
    assert judge([later], purchase(line(9))) == Verdict()


def test_history_is_asked_only_where_it_matters() -> None:
    assert wants_history([FIRST], purchase(customer="c"))
    assert not wants_history([FIRST], purchase())
    assert not wants_history([SIZE], purchase(customer="c"))
    of_others = policy("first_high", "brand", "moon", at_least=yuan(1))
    assert not wants_history([of_others], purchase(customer="c"))


GOOD = {"id": "p", "scope": "platform", "subject": "", "kind": "per_sale", "parameters": {"most": 5}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"id": ""}, "an id"),
        ({"id": 5}, "id is text"),
        ({"more": 1}, "has no more"),
        ({"scope": "world"}, "scope is one of"),
        ({"scope": "brand"}, "names its subject"),
        ({"subject": "x"}, "names its subject"),
        ({"kind": "magic"}, "kind is one of"),
        ({"parameters": 5}, "parameters are an object"),
        ({"parameters": {}}, "a most, a most_amount or both"),
        ({"parameters": {"most": -1}}, "whole number"),
        ({"parameters": {"most": True}}, "whole number"),
        ({"parameters": {"mots": 5}}, "has no mots"),
        ({"parameters": {"most_amount": 5}}, "is money"),
        ({"parameters": {"most_amount": {"minor": 1.5, "currency": "CNY"}}}, "whole numbers"),
        ({"parameters": {"most_amount": {"minor": -1, "currency": "CNY"}}}, "not negative"),
        ({"parameters": {"most": 5, "needs": "magic"}}, "needs is one of"),
        ({"is_active": "yes"}, "true or false"),
        ({"valid_from": 5}, "valid_from is text"),
        ({"valid_from": "2026-11-22T00:00:00"}, "time zone"),
        ({"kind": "velocity", "parameters": {"per": "moon", "window": "day", "most": 1}}, "per is one of"),
        ({"kind": "velocity", "parameters": {"per": "till", "window": "year", "most": 1}}, "window is day"),
        ({"kind": "velocity", "parameters": {"per": "till", "window": 0, "most": 1}}, "window is day"),
        ({"kind": "split", "parameters": {"per": "till", "window": "day", "most": 1}}, "number of seconds"),
        ({"kind": "split", "parameters": {"per": "shop", "window": 60, "most": 1}}, "per is one of"),
        ({"kind": "minors", "parameters": {}}, "at least one"),
        ({"kind": "minors", "parameters": {"bands": BANDS[::-1]}}, "rise by age"),
        ({"kind": "minors", "parameters": {"bands": [5]}}, "band is an object"),
        ({"kind": "purpose", "parameters": {"refuse": ["x"]}}, "refuse names"),
        ({"kind": "purpose", "parameters": {}}, "refuse names"),
        ({"kind": "hours", "parameters": {"start": "06:00", "end": "06:00"}}, "start and end differ"),
    ],
)
def test_what_is_wrong_with_a_policy_is_said(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_policy({**GOOD, **change})


def test_a_policy_may_have_its_time() -> None:
    read = read_policy({**GOOD, "valid_from": "2026-11-22T00:00:00+08:00", "valid_until": None})
    assert (read.valid_from, read.valid_until) == (NOON.replace(hour=0), None)


def test_the_defaults_do_what_they_say() -> None:
    policies = default_policies()
    assert {each.kind for each in policies} == set(PolicyKind)
    assert len({each.id for each in policies}) == len(policies)
    assert all(each.source for each in policies)
    judge(policies, purchase(line(5)))
    boss = {"approved_by": "boss", "customer": "c"}
    asked = Answers(purpose="self", id_checked=True)
    verdict = judge(policies, purchase(line(5, 1000), **boss, answers=asked))
    assert verdict.cooling == timedelta(minutes=30)
    for answers, rule in (
        (Answers(purpose="self"), "real_name"),
        (Answers(id_checked=True), "velocity_customer"),
        (Answers(purpose="asked", id_checked=True), "purpose"),
    ):
        with pytest.raises(LimitPassed) as caught:
            judge(policies, purchase(line(5, 1000), **boss, answers=answers))
        assert caught.value.details["rule"] == rule


def test_the_page_names_every_policy_and_the_protocol_every_rule() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page, protocol = ((docs / name).read_text("utf-8") for name in ("policies.md", "protocol.md"))
    assert [each.id for each in default_policies() if f"`{each.id}`" not in page] == []
    assert [kind for kind in PolicyKind if f"`{kind}`" not in page] == []
    assert [rule for rule in (*LINE_RULES, *SALE_RULES, *LEASE_RULES) if rule not in protocol] == []
