"""The owner's page by keys alone, and its two files read back."""

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from pos_app.domain.staff import Cashier
from pos_app.store.exporter import FileExporter
from pos_app.ui.day import make_page
from pos_app.ui.day.presenter import Table
from pos_app.ui.day.view import DayPageView
from tests.fakes.till_shop import PINS, FakeShop, make_fake_shop
from tests.ui.page_by_keys import ENTER, ESC, Around, PageByKeys
from tests.ui.till_day import sold

Key = Qt.Key
Open = Callable[[Cashier], PageByKeys[DayPageView]]
WORDS = Path(__file__).parent.parent.parent / "resources" / "words"


@pytest.fixture
def fake() -> FakeShop:
    made = make_fake_shop()
    made.exporter = FileExporter(WORDS)  # type: ignore[assignment]  # the real one stands in for the fake
    made.restarted()
    return made


@pytest.fixture
def open_page(qapp: QApplication, fake: FakeShop) -> Iterator[Open]:
    opened: list[PageByKeys[DayPageView]] = []

    def open_as(who: Cashier) -> PageByKeys[DayPageView]:
        around = Around(fake, who)
        page = make_page(fake.shop, around.run, around.wording, around.session)
        assert isinstance(page, DayPageView)
        opened.append(PageByKeys(page))
        return opened[-1]

    yield open_as
    for each in opened:
        each.close()


def test_four_figures_speak_of_the_same_day_last_week(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    fake.clock.advance(timedelta(days=7))
    sold(fake, 0)
    sold(fake, 1)
    keys = open_page(fake.owner)
    assert keys.page.title.text() == "Sunday 29 November"
    assert keys.page.figures[0].text() == "Takings \u00a5200.00 last Sunday in all: \u00a5100.00"
    fake.clock.advance(timedelta(days=1))
    keys.page.shown()
    assert keys.page.figures[1].text() == "Number of sales 0 none last Monday"
    keys.press(Key.Key_Left)
    assert keys.page.figures[0].text() == "Takings \u00a5200.00 100 % above last Sunday"
    keys.press(Key.Key_Home)
    assert keys.page.title.text() == "Monday 30 November"


def test_a_cashier_is_refused_until_the_owner_types_a_pin(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0)
    keys = open_page(fake.cashier)
    assert keys.page._stack.currentWidget() is keys.page._locked
    keys.press(Key.Key_Left, Key.Key_F9)
    keys.type("123456")
    keys.press(ENTER)
    assert "PIN is not right" in keys.page.bar.sentence
    assert keys.page.presenter.page.report is None
    keys.type(PINS["owner"])
    keys.press(ENTER)
    assert keys.page.presenter.page.report is not None
    keys.window.hide()
    assert keys.page.presenter.page.report is None


def test_a_table_opens_in_full_by_its_digit(open_page: Open, fake: FakeShop) -> None:
    sold(fake, 0, 1)
    keys = open_page(fake.owner)
    assert len(keys.page.tables[Table.PRODUCTS].rows.texts()) == 2
    keys.press(Key.Key_1)
    assert keys.page.full.rows.texts()[0] == ["Steam 100 no 1", "1", "100.00", "5.00"]
    keys.press(ESC, Key.Key_2)
    assert keys.page.full.rows.texts() == [["Cash", "1", "200.00", "10.00"]]
    keys.press(ESC, Key.Key_PageDown)
    assert keys.page.presenter.page.full is None


def test_one_key_saves_both_files_and_they_agree(
    open_page: Open, fake: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(fake, 0, 1)
    sold(fake, 2)
    proposed: list[str] = []

    def choose(parent: object, title: str, path: str, kinds: str) -> tuple[str, str]:
        proposed.append(path)
        return str(tmp_path / "november"), kinds

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    keys = open_page(fake.owner)
    keys.press(Key.Key_F9)
    assert proposed[0].endswith("sales-2026-11-22.xlsx")
    book, text = tmp_path / "november.xlsx", tmp_path / "november.csv"
    assert str(book) in keys.page.bar.sentence
    assert str(text) in keys.page.bar.sentence
    cells = [cell for sheet in openpyxl.load_workbook(book) for line in sheet.values for cell in line]
    assert any(isinstance(cell, int | float) and cell == 250 for cell in cells)
    with text.open(encoding="utf-8-sig", newline="") as file:
        assert any("250.00" in line for line in csv.reader(file))
    keys.press(Key.Key_F9)
    assert Path(proposed[1]).parent == tmp_path


def test_a_file_that_is_not_chosen_is_not_written(
    open_page: Open, fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(fake, 0)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    keys = open_page(fake.owner)
    keys.press(Key.Key_F9)
    assert keys.page.bar.sentence == ""
