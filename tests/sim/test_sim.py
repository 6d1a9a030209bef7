"""No sale is lost, whatever fails: simulated days of the real till at the real platform, judged from outside.

`POS_SIM` names the form: `dev.py prove sim` asks for the full one.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import pytest

from tests.proof.page import tell
from tests.sim.campaign import Memory, Tally, run_seeds, told
from tests.sim.history import History


@dataclass(frozen=True)
class Form:
    """How many sales with five faults each, customers a history, and seeds that are run twice."""

    sales: int
    customers: int
    twice: int


FORMS = {
    "short": Form(sales=60, customers=10, twice=2),
    "full": Form(sales=20_000, customers=60, twice=200),
    "release": Form(sales=300_000, customers=60, twice=200),
}
FORM = FORMS[os.environ.get("POS_SIM", "short")]
IS_SHORT = FORM.sales < 1_000
PROCESSES = int(os.environ.get("POS_SIM_PROCESSES", 1 if IS_SHORT else os.cpu_count() or 1))
AT_ONCE = 100  # seeds, until it is looked how many sales there are by now
pytestmark = [pytest.mark.slow, pytest.mark.timeout(200_000)]


def _sound(tally: Tally) -> None:
    assert not tally.breaches, tally.breaches[:5]
    assert tally.delivered > tally.customers / 3, "hardly anybody could buy: that proves nothing"


@pytest.mark.skipif(FORM.sales >= 300_000, reason="the release form remembers what it did")
def test_no_sale_is_lost() -> None:
    tally, seed = Tally(), 1
    while tally.sales < FORM.sales and not tally.breaches:
        seeds = range(seed, seed + (2 if IS_SHORT else AT_ONCE))
        for _, part in run_seeds(seeds, PROCESSES, customers=FORM.customers):
            tally.join(part)
        seed = seeds.stop
    tell("sim", told(tally, seeds=f"1 to {seed - 1}"))
    _sound(tally)


@pytest.mark.skipif(FORM.sales < 300_000, reason="what is remembered over runs belongs to the release form")
def test_no_sale_is_lost_over_runs() -> None:
    """Stopped and started again, it goes on with seeds that were not run before."""
    memory = Memory()
    while (
        memory.tally.sales < FORM.sales or memory.tally.faults.total() < 5 * FORM.sales
    ) and not memory.tally.breaches:
        for seeds, part in run_seeds(memory.fresh(AT_ONCE), PROCESSES, customers=FORM.customers):
            memory.keep(seeds, part)
    tell("sim", memory.told())
    _sound(memory.tally)


@pytest.mark.skipif(IS_SHORT, reason="takes minutes")
def test_an_old_copy_put_back_sells_nothing_twice() -> None:
    """And gives no receipt number to another sale."""
    tally = Tally()
    for _, part in run_seeds(range(1, 201), PROCESSES, "old copies", customers=12):
        tally.join(part)
    tell("sim-old-copies", told(tally, seeds="1 to 200"))
    assert not tally.breaches, tally.breaches[:5]


@pytest.mark.skipif(IS_SHORT, reason="takes minutes")
def test_at_the_rates_of_the_field_too() -> None:
    tally = Tally()
    for _, part in run_seeds(range(1, 101), PROCESSES, "field", customers=FORM.customers):
        tally.join(part)
    tell("sim-field", told(tally, seeds="1 to 100"))
    _sound(tally)


def _trace(seed: int) -> str:
    return History(f"twice {seed}", customers=4).run().trace


def test_the_same_seed_is_the_same_history() -> None:
    """In two processes, whose texts hash differently."""
    seeds = range(FORM.twice)
    traces = []
    for _ in range(2):
        with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
            traces.append(list(pool.map(_trace, seeds)))
    equal = sum(first == second for first, second in zip(*traces, strict=True))
    tell("sim-twice", f"{len(seeds)} seeds were run twice, in other processes: {equal} traces were equal.")
    assert traces[0] == traces[1]
    assert len(set(traces[0])) == len(traces[0])
