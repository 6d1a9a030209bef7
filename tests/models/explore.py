"""Walks every state of a model, breadth first: the shortest way to a breach, and whether each state still comes to an end."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Model:
    """A protocol as a graph. States are hashable; `moves` names every step that may come next, whoever takes it.

    `breach` is "" or the number of the invariant that does not hold in a state, and what is wrong. `is_settled` says
    that nobody has anything left to do: what arrives later may still move such a state.
    """

    name: str
    start: Any
    moves: Callable[[Any], Iterable[tuple[str, Any]]]
    breach: Callable[[Any], str]
    is_settled: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Explored:
    """What was seen. With a `breach`, `trace` is a shortest way to it and the walk ended there.

    `settled` states are at rest; from `stuck` states no way leads to such a one.
    """

    name: str
    states: int
    transitions: int
    seconds: float
    settled: int = 0
    stuck: int = 0
    breach: str = ""
    trace: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.breach and self.settled > 0


def explore(model: Model) -> Explored:
    """Every state that can be reached from the start; a state from which there is no end counts as a breach of I4."""
    begun = time.monotonic()
    index: dict[Any, int] = {model.start: 0}
    order: list[Any] = [model.start]
    parents, targets, offsets = array("l", [0]), array("I"), array("Q", [0])
    alive = bytearray()
    moves, breach, is_settled = model.moves, model.breach, model.is_settled
    for place, state in enumerate(order):  # grows while it is walked
        wrong = breach(state)
        if wrong:
            trace = _trace(model, order, parents, place)
            seconds = time.monotonic() - begun
            return Explored(model.name, len(order), len(targets), seconds, breach=wrong, trace=trace)
        alive.append(is_settled(state))
        for _, after in moves(state):
            known = index.setdefault(after, len(order))
            if known == len(order):
                order.append(after)
                parents.append(place)
            targets.append(known)
        offsets.append(len(targets))
    settled = sum(alive)
    _spread_back(alive, targets, offsets)
    lost = alive.find(0)
    return Explored(
        model.name,
        len(order),
        len(targets),
        time.monotonic() - begun,
        settled,
        alive.count(0),
        "" if lost < 0 else "I4 from here it never comes to an end",
        () if lost < 0 else _trace(model, order, parents, lost),
    )


def _spread_back(alive: bytearray, targets: array[int], offsets: array[int]) -> None:
    """Marks each state from which a marked one is reached; later states first, since most steps lead onwards."""
    has_changed = True
    while has_changed:
        has_changed = False
        for place in range(len(alive) - 1, -1, -1):
            if not alive[place] and any(alive[each] for each in targets[offsets[place] : offsets[place + 1]]):
                alive[place] = 1
                has_changed = True


def _trace(model: Model, order: list[Any], parents: array[int], place: int) -> tuple[str, ...]:
    labels = []
    while place:
        before = parents[place]
        labels.append(next(label for label, after in model.moves(order[before]) if after == order[place]))
        place = before
    return tuple(reversed(labels))


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule that is left out, and the invariants of which one must break then."""

    flag: str
    breaks: tuple[str, ...]
    build: Callable[[str], Model]


def told(rows: Iterable[Explored]) -> str:
    """The walks as a table in Markdown."""
    lines = ["| model | states | transitions | at rest | stuck | s |", "|---|---|---|---|---|---|"]
    for row in rows:
        figures = (
            f"{row.states:,} | {row.transitions:,} | {row.settled:,} | {row.stuck:,} | {row.seconds:.1f}"
        )
        lines.append(f"| {row.name} | {figures} |")
    return "\n".join(lines)


def told_caught(rows: Iterable[tuple[Mutant, Explored]]) -> str:
    """The mutants as a table in Markdown: what broke, after how many steps, and how many states were seen by then."""
    lines = ["| rule left out | model | what breaks | steps | states |", "|---|---|---|---|---|"]
    for mutant, row in rows:
        what = row.breach or "NOT CAUGHT"
        lines.append(f"| {mutant.flag} | {row.name} | {what} | {len(row.trace)} | {row.states:,} |")
    return "\n".join(lines)
