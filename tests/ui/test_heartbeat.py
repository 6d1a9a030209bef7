"""The heartbeat asks whether these books are the latest, tells the platform, and only then asks it for news."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.ledger import AnchorMark
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
    assert calls[:3] == ["ledger_copy", "push_ledger", "acknowledge"]
    assert {"catalogue_page", "account"} <= set(calls[3:])


def test_nothing_comes_down_while_nothing_goes_up(qapp: QApplication, fake: FakeShop) -> None:
    fake.platform.fail_next("push_ledger", "before_effect", Unreachable("down"))
    assert beat(fake) == ["ledger_copy", "push_ledger"]


def test_whether_the_books_are_the_latest_is_asked_at_start_and_when_the_line_is_back(
    qapp: QApplication, fake: FakeShop
) -> None:
    heart = Heartbeat(fake.shop, RunNow())
    asked = []
    fake.platform.fail_next("ledger_copy", "before_effect", Rejected("REVOKED", "none", {}))
    for is_down in (True, False, False, False, True, False, False):
        fake.platform.is_down = is_down
        fake.platform.calls.clear()
        heart._beat()
        asked.append(("ledger_copy", None) in fake.platform.calls)
    heart.stop()
    # Not answered; refused, so once more; known from then on; a beat that finds the line down; and it is back.
    assert asked == [True, True, True, False, False, True, False]


def test_an_old_copy_is_told_to_the_window(qapp: QApplication, fake: FakeShop) -> None:
    with fake.till.open_books() as books:
        books.till.keep_rolled_back(AnchorMark(1, 99))
        books.commit()
    heart, told = Heartbeat(fake.shop, RunNow()), []
    heart.locked.connect(lambda: told.append("locked"))
    heart._beat()
    heart.stop()
    assert told == ["locked"]
