"""A till that holds an old copy of its books: one page, one thing to do, and then who sells signs in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import EnrolmentCodeWrong, Unreachable
from pos_app.ui.locked import make_page
from pos_app.ui.locked.view import LockedPage
from tests.fakes.till_platform import ENROLMENT_CODE
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import lock
from tests.ui.page_by_keys import ENTER, Around, PageByKeys
from tests.ui.window import OpenWindow


@pytest.fixture
def fake() -> FakeShop:
    fake = make_fake_shop()
    lock(fake)
    fake.platform.enrolment = replace(fake.platform.enrolment, epoch=2)
    return fake


@pytest.fixture
def keys(qapp: QApplication, fake: FakeShop) -> Iterator[PageByKeys[LockedPage]]:
    around = Around(fake, fake.cashier)
    made = PageByKeys(make_page(fake.shop, around.run, around.wording, lambda: begun.append(True)))
    begun.clear()
    yield made
    made.close()


begun: list[bool] = []


def test_a_code_and_one_key_begin_anew(keys: PageByKeys[LockedPage], fake: FakeShop) -> None:
    keys.type("wrong")
    keys.press(ENTER)
    assert isinstance(keys.page.presenter.state.trouble, EnrolmentCodeWrong)
    assert keys.page.said.sentence
    assert (begun, fake.shop.look_up.is_locked()) == ([], True)
    keys.page.code.setText(ENROLMENT_CODE)
    keys.press(ENTER)
    assert (begun, fake.shop.look_up.is_locked()) == ([True], False)
    assert fake.shop.look_up.enrolment().epoch == 2


def test_without_the_platform_it_stays_locked_in_words(keys: PageByKeys[LockedPage], fake: FakeShop) -> None:
    fake.platform.fail_next("enrol", "before_effect", Unreachable("down"))
    keys.type(ENROLMENT_CODE)
    keys.press(ENTER)
    assert keys.page.said.sentence
    assert fake.shop.look_up.is_locked()
    assert keys.page.begin.isEnabled()


def test_the_window_goes_there_when_the_platform_knows_more(qapp: QApplication) -> None:
    fake = make_fake_shop()
    window = OpenWindow(fake)
    window.settle()
    assert window.window.present is not window.window.page("locked")
    lock(fake)
    assert window.window.heartbeat is not None
    assert window.window.heartbeat is not None
    window.window.heartbeat._beat()
    window.settle()
    assert window.window.present is window.window.page("locked")
    assert window.window.session.cashier is None
    window.close()


def test_the_window_opens_on_it_and_goes_on_to_who_sells(qapp: QApplication, fake: FakeShop) -> None:
    window = OpenWindow(fake)
    window.settle()
    page = window.window.page("locked")
    assert window.window.present is page
    assert isinstance(page, LockedPage)
    page.presenter.begin(ENROLMENT_CODE)
    window.settle()
    assert window.window.present is window.window.page("sign_in")
    window.close()
