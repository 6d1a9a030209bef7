"""Every error of the house becomes one sentence in both languages, and money and times read as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain import errors
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.staff import Permission, Role
from pos_app.ui.language import Languages
from pos_app.ui.wording import Wording, figures
from pos_app.ui.wording.refusals import sentence
from tests.fakes.till_goods import code_product
from tests.ui.window import ROOT

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MONEY = Money(12_345)
CAUSES: dict[type[PosError], tuple[str, ...]] = {
    errors.Unreachable: ("down", "timeout", "not_ours", "server_trouble", "signature", "busy", "else"),
    errors.DiskTrouble: ("full", "denied", "broken"),
    errors.PaperTrouble: (
        "none", "not_found", "denied", "refused", "timeout", "paper_out", "cover_open", "offline", "broken", "else",
    ),
    errors.PlatformNotStarted: ("busy", "damaged", "timeout", "ended"),
}  # fmt: skip
CODES = (
    "BAD_REQUEST", "SIGNATURE", "CLOCK", "REPLAY", "REVOKED", "FORBIDDEN", "NOT_FOUND", "SOLD_OUT", "PRICE_CHANGED",
    "PRODUCT_OFF", "FIELD_INVALID", "LIMIT", "WALLET_EMPTY", "EXPIRED", "CANCELLED", "KEY_REUSED", "IN_PROGRESS",
    "EPOCH_FENCED", "RATE_LIMITED", "UNAVAILABLE", "NO_ANSWER", "RESTART", "LEASE_EXPIRED", "COOLING", "FROZEN",
)  # fmt: skip


RULES = (
    "max", "min", "step", "sale_codes", "sale_amount", "split", "max_face", "minor_none", "minor_sale", "minor_month",
    "age_unknown", "real_name", "purpose", "hours", "first_high", "destination", "customer_blocked",
    "velocity_customer", "velocity_till", "velocity_cashier", "velocity_product", "velocity_shop",
)  # fmt: skip


def kinds(of: type[PosError] = PosError) -> Iterator[type[PosError]]:
    for kind in of.__subclasses__():
        yield from kinds(kind)
        if not kind.__subclasses__():
            yield kind


def examples() -> Iterator[PosError]:
    """Every class that is raised, with every cause it knows."""
    for kind in kinds():
        fields: dict[str, Any] = getattr(kind, "__dataclass_fields__", {})
        facts = {name: _fact(name, str(field.type)) for name, field in fields.items()}
        for cause in CAUSES.get(kind, ("",)):
            yield kind(**(facts | ({"cause": cause} if cause else {})))
    yield from (errors.WrongPin(1), errors.SoldOut("product-1", 2, 0), errors.LimitReached("day", None))
    yield from (errors.PaperTrouble("broken", "x", sent=True), errors.QuantityInvalid("3", 2, 8, 2))
    yield from (errors.QuantityInvalid("6900000000001", 1, 20), errors.Rejected("EXPIRED", "none", {}))
    yield from (errors.NotAllowed(permission.value) for permission in Permission)
    yield from (errors.ProductOff("p", reason) for reason in ("off", "time", "channel"))
    yield from (errors.FieldInvalid("k", v) for v in ("phone_cn", "qq", "digits", "email", "account"))


def _fact(name: str, kind: str) -> Any:
    if "Money" in kind:
        return MONEY
    if "datetime" in kind:
        return NOON
    if kind.startswith("int"):
        return 3
    if kind == "bool":
        return False
    return {} if kind.startswith("dict") else name


@pytest.fixture(params=["en", "zh"])
def wording(request: Any, qapp: QApplication) -> Iterator[Wording]:
    languages = Languages(ROOT / "translations")
    languages.switch(request.param)
    made = Wording()
    made.language = request.param
    made.local = lambda at: at + timedelta(hours=8)
    yield made
    languages.switch("en")


def test_every_error_is_a_whole_sentence(wording: Wording) -> None:
    for error in examples():
        text = wording.sentence(error, [code_product(1)])
        assert len(text) > 8, error
        assert "{" not in text, text
        assert text.rstrip('"').endswith((".", "\u3002")), text
        is_chinese = any("\u4e00" <= char <= "\u9fff" for char in text)
        # The product's own name is Chinese or English as the language is.
        assert is_chinese is (wording.language == "zh"), text
        assert "!" not in text


def test_no_class_is_forgotten() -> None:
    for kind in kinds():
        assert sentence.dispatch(kind) is not sentence.dispatch(PosError), kind.__name__


def test_every_code_of_the_protocol_is_a_sentence(wording: Wording) -> None:
    for code in CODES:
        assert wording.rejection(code).endswith((".", "\u3002"))


def test_every_rule_of_the_protocol_has_its_own_words(wording: Wording) -> None:
    said = {rule: wording.sentence(errors.LimitReached(rule, 5, MONEY)) for rule in RULES}
    assert len(set(said.values())) == len(RULES)
    protocol = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    (listed,) = re.findall(
        r"^`rule` of LIMIT is one of: (.*?)\. `line_id`", protocol, re.DOTALL | re.MULTILINE
    )
    names = [name for span in re.findall(r"`([a-z0-9_ ]+)`", listed) for name in span.split()]
    # Those of leases meet no customer: they answer a till that asks for codes to keep.
    assert sorted(name for name in names if not name.startswith("lease_")) == sorted(RULES)


def test_a_limit_says_until_when_and_what_lifts_it(wording: Wording) -> None:
    plain = wording.sentence(errors.LimitReached("hours", None))
    until = wording.sentence(errors.LimitReached("hours", None, until=NOON))
    assert "2026-11-22 12:00" in until
    lifted = {
        wording.sentence(errors.LimitReached("hours", None, needs=needs)) for needs in ("supervisor", "id")
    }
    assert len({plain, until, *lifted}) == 4
    questions = errors.LimitReached("hours", None, needs="questions")
    assert wording.sentence(questions) in lifted


def test_paper_causes_and_roles_have_words(wording: Wording) -> None:
    for cause in (*CAUSES[errors.PaperTrouble], "seal", "restart"):
        assert len(wording.paper_cause(cause)) > 2
    assert len({wording.role(role) for role in Role}) == 3


@pytest.mark.parametrize(
    ("minor", "figure"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-250, "\u22122.50")]
)
def test_money_is_never_abbreviated(minor: int, figure: str) -> None:
    assert figures.figure(Money(minor)) == figure


def test_money_in_sentences() -> None:
    assert figures.money_text(Money(-123_456)) == "\u2212\u00a51,234.56"
    assert figures.money_text(Money(1500, "JPY")) == "\u00a51,500"
    assert figures.money_text(Money(1500, "CHF")) == "CHF 15.00"
    assert figures.short_figure(Money(10_000)) == "100"
    assert figures.short_figure(Money(990)) == "9.90"


def test_times_are_told_as_people_do(wording: Wording) -> None:
    wording.now = lambda: NOON
    told = [
        wording.when(NOON - timedelta(**ago)) for ago in ({"seconds": 5}, {"minutes": 1}, {"minutes": 59})
    ]
    expected = {
        "en": ["just now", "1 minute ago", "59 minutes ago"],
        "zh": ["\u521a\u521a", "1 \u5206\u949f\u524d", "59 \u5206\u949f\u524d"],
    }
    assert told == expected[wording.language]
    assert wording.when(NOON - timedelta(hours=2)) == "10:00"
    assert wording.when(NOON - timedelta(hours=30)) == "2026-11-21 06:00"
    assert wording.when(NOON + timedelta(minutes=3)) == "12:03"


def test_times_that_are_still_to_come(wording: Wording) -> None:
    wording.now = lambda: NOON
    ahead = ({"seconds": -9}, {"seconds": 59}, {"minutes": 1}, {"minutes": 59}, {"hours": 2})
    told = [wording.until(NOON + timedelta(**each)) for each in ahead]
    expected = {
        "en": ["within a minute", "within a minute", "in 1 minute", "in 59 minutes", "at 14:00"],
        "zh": [
            "\u4e00\u5206\u949f\u5185",
            "\u4e00\u5206\u949f\u5185",
            "1 \u5206\u949f\u540e",
            "59 \u5206\u949f\u540e",
            "14:00",
        ],
    }
    assert told == expected[wording.language]


def test_days(wording: Wording) -> None:
    days = {"en": "Sunday 22 November", "zh": "11\u670822\u65e5 \u661f\u671f\u65e5"}
    assert wording.day(date(2026, 11, 22)) == days[wording.language]
    assert figures.span(62) == "1:02"
    assert figures.number(-12_345) == "\u221212,345"
