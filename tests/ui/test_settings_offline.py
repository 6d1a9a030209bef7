"""The settings of selling offline: on and off, how much, and what is held."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import AmountInvalid
from tests.flows.leasing import held, pull
from tests.ui.page_by_keys import ENTER
from tests.ui.test_settings_presenter import Desk
from tests.ui.test_settings_view import Desk as ViewDesk


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    pull(desk.fake)
    desk.presenter._shop = desk.fake.shop  # it was opened anew
    desk.presenter.come_up()
    return desk


def test_what_is_held_is_told(desk: Desk) -> None:
    assert desk.page.held is not None
    assert desk.page.held.count == 3


def test_switched_off_all_of_it_goes_back(desk: Desk) -> None:
    desk.presenter.switch_offline("off")
    assert (desk.door.kept.offline, desk.page.given_back) == ("off", 3)
    assert held(desk.fake) == []
    assert desk.page.held is not None
    assert desk.page.held.count == 0
    desk.presenter.switch_offline("on")
    assert desk.door.kept.offline == "on"


def test_without_the_line_it_goes_back_later(desk: Desk) -> None:
    desk.fake.platform.is_down = True
    desk.presenter.switch_offline("off")
    assert (desk.door.kept.offline, held(desk.fake)) == ("off", [])
    assert desk.page.trouble is not None
    assert not desk.page.is_giving_back


def test_a_cashier_changes_nothing(desk: Desk) -> None:
    desk.who = desk.fake.cashier
    desk.presenter.come_up()
    desk.presenter.switch_offline("off")
    desk.presenter.change_number("offline_most", "1")
    assert (desk.door.kept.offline, desk.door.kept.offline_most) == ("on", "100")
    assert len(held(desk.fake)) == 3


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("offline_most", "30", "30"),
        ("offline_most_minor", "1200.50", "120050"),
        ("offline_sale_codes", "1", "1"),
        ("offline_days", "7", "7"),
    ],
)
def test_numbers_are_kept_as_they_are_meant(desk: Desk, name: str, text: str, kept: str) -> None:
    desk.presenter.change_number(name, text)
    assert getattr(desk.door.kept, name) == kept
    assert desk.page.trouble is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("offline_most", "1001"),
        ("offline_most", "x"),
        ("offline_sale_codes", "0"),
        ("offline_most_minor", "-1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(desk: Desk, name: str, text: str) -> None:
    before = desk.door.kept
    desk.presenter.change_number(name, text)
    assert desk.door.kept == before
    assert isinstance(desk.page.trouble, AmountInvalid)


def test_by_keys(qapp: QApplication) -> None:
    from tests.fakes.till_shop import make_fake_shop

    made = ViewDesk(make_fake_shop())
    made.page.open_panel("offline")
    panel = made.page.offline
    field = panel.fields["offline_most_minor"]
    assert field.text() == "5000.00"
    field.setFocus()
    field.selectAll()
    made.keys.type("300")
    made.keys.press(ENTER)
    assert made.door.kept.offline_most_minor == "30000"
    panel.days.button("3").click()
    assert made.door.kept.offline_days == "3"
    panel.switch.button("off").click()
    assert made.door.kept.offline == "off"
    assert not field.isEnabled()
    assert panel.held.text().startswith("Nothing")
    made.keys.close()
