"""Settings: kept at once, guarded where a cashier could stop the next slip, and people added by the owner."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import pytest

from pos_app.domain.errors import DiskTrouble, NotAllowed, PaperTrouble, PinTooWeak
from pos_app.domain.staff import Cashier, Role
from pos_app.ui.settings.presenter import About, SettingsPage, SettingsPresenter, Values
from tests.fakes.till_gateway_door import GatewaysDoorInMemory
from tests.fakes.till_shop import make_fake_shop
from tests.ui.till_day import RunNow


@dataclass
class FakeDoor(GatewaysDoorInMemory):
    """Settings in memory, and a printer that remembers the word."""

    kept: Values = field(default_factory=lambda: Values("80", "virtual", ""))
    words: list[str] = field(default_factory=list)
    paper: PaperTrouble | None = None
    disk: DiskTrouble | None = None

    def values(self) -> Mapping[str, str]:
        return {"language": "en", **asdict(self.kept)}

    def keep(self, changes: Mapping[str, str]) -> None:
        if self.disk is not None:
            raise self.disk
        self.kept = replace(self.kept, **changes)

    def test_print(self, word: str) -> None:
        if self.paper is not None:
            raise self.paper
        self.words.append(word)

    def about(self) -> Mapping[str, str]:
        return asdict(About("0.1.0", "data", "T1", "Test shop", "http://127.0.0.1:1", "keyring"))


class Desk:
    def __init__(self) -> None:
        self.fake = make_fake_shop()
        self.who: Cashier = self.fake.owner
        self.door = FakeDoor()
        self.pages: list[SettingsPage] = []
        self.presenter = SettingsPresenter(self.fake.shop, RunNow(), self, lambda: self.who, self.door)
        self.presenter.come_up()

    def draw(self, page: SettingsPage) -> None:
        self.pages.append(page)

    @property
    def page(self) -> SettingsPage:
        return self.presenter.page


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_choice_is_kept_at_once(desk: Desk) -> None:
    desk.presenter.change("paper", "58")
    assert desk.door.kept == Values("58", "virtual", "")
    assert desk.page.values == desk.door.kept
    drawn = len(desk.pages)
    desk.presenter.change("paper", "58")
    assert len(desk.pages) == drawn


def test_a_cashier_does_not_change_the_printer(desk: Desk) -> None:
    desk.who = desk.fake.cashier
    desk.presenter.come_up()
    desk.presenter.change("printer", "none")
    assert desk.door.kept == Values("80", "virtual", "")


def test_a_choice_that_the_disk_refuses_is_not_shown_as_kept(desk: Desk) -> None:
    desk.door.disk = DiskTrouble(path="settings.json", cause="full")
    desk.presenter.change("printer", "none")
    assert desk.page.trouble is desk.door.disk
    assert desk.page.values.printer == "virtual"


def test_the_test_slip_is_read_back(desk: Desk) -> None:
    desk.presenter.test_print()
    assert desk.door.words == [desk.page.word]
    assert f"'{desk.page.word}'" not in repr(desk.page)
    desk.presenter.read_back("")
    assert desk.page.is_word_right is None
    desk.presenter.read_back("nonsense")
    assert desk.page.is_word_right is False
    desk.presenter.read_back(f" {desk.page.word} ")
    assert desk.page.is_word_right is True


def test_a_printer_that_fails_says_why_and_asks_nothing(desk: Desk) -> None:
    desk.door.paper = PaperTrouble("not_found", "usb", sent=False)
    desk.presenter.test_print()
    assert desk.page.trouble is desk.door.paper
    assert desk.page.word == ""
    assert not desk.page.is_printing


def test_the_doctor_tells_what_it_found(desk: Desk) -> None:
    assert desk.page.findings is None
    desk.presenter.examine()
    assert desk.page.findings is not None
    assert all(finding.holds for finding in desk.page.findings)
    assert not desk.page.is_examining


def test_the_owner_adds_a_person(desk: Desk) -> None:
    desk.presenter.add_person("Li Na", Role.CASHIER, "482915", "482951")
    assert desk.page.are_pins_different
    desk.presenter.add_person("Li Na", Role.CASHIER, "123456", "123456")
    assert isinstance(desk.page.trouble, PinTooWeak)
    desk.presenter.add_person("Li Na", Role.CASHIER, "482915", "482915")
    assert desk.page.added is not None
    assert "Li Na" in [person.name for person in desk.page.people]


def test_a_supervisor_adds_nobody(desk: Desk) -> None:
    desk.who = desk.fake.supervisor
    desk.presenter.come_up()
    assert not desk.page.may_add_people
    desk.presenter.add_person("Li Na", Role.CASHIER, "482915", "482915")
    assert isinstance(desk.page.trouble, NotAllowed)


def test_about_says_what_the_till_is(desk: Desk) -> None:
    assert desk.page.about is not None
    assert desk.page.about.till_code == "T1"
