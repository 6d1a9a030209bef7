"""Decides how gateways are set up: their order, their fields, a harmless question, and a test payment of 0.01."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from pos_app.domain.attempt import Attempt
from pos_app.domain.errors import GatewaySetupWrong, PosError
from pos_app.domain.gateway import GatewaySetup
from pos_app.domain.payment_code import read_payment_code
from pos_app.domain.staff import Cashier, Permission
from pos_app.shop import Shop
from pos_app.ui.run import Lane, Run


class GatewaysDoor(Protocol):
    """What the part needs of `bootstrap.Front`; all of it is called off the screen's thread."""

    def gateways(self) -> tuple[GatewaySetup, ...]:
        """Every gateway, those that are asked first in their order; no secret is among the values."""

    def keep_gateway(self, name: str, values: Mapping[str, str]) -> None:
        """Keep these fields, all or none; GatewaySetupWrong names the field that is missing or no good."""

    def choose_gateways(self, names: tuple[str, ...]) -> None:
        """These take electronic money, asked in this order; GatewaySetupWrong for one that is not set up."""

    def check_gateway(self, name: str) -> int:
        """Speak to it; by how many seconds this PC's clock is off."""


class Busy(StrEnum):
    """What is under way."""

    NOTHING = "nothing"
    KEEPING = "keeping"
    CHECKING = "checking"
    TRYING = "trying"


class Said(StrEnum):
    """What has just come out well, or not."""

    NOTHING = "nothing"
    KEPT = "kept"
    ANSWERED = "answered"  # the gateway understood us
    NO_CODE = "no_code"  # what was scanned is no payment code


@dataclass(frozen=True, slots=True)
class GatewaysPage:
    """One moment of the part. `opened` is the gateway whose form is open; `refused` the field that was no good."""

    may_change: bool = False
    setups: tuple[GatewaySetup, ...] = ()
    opened: str = ""
    busy: Busy = Busy.NOTHING
    said: Said = Said.NOTHING
    refused: str = ""
    trial: Attempt | None = None
    trouble: PosError | None = None

    @property
    def setup(self) -> GatewaySetup | None:
        """The one whose form is open."""
        return next((each for each in self.setups if each.name == self.opened), None)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.setups if each.is_on)

    @property
    def is_trying(self) -> bool:
        return self.busy is Busy.TRYING or (self.trial is not None and self.trial.is_live)


class GatewaysView(Protocol):
    def draw(self, page: GatewaysPage) -> None:
        """Draw this moment; the form is made anew when `opened` or `setups` have changed."""


