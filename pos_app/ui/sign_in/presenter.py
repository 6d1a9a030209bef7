"""Decides who signs in: a person, then a PIN, and how long a lock still lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import LockedOut, PosError
from pos_app.domain.staff import Cashier, Person
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run


@dataclass(frozen=True)
class SignInState:
    """`seconds_left` counts a lock down; None when the chosen person is not locked."""

    people: tuple[Person, ...] = ()
    chosen: Person | None = None
    trouble: PosError | None = None
    seconds_left: int | None = None
    is_busy: bool = False


class SignInView(Protocol):
    def draw(self, state: SignInState) -> None: ...
    def clear_pin(self) -> None: ...


class SignInPresenter:
    """`signed_in` is the window's."""

    def __init__(self, view: SignInView, shop: Shop, run: Run, signed_in: Callable[[Cashier], None]) -> None:
        self._view, self._shop, self._run, self._signed_in = view, shop, run, signed_in
        self._until: datetime | None = None
        self.state = SignInState()

    def shown(self) -> None:
        self._view.clear_pin()
        self._run(Lane.STORE, self._shop.look_up.people, self._got_people, self._failed)

    def choose(self, person_id: str) -> None:
        """A tile was touched, or its number pressed."""
        person = next((each for each in self.state.people if each.id == person_id), None)
        if person is None:
            return
        self._view.clear_pin()
        self._until = person.locked_until()
        self._put(replace(self.state, chosen=person, trouble=None, seconds_left=self._left()))

    def choose_next(self, by: int) -> None:
        """The arrow keys."""
        ids = [person.id for person in self.state.people]
        if ids:
            place = ids.index(self.state.chosen.id) if self.state.chosen else -1
            self.choose(ids[(place + by) % len(ids)])

    def enter(self, pin: str) -> None:
        person = self.state.chosen
        if person is None or self.state.is_busy or not pin:
            return
        self._view.clear_pin()
        self._put(replace(self.state, is_busy=True, trouble=None))
        self._run(Lane.STORE, lambda: self._shop.sign_in(person.id, pin), self._in, self._refused)

    def tick(self) -> None:
        """Every second, while a lock is shown."""
        left = self._left()
        if self.state.seconds_left is None or left == self.state.seconds_left:
            return
        trouble = self.state.trouble if left is not None else None
        self._put(replace(self.state, seconds_left=left, trouble=trouble))

    def _got_people(self, people: tuple[Person, ...]) -> None:
        active = tuple(person for person in people if person.is_active)
        chosen = self.state.chosen.id if self.state.chosen else ""
        still = next((person for person in active if person.id == chosen), active[0] if active else None)
        self._until = still.locked_until() if still else None
        self._put(SignInState(active, still, None, self._left()))

    def _in(self, cashier: Cashier) -> None:
        self._put(replace(self.state, is_busy=False, trouble=None, seconds_left=None))
        self._signed_in(cashier)

    def _refused(self, error: PosError) -> None:
        if isinstance(error, LockedOut):
            self._until = error.until
        self._put(replace(self.state, is_busy=False, trouble=error, seconds_left=self._left()))

    def _failed(self, error: PosError) -> None:
        self._put(replace(self.state, trouble=error))

    def _left(self) -> int | None:
        if self._until is None:
            return None
        seconds = (self._until - self._shop.today.now()).total_seconds()
        return int(seconds) + 1 if seconds > 0 else None

    def _put(self, state: SignInState) -> None:
        self.state = state
        self._view.draw(state)
