"""What the window says and shuts when something is wrong with the till's files, and a backup put back through it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from pos_app.domain.backup import Backup, BackupKind
from pos_app.domain.errors import DatabaseDamaged, DiskTrouble, KeysMissing, NoSuchBackup, PosError
from pos_app.domain.money import Money
from pos_app.domain.shift import CashCount
from pos_app.shop import Shop
from pos_app.ui import files_beat
from pos_app.ui.files_bar import FilesBar
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import basket
from tests.ui.screen_goods import many_products
from tests.ui.window import OpenWindow

BROKEN = DiskTrouble(path="books.db", cause="broken")


@pytest.fixture
def fake(qapp: QApplication) -> FakeShop:
    return make_fake_shop(many_products(), stock=100)


@pytest.fixture
def opened(fake: FakeShop) -> Iterator[OpenWindow]:
    made = OpenWindow(fake)
    made.sign_in("owner")
    yield made
    made.close()


def bar_of(opened: OpenWindow) -> FilesBar:
    (found,) = opened.window.findChildren(FilesBar)
    return found


def look(opened: OpenWindow) -> None:
    """The next beat, now."""
    beat = opened.window._files_beat
    assert beat is not None
    beat._timer.stop()
    beat._look()
    opened.settle()


def test_nothing_is_said_while_all_is_well(opened: OpenWindow) -> None:
    assert not bar_of(opened).isVisible()
    assert opened.page.isEnabled()


def test_little_room_is_said_and_selling_goes_on(opened: OpenWindow, fake: FakeShop) -> None:
    fake.files.disk.room = 700_000_000
    look(opened)
    assert "Only 700 MB are left" in bar_of(opened).sentence
    assert opened.page.isEnabled()
    fake.files.disk.room = 150_000_000
    look(opened)
    assert "150 MB left" in bar_of(opened).sentence
    assert opened.page.isEnabled()
    fake.files.disk.room = 50_000_000_000
    look(opened)
    assert not bar_of(opened).isVisible()


def test_trouble_shuts_the_selling_at_once_and_past_sales_are_read(
    opened: OpenWindow, fake: FakeShop
) -> None:
    """Nobody waits for the next beat: whoever met the trouble makes the window look."""

    fake.files.books.broken = fake.till.trouble = BROKEN
    opened.window.jobs(_store(), lambda: fake.shop.reserve(fake.owner, basket(fake)), _no, _no)
    opened.until(lambda: bar_of(opened).isVisible())
    assert "The disk failed" in bar_of(opened).sentence
    assert not opened.page.isEnabled()
    opened.window.go_to("sales", None)
    opened.settle()
    assert opened.window.present.isEnabled()
    opened.window.choose_language("zh")
    opened.settle()
    assert "\u78c1\u76d8\u51fa\u9519" in bar_of(opened).sentence
    opened.window.choose_language("en")


def _store() -> Any:
    from pos_app.ui.run import Lane

    return Lane.STORE


def _no(_: object) -> None:
    """Whoever asked says it in his own place."""


def test_selling_waits_until_the_books_were_looked_over(fake: FakeShop) -> None:
    gate = threading.Event()
    real = fake.inspector.recent_trouble
    fake.inspector.recent_trouble = lambda: (gate.wait(20), real())[1]  # type: ignore[method-assign]
    opened = OpenWindow.__new__(OpenWindow)
    settle = OpenWindow.settle
    OpenWindow.settle = lambda self: self.application.processEvents()  # type: ignore[method-assign]
    try:
        opened.__init__(fake)  # type: ignore[misc]
        opened.until(lambda: opened.window.shop is not None)
        assert "being looked over" in bar_of(opened).sentence
        assert not opened.page.isEnabled()
    finally:
        gate.set()
        OpenWindow.settle = settle  # type: ignore[method-assign]
    opened.settle()
    assert opened.page.isEnabled()
    assert not bar_of(opened).isVisible()
    opened.close()


@pytest.mark.parametrize("when", ["before", "behind"])
def test_what_the_look_finds_shuts_the_selling(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(files_beat, "FIRST_WHOLE_MS", 1)
    (fake.inspector.recent if when == "before" else fake.inspector.troubles).append("entry 3 is broken")
    opened = OpenWindow(fake)
    opened.until(lambda: "damaged" in bar_of(opened).sentence)
    assert not opened.page.isEnabled()
    opened.close()
    assert fake.files.books.hurried == 1


def test_a_closed_shift_gets_its_backup_by_itself(opened: OpenWindow, fake: FakeShop) -> None:
    fake.shop.close_shift(fake.owner, CashCount((), Money(10_000)))
    look(opened)
    (made,) = fake.files.backups.all()
    assert made.kind is BackupKind.CLOSING
    assert not bar_of(opened).isVisible()


def test_a_backup_that_cannot_be_made_is_said_and_tried_again(
    opened: OpenWindow, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.shop.close_shift(fake.owner, CashCount((), Money(10_000)))
    fake.files.backups.fail = DiskTrouble(path="backups", cause="full")
    look(opened)
    assert "no backup yet" in bar_of(opened).sentence
    assert opened.page.isEnabled()
    fake.files.backups.fail = None
    look(opened)
    assert not fake.files.backups.all()  # not at every beat
    monkeypatch.setattr(files_beat, "AFTER_A_FAILURE_MS", -1)
    look(opened)
    assert len(fake.files.backups.all()) == 1
    look(opened)
    assert not bar_of(opened).isVisible()


# --- backups put back ---


@dataclass
class FakeDoor:
    """Backups while the books are closed; `fail` is met by the next one that is put back."""

    found: tuple[Backup, ...]
    after: Callable[[], None]
    done: list[str] = field(default_factory=list)
    fail: PosError | None = None

    def backups(self) -> tuple[Backup, ...]:
        return self.found

    def put_back(self, name: str) -> Path:
        failure, self.fail = self.fail, None
        if failure is not None:
            raise failure
        self.done.append(name)
        self.after()
        return Path("aside")


def test_damaged_books_offer_the_newest_backup_and_open_with_it(fake: FakeShop) -> None:
    now = fake.clock.now()
    found = tuple(
        Backup(f"closing-{n}.db", BackupKind.CLOSING, now, 5_000_000, f"T1-00000{n}") for n in (2, 1)
    )
    troubles: list[PosError] = [DatabaseDamaged(path="books.db", found="torn")]

    def open_shop() -> Shop:
        if troubles:
            raise troubles[0]
        return fake.shop

    door = FakeDoor(found, troubles.clear, fail=NoSuchBackup(name="gone"))
    opened = OpenWindow(fake, open_shop=open_shop, backups=door)
    first = opened.window._first
    assert first.table is not None
    assert [row[2] for row in first.table.texts()] == ["T1-000002", "T1-000001"]
    assert "set aside" in first.sentence
    first._put_back.click()
    opened.settle()
    assert "There is no backup gone" in first.sentence
    assert opened.window.shop is None
    first._put_back.click()
    opened.settle()
    assert door.done == ["closing-2.db"]
    assert opened.window.shop is fake.shop
    opened.close()


def test_other_trouble_offers_no_backup(fake: FakeShop) -> None:
    def open_shop() -> Shop:
        raise KeysMissing(path="books.db")

    opened = OpenWindow(fake, open_shop=open_shop, backups=FakeDoor((), lambda: None))
    assert opened.window._first.table is None
    assert not opened.window._first._put_back.isVisible()
    opened.close()


def test_the_owner_makes_one_and_puts_one_back(fake: FakeShop) -> None:
    from tests.ui.test_settings_presenter import FakeDoor as SettingsDoor

    door = FakeDoor((), lambda: None)
    opened = OpenWindow(fake, door=SettingsDoor(), backups=door)
    opened.sign_in("owner")
    opened.window.go_to("settings", None)
    opened.settle()
    page: Any = opened.window.present
    page.open_panel("backups")
    assert not page.backups.put_back.isEnabled()
    assert "none yet" in page.backups.said
    page.backups.copy.click()
    opened.settle()
    assert page.backups.said == "The backup is made and was looked over."
    (made,) = fake.files.backups.all()
    page.backups.put_back.click()
    opened.settle()
    assert "set aside" in page.backups.said
    assert opened.window.to_put_back == ""
    page.backups.put_back.click()
    opened.settle()
    assert opened.window.to_put_back == made.name
    assert not opened.window.isVisible()
    opened.close()
    anew = OpenWindow(fake, backups=door)
    anew.window.shop = None
    anew.window.put_back(made.name)
    anew.until(lambda: door.done == [made.name])
    anew.close()


@pytest.mark.parametrize(("role", "may_copy"), [("cashier", False), ("supervisor", True)])
def test_nobody_else_puts_one_back(fake: FakeShop, role: str, may_copy: bool) -> None:
    from tests.ui.test_settings_presenter import FakeDoor as SettingsDoor

    fake.shop.back_up()
    opened = OpenWindow(fake, door=SettingsDoor())
    opened.sign_in(role)
    opened.window.go_to("settings", None)
    opened.settle()
    page: Any = opened.window.present
    page.open_panel("backups")
    assert page.backups.copy.isVisible() is may_copy
    assert not page.backups.put_back.isVisible()
    page.backups.presenter.ask(fake.shop.back_up.all()[0])
    page.backups.presenter.ask(fake.shop.back_up.all()[0])
    assert opened.window.to_put_back == ""
    opened.close()
