"""Several sales over one shelf as one model: each sale by its own rules, in every order in which their steps can fall."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.models.explore import Model

_BITS = 17
_MOST = (1 << _BITS) - 1

Step = tuple[str, Any, Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one sale may do: `moves(who, sale, shelf)` gives (label, sale, shelf); breach and rest as in `Model`."""

    moves: Callable[[int, Any, Any], Iterable[Step]]
    breach: Callable[[int, Any, Any], str]
    is_settled: Callable[[int, Any, Any], bool]


@dataclass(slots=True)
class _Names:
    """Numbers for values, given once."""

    values: list[Hashable] = field(default_factory=list)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def number(self, value: Hashable) -> int:
        known = self.numbers.setdefault(value, len(self.values))
        if known == len(self.values):
            assert known < _MOST, "more values than a state has room for"
            self.values.append(value)
        return known


@dataclass(frozen=True, slots=True)
class _View:
    """A sale before its shelf: what it may do, as what is to be added to the packed state."""

    steps: tuple[tuple[str, int], ...]
    breach: str
    is_settled: bool


@dataclass(slots=True)
class Crowd:
    """A state is one whole number: the shelf's in the lowest bits, then each sale's. What a sale can do is worked out once."""

    name: str
    count: int
    rules: Rules
    sales: _Names = field(default_factory=_Names)
    shelves: _Names = field(default_factory=_Names)
    views: list[dict[int, _View]] = field(default_factory=list)

    def model(self, sale: Hashable, shelf: Hashable) -> Model:
        """The model that begins with `count` sales like this."""
        self.views = [{} for _ in range(self.count)]
        start = self.shelves.number(shelf)
        for who in range(self.count):
            start |= self.sales.number(sale) << _BITS * (who + 1)
        return Model(self.name, start, self._moves, self._breach, self._is_settled)

    def _seen(self, state: int) -> list[_View]:
        shelf, rest, seen = state & _MOST, state >> _BITS, []
        for who, views in enumerate(self.views):
            key = (rest & _MOST) << _BITS | shelf
            seen.append(views.get(key) or self._look(who, key))
            rest >>= _BITS
        return seen

    def _look(self, who: int, key: int) -> _View:
        sale_number, shelf_number = key >> _BITS, key & _MOST
        sale, shelf = self.sales.values[sale_number], self.shelves.values[shelf_number]
        shift = _BITS * (who + 1)
        steps = {
            ((self.sales.number(a) - sale_number) << shift) + self.shelves.number(b) - shelf_number: label
            for label, a, b in self.rules.moves(who, sale, shelf)
        }
        steps.pop(0, None)  # what changes nothing is no step
        view = _View(
            tuple((f"{who + 1}: {label}", delta) for delta, label in steps.items()),
            self.rules.breach(who, sale, shelf),
            self.rules.is_settled(who, sale, shelf),
        )
        self.views[who][key] = view
        return view

    def _moves(self, state: int) -> list[tuple[str, int]]:
        return [(label, state + delta) for view in self._seen(state) for label, delta in view.steps]

    def _breach(self, state: int) -> str:
        return next((view.breach for view in self._seen(state) if view.breach), "")

    def _is_settled(self, state: int) -> bool:
        return all(view.is_settled for view in self._seen(state))
