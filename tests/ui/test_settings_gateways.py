"""The payment part of the settings: by keys alone, by clicks alone, and a test payment of 0.01."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import Unreachable
from pos_app.domain.gateway import Standing
from pos_app.ui.settings import make_page
from pos_app.ui.settings.gateways.view import GatewaysPanel
from pos_app.ui.settings.view import SettingsPageView
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_gateway import FakeGateway, FakeGateways
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.payments.counter import wire
from tests.ui.page_by_keys import ENTER, Around, PageByKeys
from tests.ui.test_settings_presenter import FakeDoor

Key = Qt.Key
CODE = "134567890123456789"


class Desk:
    def __init__(self, fake: FakeShop) -> None:
        self.gateway = FakeGateway(fake.clock, "shouqianba")
        fake.gateways = FakeGateways(self.gateway)
        fake.restarted()
        self.fake, self.door = fake, FakeDoor()
        self.around = Around(fake, fake.owner)
        page = make_page(fake.shop, self.around.run, self.around.wording, self.around.session, self.door)
        assert isinstance(page, SettingsPageView)
        self.keys = PageByKeys(page)
        self.page = page
        page.open_panel("payment")

    @property
    def panel(self) -> GatewaysPanel:
        return self.page.gateways

    def fill_in(self) -> dict[str, str]:
        """By keys, field after field, from what Shouqianba's sales hand out."""
        fields = dict(wire("shouqianba", FakeClock()).keys.fields)
        del fields["address"]  # theirs stands there already
        self.panel.row_of("shouqianba").open.click()
        for key, row in self.panel.form.rows.items():
            assert QApplication.focusWidget() is row.target
            if key != "address":
                self.keys.type(fields[key])
            self.keys.press(ENTER)
        return fields

    def later(self, seconds: int) -> None:
        self.fake.clock.advance(timedelta(seconds=seconds))
        self.panel.presenter.tick()


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk(make_fake_shop())
    yield made
    made.keys.close()


def test_one_is_filled_in_asked_tried_and_switched_on_by_keys(desk: Desk) -> None:
    fields = desk.fill_in()
    kept = dict(desk.door.pays.keys("shouqianba").read())
    assert kept == fields
    assert "Kept" in desk.panel.bar.sentence
    desk.keys.press(Key.Key_F5)
    assert desk.door.asked == ["shouqianba"]
    assert desk.panel.bar.sentence.startswith("Shouqianba knows this till")
    desk.panel.code.setFocus()
    desk.keys.type(CODE)
    desk.keys.press(ENTER)
    assert desk.panel.code.text() == ""
    desk.later(1)
    assert desk.panel.steps() == [
        "0.01 is asked for.", "0.01 was taken.", "It was given back. This gateway works."
    ]  # fmt: skip
    assert desk.gateway.kept_money() == 0
    desk.panel.row_of("shouqianba").switch.setFocus()
    desk.keys.press(Key.Key_Space)
    assert desk.door.pays.chosen() == ("shouqianba",)


def test_a_secret_that_is_kept_is_only_replaced(desk: Desk) -> None:
    desk.fill_in()
    row = desk.panel.form.rows["vendor_key"]
    assert row.line is not None
    assert not row.line.isVisible()
    assert row.line.text() == ""
    assert "vendor_key" not in desk.panel.form.changes()
    row.target.click()  # type: ignore[attr-defined]
    desk.keys.type("a new one")
    desk.keys.press(Key.Key_F9)
    assert desk.door.pays.keys("shouqianba").read()["vendor_key"] == "a new one"
    again = desk.panel.form.rows["vendor_key"]
    assert again.line is not None
    assert again.line.text() == ""


def test_a_missing_field_gets_one_sentence_and_the_focus(desk: Desk) -> None:
    desk.panel.row_of("shouqianba").open.click()
    desk.keys.press(Key.Key_F9)
    assert desk.panel.bar.sentence == "Nothing was kept: Vendor number (vendor_sn) is missing or no good."
    assert QApplication.focusWidget() is desk.panel.form.rows["vendor_sn"].line
    assert not desk.panel.row_of("shouqianba").switch.isEnabled()


