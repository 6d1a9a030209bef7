"""The heartbeat tells the platform first and asks it second."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import Unreachable
from pos_app.ui.heartbeat import Heartbeat
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.till_day import RunNow, sold


@pytest.fixture
def fake() -> FakeShop:
    fake = make_fake_shop()
    sold(fake, 0)
    fake.platform.calls.clear()
    return fake


def beat(fake: FakeShop) -> list[str]:
    """One beat: the calls that it made, in their order."""
    heart = Heartbeat(fake.shop, RunNow())
    heart._beat()
    heart.stop()
    assert heart.beats == 1
    return [name for name, _ in fake.platform.calls]


def test_what_happened_goes_up_before_anything_comes_down(qapp: QApplication, fake: FakeShop) -> None:
    calls = beat(fake)
    assert calls[:2] == ["push_ledger", "acknowledge"]
    assert {"catalogue_page", "account"} <= set(calls[2:])


def test_nothing_comes_down_while_nothing_goes_up(qapp: QApplication, fake: FakeShop) -> None:
    fake.platform.fail_next("push_ledger", "before_effect", Unreachable("down"))
    assert beat(fake) == ["push_ledger"]
