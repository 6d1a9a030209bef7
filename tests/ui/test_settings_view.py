"""The settings by keys alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.ui.settings import make_page
from pos_app.ui.settings.view import SettingsPageView
from pos_app.ui.theme import Look
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.page_by_keys import ENTER, Around, PageByKeys
from tests.ui.test_settings_presenter import FakeDoor

Key = Qt.Key


class Desk:
    def __init__(self, fake: FakeShop) -> None:
        self.fake, self.door = fake, FakeDoor()
        self.around = Around(fake, fake.owner)
        self.chosen: list[object] = []
        self.around.session.choose_language = self.chosen.append
        self.around.session.choose_look = self.chosen.append
        page = make_page(fake.shop, self.around.run, self.around.wording, self.around.session, self.door)
        assert isinstance(page, SettingsPageView)
        self.keys = PageByKeys(page)
        self.page = page


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk(make_fake_shop())
    yield made
    made.keys.close()


def test_language_and_look_change_at_once(desk: Desk) -> None:
    desk.page.look.languages.button("zh").click()
    desk.page.look.looks.button("dark").click()
    assert desk.chosen == ["zh", Look.DARK]


def test_the_panels_are_reached_by_tab_and_space(desk: Desk) -> None:
    assert QApplication.focusWidget() is desk.page.tabs.button("look")
    desk.keys.press(Key.Key_Right, Key.Key_Space)
    assert desk.page._stack.currentWidget() is desk.page._parts["printer"]


def test_a_network_printer_is_set_up_and_proved(desk: Desk) -> None:
    desk.page.open_panel("printer")
    desk.page.printer.kinds.button("network").click()
    assert desk.page.printer.address.isVisible()
    desk.page.printer.address.setFocus()
    desk.page.printer.address.selectAll()
    desk.keys.type("192.168.1.50:9100")
    desk.keys.press(ENTER)
    desk.page.printer.widths.button("58").click()
    assert (desk.door.kept.printer, desk.door.kept.printer_address) == ("network", "192.168.1.50:9100")
    assert desk.door.kept.paper == "58"
    desk.keys.press(Key.Key_F5)
    desk.keys.type(desk.door.words[0])
    desk.keys.press(ENTER)
    assert desk.page.printer._verdict.text() == "Right. The printer works."


def test_a_cashier_may_only_print_a_test_slip(desk: Desk) -> None:
    desk.around.session.cashier = desk.fake.cashier
    desk.page.shown()
    desk.page.open_panel("printer")
    desk.page.printer.kinds.button("none").click()
    assert desk.door.kept.printer == "virtual"
    desk.keys.press(Key.Key_F5)
    assert len(desk.door.words) == 1


def test_the_owner_adds_someone_by_keys(desk: Desk) -> None:
    desk.page.open_panel("people")
    desk.page.people.name.setFocus()
    desk.keys.type("Li Na")
    desk.keys.press(ENTER)
    desk.keys.type("482915")
    desk.keys.press(ENTER)
    desk.keys.type("482915")
    desk.keys.press(ENTER)
    assert desk.page.people._tell.text() == "Li Na may sign in from now on."
    assert [row[0] for row in desk.page.people.table.texts()].count("Li Na") == 1
    assert desk.page.people.pin.text() == desk.page.people.again.text() == ""


def test_the_doctor_speaks_in_words(desk: Desk) -> None:
    desk.page.open_panel("about")
    desk.keys.press(Key.Key_F5)
    assert "The ledger is unbroken" in desk.page.about.findings()
    desk.fake.inspector.troubles = ["page 7 is torn"]
    desk.keys.press(Key.Key_F5)
    assert "The till's file is sound: page 7 is torn" in desk.page.about.findings()
