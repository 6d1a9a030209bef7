"""Decides on the very first start: the owner's name, and a PIN typed twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from pos_app.domain.errors import PinTooWeak, PosError
from pos_app.domain.staff import LEAST_PIN_DIGITS, Cashier, Person, Role, is_weak
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run


class Missing(StrEnum):
    """What is not right yet on the form."""

    NOTHING = ""
    NAME = "name"
    SAME_PIN = "same_pin"


@dataclass(frozen=True)
class FirstOwnerState:
    missing: Missing = Missing.NOTHING
    trouble: PosError | None = None
    is_busy: bool = False


class FirstOwnerView(Protocol):
    def draw(self, state: FirstOwnerState) -> None: ...


class FirstOwnerPresenter:
    """`signed_in` is the window's: the owner goes straight on to the first sale."""

    def __init__(
        self, view: FirstOwnerView, shop: Shop, run: Run, signed_in: Callable[[Cashier], None]
    ) -> None:
        self._view, self._shop, self._run, self._signed_in = view, shop, run, signed_in
        self.state = FirstOwnerState()

    def save(self, name: str, pin: str, again: str) -> None:
        if self.state.is_busy:
            return
        if not name.strip():
            self._put(FirstOwnerState(Missing.NAME))
        elif is_weak(pin):
            self._put(FirstOwnerState(trouble=PinTooWeak(LEAST_PIN_DIGITS)))
        elif pin != again:
            self._put(FirstOwnerState(Missing.SAME_PIN))
        else:
            self._put(FirstOwnerState(is_busy=True))
            self._run(
                Lane.STORE,
                lambda: self._shop.add_person(None, name, Role.OWNER, pin),
                lambda person: self._sign_in(person, pin),
                self._failed,
            )

    def _sign_in(self, person: Person, pin: str) -> None:
        self._run(Lane.STORE, lambda: self._shop.sign_in(person.id, pin), self._signed_in, self._failed)

    def _failed(self, error: PosError) -> None:
        self._put(FirstOwnerState(trouble=error))

    def _put(self, state: FirstOwnerState) -> None:
        self.state = state
        self._view.draw(state)
