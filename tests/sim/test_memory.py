"""What a campaign remembers: seeds and sums over runs and programs, and no further back than the last violation."""

from collections import Counter
from pathlib import Path

from tests.sim.campaign import Memory, Tally


def test_a_run_goes_on_where_the_last_was_stopped(tmp_path: Path) -> None:
    path = tmp_path / "sim.json"
    Memory(path, "one").keep([1, 2, 4], Tally(histories=3, sales=50, paid=30, faults=Counter(lost=7)))
    Memory(path, "two").keep([3], Tally(histories=1, paid=10, faults=Counter(lost=1, late=2)))
    again = Memory(path, "one")
    assert again.fresh(2) == [5, 6]
    assert (again.tally.paid, again.tally.faults) == (40, Counter(lost=8, late=2))
    assert "| one, the present one | 1-2, 4 | 3 | 50 | 30 | 7 | 0 |" in again.told()


def test_a_violation_ends_what_was_counted_before_it(tmp_path: Path) -> None:
    path = tmp_path / "sim.json"
    Memory(path, "one").keep([1], Tally(paid=10))
    Memory(path, "two").keep([2], Tally(paid=20, breaches=[("2", "I1", "twice")]))
    assert Memory(path, "two").tally.breaches
    mended = Memory(path, "three")
    assert (mended.tally.paid, mended.fresh(1)) == (0, [1])
