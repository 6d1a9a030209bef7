"""How many calls one caller may make: a bucket that fills at a steady rate."""

from __future__ import annotations

from platform_server.ports.world import Clock

_MOST_CALLERS = 10_000


class Buckets:
    """One bucket a caller, forgotten when there are too many of them."""

    def __init__(self, clock: Clock, per_s: float, burst: int) -> None:
        self._clock = clock
        self._per_s = per_s
        self._burst = burst
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> float:
        """0.0 for a call within the rate; otherwise after how many seconds there is room for one."""
        now = self._clock.now().timestamp()
        level, before = self._levels.pop(caller, (float(self._burst), now))
        level = min(float(self._burst), level + max(0.0, now - before) * self._per_s)
        is_within = level >= 1
        self._levels[caller] = (level - 1 if is_within else level, now)
        if len(self._levels) > _MOST_CALLERS:
            del self._levels[next(iter(self._levels))]  # the one that was heard of longest ago
        return 0.0 if is_within else (1 - level) / self._per_s

    def give_back(self, caller: str) -> None:
        """Undoes one `take`: the call was none of those that are counted."""
        if caller in self._levels:
            level, before = self._levels[caller]
            self._levels[caller] = (min(float(self._burst), level + 1), before)
