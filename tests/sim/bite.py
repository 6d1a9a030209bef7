"""A bug put back, and how long it takes until somebody sees it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.races.walk import Stumble, furnish, walk, walking
from tests.sim import mix
from tests.sim.history import History

Plant = Callable[[], AbstractContextManager[Any]]
HISTORIES, WALK = "histories", "the walk"


@dataclass(frozen=True)
class Tooth:
    """A bug, how it is planted, what of the mix is made likelier so that it comes to bear, and what everybody wants.

    `by` is who looks: whole histories, or the walk through all that a platform is asked, for what no counter sees.
    """

    name: str
    plant: Plant
    rates: Mapping[str, float] = field(default_factory=dict)
    wants: str = ""
    by: str = HISTORIES


@dataclass(frozen=True)
class Bite:
    """What found it, and after how many seeds, or calls of the walk; nothing within what it was given."""

    tooth: str
    by: str
    invariants: tuple[str, ...]
    tries: int


TEETH: list[Tooth] = []


def tooth(name: str, wants: str = "", **rates: float) -> Callable[[Plant], Plant]:
    """`rates` by the fault's name: two underscores for a colon, one for a blank."""

    def add(plant: Plant) -> Plant:
        named = {key.replace("__", ": ").replace("_", " "): rate for key, rate in rates.items()}
        TEETH.append(Tooth(name, plant, named, wants))
        return plant

    return add


def bite(each: Tooth, most_seeds: int, customers: int = 12) -> Bite:
    """Seed after seed until something is seen that is not seen without the bug; a walk is the same each time."""
    if each.by == WALK:
        return _walked(each)
    for seed in range(1, most_seeds + 1):
        found = _seen(each, seed, customers)
        if found and not _seen(replace(each, plant=nullcontext), seed, customers):
            return Bite(each.name, each.by, tuple(dict.fromkeys(found)), seed)
    return Bite(each.name, each.by, (), most_seeds)


def _seen(each: Tooth, seed: int, customers: int) -> list[str]:
    history = History(f"tooth {seed}", {**mix.CAMPAIGN, **each.rates}, customers=customers, wants=each.wants)
    with each.plant():
        try:
            outcome = history.run()
        except Exception as bug:  # noqa: BLE001  # the count itself cannot make sense of such books
            return [f"bug: {type(bug).__name__}"]
    return [breach.invariant for breach in outcome.breaches]


def _walked(each: Tooth) -> Bite:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        furnish(folder)
        with walking(folder) as walker, each.plant():
            try:
                walk(walker)
            except Stumble as found:
                return Bite(each.name, each.by, (found.by,), walker.calls)
            return Bite(each.name, each.by, (), walker.calls)


def table(bites: list[Bite]) -> str:
    lines = ["| bug put back | looked for by | found by | seeds or calls |", "|---|---|---|---|"]
    lines += [
        f"| {each.tooth} | {each.by} | {', '.join(each.invariants) or 'NOT FOUND'} | {each.tries} |"
        for each in bites
    ]
    found = [each for each in bites if each.invariants]
    return "\n".join([f"{len(found)} of {len(bites)} were found.", "", *lines])
