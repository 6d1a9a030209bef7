"""The desk of a practice supplier: where a test moves its clock, lets go what is held and reads what was heard."""

from collections import Counter
from collections.abc import Callable
from threading import Condition

LONGEST_WAIT_S = 30.0

Clock = Callable[[], float]


class MovableClock:
    """Seconds since 1970, ahead of another clock by as much as it was told."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead_s = 0.0

    def __call__(self) -> float:
        return self._clock() + self._ahead_s

    def unmoved(self) -> float:
        """What everybody else's clock says: signatures bear this time."""
        return self._clock()

    def advance(self, seconds: float) -> None:
        """Time passes at once."""
        self._ahead_s += seconds


class Desk:
    """Counts what comes in under each reference, and holds requests until they are released."""

    def __init__(self) -> None:
        self._change = Condition()
        self._heard: Counter[tuple[str, str]] = Counter()
        self._released = 0
        self._held = 0

    def hear(self, kind: str, reference: str) -> int:
        """The how-manieth order or question this is under its reference."""
        with self._change:
            self._heard[kind, reference] += 1
            return self._heard[kind, reference]

    def heard(self) -> dict[str, dict[str, int]]:
        """How many orders and questions came in, by reference."""
        with self._change:
            told: dict[str, dict[str, int]] = {}
            for (kind, reference), count in self._heard.items():
                told.setdefault(reference, {"orders": 0, "questions": 0})[kind] = count
            return told

    def hold(self) -> None:
        """Waits for the next release, but not for ever: a forgotten test shall end."""
        with self._change:
            mine = self._released
            self._held += 1
            self._change.notify_all()
            self._change.wait_for(lambda: self._released > mine, LONGEST_WAIT_S)
            self._held -= 1

    def release(self) -> None:
        """Lets go whatever is held now."""
        with self._change:
            self._released += 1
            self._change.notify_all()

    def wait_held(self, count: int) -> int:
        """Waits until so many are held at once; how many are."""
        with self._change:
            self._change.wait_for(lambda: self._held >= count, LONGEST_WAIT_S)
            return self._held