class GatewaysPresenter:
    """Only who may change settings sees anything of it."""

    def __init__(
        self, shop: Shop, run: Run, view: GatewaysView, who: Callable[[], Cashier], door: GatewaysDoor
    ) -> None:
        self._shop, self._run, self._view, self._who, self._door = shop, run, view, who, door
        self._is_asking = False
        self.page = GatewaysPage()

    def come_up(self) -> None:
        """A test payment that is under way is shown again; it went on meanwhile."""
        may = self._who().may(Permission.CHANGE_SETTINGS)
        trial = self.page.trial
        self.page = GatewaysPage(may)
        if may and trial is not None and trial.is_live:
            self.page = replace(self.page, opened=trial.gateway, trial=trial)
        self._view.draw(self.page)
        if may:
            self._read()

    # --- which, and in which order ---

    def switch(self, name: str, *, is_on: bool) -> None:
        rest = tuple(each for each in self.page.chosen if each != name)
        self._choose((*rest, name) if is_on else rest)

    def move_up(self, name: str) -> None:
        """Asked one place earlier."""
        names = list(self.page.chosen)
        place = names.index(name) if name in names else 0
        if place > 0:
            names[place - 1], names[place] = names[place], names[place - 1]
            self._choose(tuple(names))

    def _choose(self, names: tuple[str, ...]) -> None:
        if self.page.may_change and self.page.busy is Busy.NOTHING:
            self._begin(Busy.KEEPING)
            self._run(
                Lane.STORE, lambda: self._door.choose_gateways(names), lambda _: self._read(), self._refused
            )

    # --- one of them ---

    def open(self, name: str) -> None:
        """Its form; the test payment of another gateway goes on by itself."""
        if self.page.busy is Busy.NOTHING and name != self.page.opened:
            self._set(opened=name, said=Said.NOTHING, refused="", trouble=None, trial=None)

    def keep(self, values: Mapping[str, str]) -> None:
        """What was typed; secrets that were not typed again stay as they are."""
        name = self.page.opened
        if not name or not self.page.may_change or self.page.busy is not Busy.NOTHING:
            return
        self._begin(Busy.KEEPING)
        self._run(
            Lane.STORE,
            lambda: self._door.keep_gateway(name, values),
            lambda _: self._read(said=Said.KEPT),
            self._refused,
        )

    def check(self) -> None:
        """Ask the gateway something harmless."""
        name = self.page.opened
        if not name or not self.page.may_change or self.page.busy is not Busy.NOTHING:
            return
        self._begin(Busy.CHECKING)
        self._run(
            Lane.BEHIND,
            lambda: self._door.check_gateway(name),
            lambda skew_s: self._read(said=Said.ANSWERED),
            self._refused,
        )

    # --- the test payment ---

    def scanned(self, text: str) -> None:
        """The owner's own payment code: 0.01 is taken and given back."""
        name, who = self.page.opened, self._who()
        setup = self.page.setup
        if setup is None or not setup.is_ready or self.page.busy is not Busy.NOTHING or self.page.is_trying:
            return
        code = read_payment_code(text)
        if code is None:
            self._set(said=Said.NO_CODE, trial=None, trouble=None)
            return
        self._begin(Busy.TRYING)
        self._run(Lane.MONEY, lambda: self._shop.try_gateway(who, name, code), self._stands, self._refused)

    def tick(self) -> None:
        """Several times a second while a test payment is under way."""
        trial = self.page.trial
        if trial is None or not trial.is_live or self._is_asking or not trial.is_due(self._shop.today.now()):
            return
        self._is_asking = True
        who, number = self._who(), trial.number
        self._run(
            Lane.MONEY,
            lambda: self._shop.try_gateway.go_on(who, number),
            self._stands,
            self._not_heard,
        )

    def _stands(self, trial: Attempt) -> None:
        self._is_asking = False
        shown = self.page.trial
        if self.page.busy is not Busy.TRYING and (shown is None or shown.number != trial.number):
            return  # another form is open: the till follows it by itself
        self._set(busy=Busy.NOTHING, trial=trial, trouble=None)
        if not trial.is_live:
            self._read(is_quiet=True)

    def _not_heard(self, error: PosError) -> None:
        self._is_asking = False
        self._set(trouble=error)

    # --- all of it ---

    def _begin(self, busy: Busy) -> None:
        self._set(busy=busy, said=Said.NOTHING, refused="", trouble=None, trial=None)

    def _read(self, said: Said = Said.NOTHING, *, is_quiet: bool = False) -> None:
        """What is kept now; `is_quiet` leaves standing what was said."""

        def got(setups: tuple[GatewaySetup, ...]) -> None:
            opened = self.page.opened or (setups[0].name if setups else "")
            told = self.page.said if is_quiet else said
            self._set(setups=setups, opened=opened, busy=Busy.NOTHING, said=told)

        self._run(Lane.STORE, self._door.gateways, got, self._refused)

    def _refused(self, error: PosError) -> None:
        """A field that is no good is named in the form; anything else is said as it is."""
        keys = {each.field.key for each in self.page.setup.fields} if self.page.setup is not None else set()
        if isinstance(error, GatewaySetupWrong) and error.name == self.page.opened and error.reason in keys:
            self._set(busy=Busy.NOTHING, refused=error.reason)
        else:
            self._set(busy=Busy.NOTHING, trouble=error)

    def _set(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]
        self._view.draw(self.page)