def test_only_the_fields_of_the_chosen_way_are_asked_for(desk: Desk) -> None:
    desk.panel.row_of("alipay").open.click()
    rows = desk.panel.form.rows
    assert rows["alipay_public_key"].isVisible()
    assert rows["alipay_public_key"]._name.text() == "Alipay's public key"
    assert rows["store_id"]._name.text() == "Store number (if there is one)"
    assert not rows["app_certificate"].isVisible()
    assert rows["mode"].choices is not None
    rows["mode"].choices.button("certificate").click()
    assert not rows["alipay_public_key"].isVisible()
    assert rows["app_certificate"].isVisible()


def test_a_key_is_taken_from_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.panel.row_of("alipay").open.click()
    row = desk.panel.form.rows["private_key"]
    (tmp_path / "key.pem").write_text("-----BEGIN", encoding="utf-8")
    row.take_file(tmp_path / "key.pem")
    row.take_file(tmp_path / "nothing.pem")
    assert desk.panel.form.changes() == {"private_key": "-----BEGIN"}


def test_the_order_is_changed_by_clicks(desk: Desk) -> None:
    for name in ("wechat", "alipay"):
        desk.door.keep_gateway(name, wire(name, FakeClock()).keys.fields)
    desk.page.shown()
    desk.panel.row_of("wechat").switch.click()
    desk.panel.row_of("alipay").switch.click()
    assert desk.door.pays.chosen() == ("wechat", "alipay")
    desk.panel.row_of("alipay").up.click()
    assert desk.door.pays.chosen() == ("alipay", "wechat")
    desk.panel.row_of("alipay").switch.click()
    assert desk.door.pays.chosen() == ("wechat",)


def test_a_gateway_that_does_not_answer_is_said_to_be_away(desk: Desk) -> None:
    desk.fill_in()
    desk.door.trouble = Unreachable("timeout")
    desk.keys.press(Key.Key_F5)
    assert desk.panel.bar.sentence
    assert desk.panel.check.isEnabled()


def test_a_password_that_is_not_typed_is_undone_in_words(desk: Desk) -> None:
    desk.fill_in()
    desk.gateway.next_course = Standing.WAITING
    desk.panel.presenter.scanned(CODE)
    assert desk.panel.steps()[1] == "The customer types the password"
    assert not desk.panel.code.isEnabled()
    for _ in range(80):
        desk.later(1)
    assert desk.panel.presenter.page.trial is not None
    assert desk.panel.presenter.page.trial.state is AttemptState.REVERSED
    assert "try once more" in desk.panel.steps()[-1]
    assert desk.panel.code.isEnabled()


def test_what_is_no_payment_code_charges_nothing(desk: Desk) -> None:
    desk.fill_in()
    desk.panel.presenter.scanned("6900000000001")
    assert desk.gateway.calls == []
    assert desk.panel.bar.sentence.startswith("That is no payment code")


def test_whoever_comes_back_sees_the_payment_that_went_on(desk: Desk) -> None:
    desk.fill_in()
    desk.gateway.next_course = Standing.WAITING
    desk.panel.presenter.scanned(CODE)
    desk.page.shown()
    assert desk.panel.steps()[1] == "The customer types the password"


def test_a_cashier_sees_nothing_of_it(desk: Desk) -> None:
    desk.around.session.cashier = desk.fake.cashier
    desk.page.shown()
    assert not desk.panel._all.isVisible()
    desk.panel.presenter.open("shouqianba")
    desk.panel.presenter.keep({"vendor_sn": "1"})
    assert dict(desk.door.pays.keys("shouqianba").read()) == {}


def test_a_clock_that_is_off_is_said(desk: Desk) -> None:
    desk.fill_in()
    lane = desk.door.pays.gateways()
    made = lane.named("shouqianba")
    made._terminal.skew_s = 600  # type: ignore[attr-defined]
    desk.page.shown()
    assert "10 min" in desk.panel._clock.sentence
