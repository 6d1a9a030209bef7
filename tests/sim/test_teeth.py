"""A simulation that never finds anything proves nothing: known bugs, put back one at a time, are found."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.proof.page import tell
from tests.sim import teeth, teeth_of_platform
from tests.sim.bite import TEETH, Bite, bite, table

FORM = os.environ.get("POS_SIM", "short")
MOST_SEEDS = {"short": 4, "full": 30, "release": 200}[FORM]
PROCESSES = int(os.environ.get("POS_SIM_PROCESSES", os.cpu_count() or 1))
# What the short form has time for; the full one puts every bug back.
QUICK = (
    "no answer to a confirm is taken for a no",
    "an entry counts as held by the platform although it is not",
)
LEAST_FOUND = 0.95
pytestmark = [pytest.mark.slow, pytest.mark.timeout(200_000)]


@pytest.mark.skipif(FORM != "short", reason="they are among all")
@pytest.mark.parametrize("name", QUICK)
def test_a_bug_put_back_is_found(name: str) -> None:
    (planted,) = [each for each in TEETH if each.name == name]
    assert bite(planted, MOST_SEEDS, customers=6).invariants


def _bite(number: int) -> Bite:
    return bite(TEETH[number], MOST_SEEDS)


@pytest.mark.skipif(FORM == "short", reason="takes minutes")
def test_nearly_every_bug_put_back_is_found() -> None:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        bites = list(pool.map(_bite, range(len(TEETH))))
    tell("teeth", table(bites))
    found = sum(bool(each.invariants) for each in bites)
    assert found >= LEAST_FOUND * len(bites), [each.tooth for each in bites if not each.invariants]


def test_there_are_enough_and_none_is_named_twice() -> None:
    assert {teeth.__name__, teeth_of_platform.__name__} <= sys.modules.keys()  # where they are
    assert len({each.name for each in TEETH}) == len(TEETH) >= 40
