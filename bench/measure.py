"""Times a thing and its floor turn by turn, so that a machine that drifts drifts for both."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Promise:
    """One row of what we promise: the ratio that must be kept, and the one that we aim at."""

    name: str
    must: float
    aim: float


@dataclass(frozen=True)
class Timings:
    """Seconds, one for each turn."""

    seconds: tuple[float, ...]

    def share(self, share: float) -> float:
        """The time within which that share of the turns was done, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def side_by_side(
    turns: int,
    floor: Callable[[int], object],
    measure: Callable[[int], object],
    between: Callable[[int], object] = lambda turn: None,
) -> tuple[Timings, Timings]:
    """Timings of `floor` and `measure`, each called once a turn with its number; who goes first alternates.

    `between` is called before each turn and is not timed.
    """
    floors, measures = in_turns(turns, (floor, measure), between)
    return floors, measures


def in_turns(
    turns: int,
    works: Sequence[Callable[[int], object]],
    between: Callable[[int], object] = lambda turn: None,
) -> tuple[Timings, ...]:
    """The same for any number of works; each turn begins with the next of them."""
    times: tuple[list[float], ...] = tuple([] for _ in works)
    gc.collect()
    gc.disable()
    try:
        for turn in range(turns):
            between(turn)
            for step in range(len(works)):
                place = (turn + step) % len(works)
                begin = time.perf_counter()
                works[place](turn)
                times[place].append(time.perf_counter() - begin)
            if turn % 50 == 0:
                gc.collect()
    finally:
        gc.enable()
    return tuple(Timings(tuple(each)) for each in times)


def show(promise: Promise, floor: Timings, measure: Timings, shares: Sequence[float] = (0.5, 0.99)) -> bool:
    """Prints measure, floor and ratio; True when the promise is kept."""
    kept = True
    for share in shares:
        least, found = floor.share(share), measure.share(share)
        ratio = found / least
        kept = kept and ratio <= promise.must
        verdict = "aim reached" if ratio <= promise.aim else "kept" if ratio <= promise.must else "NOT KEPT"
        print(
            f"{promise.name:<44} p{100 * share:<4g} {found:8.3f} ms   floor {least:8.3f} ms   {ratio:5.2f} x"
            f"   (must {promise.must:g}, aim {promise.aim:g}: {verdict})"
        )
    return kept


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """A folder on the disk of the tree: a temporary folder may lie in memory, where a commit costs nothing."""
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="bench-") as folder:
        yield Path(folder)
