"""Decides what may be set up by whom, and keeps each choice the moment it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from pos_app.domain.errors import AmountInvalid, PosError
from pos_app.domain.held import HeldAhead
from pos_app.domain.money import Money
from pos_app.domain.staff import Cashier, Permission, Person, Role
from pos_app.shop import Finding, Shop
from pos_app.ui.run import Lane, Run
from pos_app.ui.settings.gateways.presenter import GatewaysDoor

PAPER_WIDTHS = ("58", "80")
PRINTERS = ("virtual", "network", "serial", "usb", "file", "spooler", "none")
NEEDS_ADDRESS = ("network", "serial", "usb", "file", "spooler")


@dataclass(frozen=True, slots=True)
class Values:
    """What is set: `printer` is one of PRINTERS, `printer_address` its host:port, port, id, path or name."""

    paper: str = "58"
    printer: str = "none"
    printer_address: str = ""
    offline: str = "on"
    offline_days: str = "2"
    offline_most: str = "100"
    offline_most_minor: str = "500000"
    offline_face_minor: str = "50000"
    offline_sale_codes: str = "5"
    offline_sale_minor: str = "100000"


# What may be kept for selling offline, smallest and largest; those of money in minor units.
OFFLINE_RANGES: Mapping[str, tuple[int, int]] = {
    "offline_days": (1, 7),
    "offline_most": (0, 1000),
    "offline_most_minor": (0, 100_000_000),
    "offline_face_minor": (0, 100_000_000),
    "offline_sale_codes": (1, 100),
    "offline_sale_minor": (0, 100_000_000),
}


@dataclass(frozen=True, slots=True)
class About:
    """What this till is: version, where its data lie, and to whom it belongs.

    `keys` is where its keys lie: keyring, folder (one was named), or file (this PC has no keyring that answers).
    """

    version: str = ""
    data: str = ""
    till_code: str = ""
    shop: str = ""
    platform: str = ""
    keys: str = ""


# Until the page comes up for the first time.
NOBODY = Cashier("", "", Role.CASHIER)


class SettingsDoor(GatewaysDoor, Protocol):
    """What the page needs of the settings, as plain text; all but `values` is called off the screen's thread."""

    def values(self) -> Mapping[str, str]:
        """What is set, under the names of `Values` (and others, which the page leaves alone)."""

    def keep(self, changes: Mapping[str, str]) -> None:
        """Keep these; the printer follows with the next paper. DiskTrouble when they cannot be written."""

    def test_print(self, word: str) -> None:
        """A slip that shows `word`; PaperTrouble with its cause."""

    def about(self) -> Mapping[str, str]:
        """What this till is, under the names of `About`."""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One moment of the page. `word` was printed on the test slip; `is_word_right` once someone read it back."""

    values: Values
    who: Cashier
    about: About | None = None
    people: tuple[Person, ...] = ()
    findings: tuple[Finding, ...] | None = None
    is_examining: bool = False
    is_printing: bool = False
    word: str = field(default="", repr=False)
    is_word_right: bool | None = None
    added: Person | None = None
    are_pins_different: bool = False
    trouble: PosError | None = None
    held: HeldAhead | None = None
    is_giving_back: bool = False
    given_back: int | None = None  # pieces that went back just now

    @property
    def may_change_till(self) -> bool:
        return self.who.may(Permission.CHANGE_SETTINGS)

    @property
    def may_add_people(self) -> bool:
        return self.who.role is Role.OWNER


class SettingsView(Protocol):
    def draw(self, page: SettingsPage) -> None:
        """Draw this moment of the page."""


class SettingsPresenter:
    """Language, look, paper, people, and what the till says of itself."""

    def __init__(
        self, shop: Shop, run: Run, view: SettingsView, who: Callable[[], Cashier], door: SettingsDoor
    ) -> None:
        self._shop, self._run, self._view, self._who, self._door = shop, run, view, who, door
        self.page = SettingsPage(Values(), NOBODY)

    def come_up(self) -> None:
        self.page = SettingsPage(self._values(), self._who())
        self._view.draw(self.page)
        self._run(Lane.STORE, self._about, lambda about: self._set(about=about), self._failed)
        self._read_people()
        self._read_held()

    def change(self, name: str, value: str) -> None:
        """Keep one choice at once. Not for cashiers: it decides whether the next customer gets a slip."""
        if getattr(self.page.values, name) == value:
            return
        if not self.page.may_change_till:
            return
        self._set(word="", is_word_right=None, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._door.keep({name: value}),
            lambda _: self._set(values=self._values()),
            self._not_kept,
        )

    def switch_offline(self, value: str) -> None:
        """On, or off: then everything that is held goes back at once."""
        self.change("offline", value)
        if value == "off" and self.page.may_change_till:
            self.give_back()

    def change_number(self, name: str, text: str) -> None:
        """A whole number, or for money an amount; AmountInvalid is said for what cannot be."""
        least, most = OFFLINE_RANGES[name]
        try:
            value = Money.read(text, self._shop.currency).minor if name.endswith("_minor") else int(text)
        except ValueError:
            value = -1
        if least <= value <= most:
            self.change(name, str(value))
        else:
            self._set(trouble=AmountInvalid(text=text))

    def give_back(self) -> None:
        """All that is held to be sold offline; what gets no answer goes back by itself later."""
        who = self._who()
        if self.page.is_giving_back:
            return
        self._set(is_giving_back=True, given_back=None, trouble=None)
        self._run(
            Lane.WIRE,
            lambda: self._shop.give_back_leases(who),
            lambda count: self._gave_back(count),
            self._not_given_back,
        )

    def test_print(self) -> None:
        """A slip with a word that only who holds the slip can know."""
        if self.page.is_printing:
            return
        # The clock decides, so that the word is a new one each time and nobody has to be asked for chance.
        word = f"{self._shop.today.now().microsecond * 7919 % 9000 + 1000}"
        self._set(is_printing=True, word="", is_word_right=None, trouble=None)
        self._run(
            Lane.PAPER,
            lambda: self._door.test_print(word),
            lambda _: self._set(is_printing=False, word=word),
            self._failed,
        )

    def read_back(self, text: str) -> None:
        """What the person read on the slip."""
        if self.page.word and text.strip():
            self._set(is_word_right=text.strip() == self.page.word)

    def examine(self) -> None:
        """Let the doctor look at the books."""
        if not self.page.is_examining:
            self._set(is_examining=True, trouble=None)
            self._run(Lane.STORE, self._shop.doctor, self._examined, self._failed)

    def add_person(self, name: str, role: Role, pin: str, again: str) -> None:
        if pin != again:
            self._set(are_pins_different=True, added=None, trouble=None)
            return
        who = self._who()
        self._set(are_pins_different=False, added=None, trouble=None)
        self._run(Lane.STORE, lambda: self._shop.add_person(who, name, role, pin), self._added, self._failed)

    def _values(self) -> Values:
        return Values(**_named(self._door.values(), Values))

    def _about(self) -> About:
        return About(**_named(self._door.about(), About))

    def _not_kept(self, error: PosError) -> None:
        """What is set is still what was kept before."""
        self._set_quietly(values=self._values())
        self._failed(error)

    def _gave_back(self, count: int) -> None:
        self._set(is_giving_back=False, given_back=count)
        self._read_held()

    def _not_given_back(self, error: PosError) -> None:
        self._failed(error)
        self._read_held()

    def _read_held(self) -> None:
        self._run(Lane.STORE, self._shop.look_up.held, lambda held: self._set(held=held), self._failed)

    def _added(self, person: Person) -> None:
        self._set(added=person)
        self._read_people()

    def _read_people(self) -> None:
        self._run(
            Lane.STORE, self._shop.look_up.people, lambda people: self._set(people=people), self._failed
        )

    def _examined(self, findings: tuple[Finding, ...]) -> None:
        self._set(findings=findings, is_examining=False)

    def _failed(self, error: PosError) -> None:
        self._set(trouble=error, is_printing=False, is_examining=False, is_giving_back=False)

    def _set_quietly(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]

    def _set(self, **changes: object) -> None:
        self._set_quietly(**changes)
        self._view.draw(self.page)


def _named(told: Mapping[str, str], kind: type[Values] | type[About]) -> dict[str, str]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in told.items() if name in names}
