"""Thousands of sales at each practice gateway, faults everywhere: no customer pays twice, unserved or not at all.

`POS_PAYMENTS` names the form: `dev.py prove payments` asks for the full one.
"""

import os
from dataclasses import dataclass

import pytest

from tests.payments.campaign import Outcome, Plan, faults_told, run, run_in_parts, table
from tests.payments.variants import VARIANTS


@dataclass(frozen=True)
class Form:
    """How many sales: at each gateway in each memory, over HTTP, and for a broken till at most."""

    sales: int
    over_http: int
    losses: int
    broken: int
    certificates: int


FORMS = {
    "short": Form(sales=100, over_http=40, losses=1, broken=2_000, certificates=0),
    "full": Form(sales=2_000, over_http=1_000, losses=20, broken=50_000, certificates=500),
    "release": Form(sales=20_000, over_http=1_000, losses=20, broken=50_000, certificates=2_000),
}
FORM = FORMS[os.environ.get("POS_PAYMENTS", "short")]
SEED = int(os.environ.get("POS_PAYMENTS_SEED", "1"))
PROCESSES = int(os.environ.get("POS_PAYMENTS_PROCESSES", os.cpu_count() or 1))
GATEWAYS = ("shouqianba", "wechat-v2", "lakala", "alipay", "wechat")
CERTIFICATES = ("alipay-certificates", "wechat-certificates")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(20_000)]


def _told(outcome: Outcome) -> None:
    print("\n" + table([outcome]))
    print(faults_told([outcome]))


def _must_be_sound(outcome: Outcome) -> None:
    _told(outcome)
    assert outcome.losses.total == 0, "\n".join(outcome.lost[:20])
    assert outcome.seen["delivered"] > outcome.seen["sales"] / 2, (
        "hardly anybody could pay: that proves nothing"
    )


@pytest.mark.parametrize("memory", ["remembers", "forgets"])
@pytest.mark.parametrize("practice", GATEWAYS)
def test_nothing_is_charged_twice_or_lost(practice: str, memory: str) -> None:
    _must_be_sound(run_in_parts(Plan(practice, memory == "remembers", FORM.sales, SEED), PROCESSES))


@pytest.mark.skipif(not FORM.certificates, reason="the short form has no certificates")
@pytest.mark.parametrize("practice", CERTIFICATES)
def test_with_certificates(practice: str) -> None:
    _must_be_sound(run(Plan(practice, False, FORM.certificates, SEED)))


@pytest.mark.parametrize("practice", GATEWAYS)
def test_over_http(practice: str) -> None:
    _must_be_sound(run(Plan(practice, False, FORM.over_http, SEED, is_over_http=True)))


@pytest.mark.parametrize("fault", VARIANTS)
def test_a_till_without_this_rule_is_seen(fault: str) -> None:
    """The campaign has teeth: the same customers at a till that lacks one rule lose money."""
    plan = Plan("shouqianba", False, FORM.broken, SEED, breaking=VARIANTS[fault], until=FORM.losses)
    outcome = run(plan)
    print(f"\n{fault}:")
    _told(outcome)
    assert outcome.losses.total >= FORM.losses
