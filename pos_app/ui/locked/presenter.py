"""Decides on the page of a till that is locked: nothing but a new enrolment opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PosError
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.domain.till import Enrolment
    from pos_app.shop import Shop
    from pos_app.ui.run import Run


@dataclass(frozen=True)
class LockedState:
    """What keeps it locked when it was tried: `trouble`."""

    is_busy: bool = False
    trouble: PosError | None = None


class LockedView(Protocol):
    def draw(self, state: LockedState) -> None: ...


class LockedPresenter:
    """Nobody signs in before: the code that the platform's operator gave the owner is what allows it."""

    def __init__(self, view: LockedView, shop: Shop, run: Run, begun: Callable[[], None]) -> None:
        self._view, self._shop, self._run, self._begun = view, shop, run, begun
        self.state = LockedState()

    def begin(self, code: str) -> None:
        """Enrolled under a new epoch; what the platform holds of the lost days is read back first."""
        if self.state.is_busy:
            return
        self._put(LockedState(is_busy=True))

        def begin() -> Enrolment:
            return self._shop.begin_anew(code, self._shop.look_up.enrolment().till_code)

        self._run(Lane.WIRE, begin, lambda enrolment: self._go_on(), self._failed)

    def _go_on(self) -> None:
        self._put(LockedState())
        self._begun()

    def _failed(self, error: PosError) -> None:
        self._put(LockedState(trouble=error))

    def _put(self, state: LockedState) -> None:
        self.state = state
        self._view.draw(state)
