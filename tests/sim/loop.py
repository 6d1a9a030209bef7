"""An event loop without threads, sockets or waiting: time jumps to whatever is due next, and it can be killed at a commit."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.sim.fate import Fate

T = TypeVar("T")


class PlatformDied(Exception):
    """The server is gone; what it had committed stays."""


class _NoSelector(selectors.BaseSelector):
    """Nothing is ever readable: to wait is to let time pass."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._registered: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, 0, events, data)
        self._registered[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._registered.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("the platform waits for something that never comes")
        if timeout > 0:
            self._fate.passes(timeout)
        return []

    def get_map(self) -> Any:
        return self._registered


class SimLoop(asyncio.SelectorEventLoop):
    """What threads do apart in the program happens here and now, in its turn."""

    def __init__(self, fate: Fate) -> None:
        self._fate = fate
        self._die_in = 0
        self._is_before = False
        self.is_dead = False
        super().__init__(_NoSelector(fate))
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        return self._fate.at.timestamp()

    def arm(self, commits: int, *, is_before: bool) -> None:
        """The program ends at the so-manieth commit from now, before or after it; 0 takes that back."""
        self._die_in, self._is_before = commits, is_before

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        dies = False
        if "COMMIT" in getattr(func, "args", ()):
            dies = self._die_in == 1
            self._die_in = max(0, self._die_in - 1)
            if self.is_dead or (dies and self._is_before):
                return self._end()
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is raised where it is awaited
            future.set_exception(fault)
        return self._end() if dies else future

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """PlatformDied when the program ended in the middle of it."""
        try:
            return self.run_until_complete(work)
        except RuntimeError:
            if not self.is_dead:
                raise
        raise PlatformDied

    def bury(self) -> None:
        """Whatever was under way is gone."""
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        if tasks:
            self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    def _end(self) -> asyncio.Future[Any]:
        """Whoever waits for this never hears of it."""
        self.is_dead = True
        self.stop()
        return self.create_future()
