"""The owner's page: any day, for the owner or with the owner's PIN, and both files."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import DiskTrouble, NotAllowed, WrongPin
from pos_app.domain.money import Money
from pos_app.domain.report import DayReport
from pos_app.domain.staff import Cashier
from pos_app.ui.day.presenter import DayPage, DayPresenter, Table
from tests.fakes.till_shop import PINS, make_fake_shop
from tests.ui.till_day import RunNow, sold


class Desk:
    def __init__(self) -> None:
        self.fake = make_fake_shop()
        self.who: Cashier = self.fake.owner
        self.pages: list[DayPage] = []
        self.presenter = DayPresenter(self.fake.shop, RunNow(), self, lambda: self.who)

    def draw(self, page: DayPage) -> None:
        self.pages.append(page)

    @property
    def page(self) -> DayPage:
        return self.presenter.page


@dataclass
class FullDisk:
    """An exporter on a disk that is full."""

    written: list[tuple[DayReport, Path, str]] = field(default_factory=list)

    def write_day(self, report: DayReport, path: Path, language: str) -> None:
        raise DiskTrouble(path=str(path), cause="full")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_owner_sees_today_at_once(desk: Desk) -> None:
    sold(desk.fake, 0)
    sold(desk.fake, 1)
    desk.presenter.come_up()
    assert desk.page.report is not None
    assert desk.page.report.figures.takings == Money(20_000)
    assert not desk.page.is_locked
    assert [share.number for share in desk.page.rows(Table.CASHIERS)] == [2]
    assert len(desk.page.rows(Table.PRODUCTS)) == 2
    assert len(desk.page.rows(Table.TENDERS)) == 1


def test_a_cashier_sees_nothing_until_the_owner_says_so(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.who = desk.fake.cashier
    desk.presenter.come_up()
    assert desk.page.is_locked
    assert desk.page.report is None
    assert [person.id for person in desk.page.people] == ["person-owner"]
    desk.presenter.move(-1)
    desk.presenter.refresh()
    desk.presenter.export(Path("x.xlsx"), "en")
    assert desk.page.rows(Table.PRODUCTS) == ()
    desk.presenter.unlock("person-owner", "000000")
    assert isinstance(desk.page.trouble, WrongPin)
    desk.presenter.unlock("person-supervisor", PINS["supervisor"])
    assert isinstance(desk.page.trouble, NotAllowed)
    assert desk.page.report is None
    desk.presenter.unlock("person-owner", PINS["owner"])
    assert desk.page.report is not None


def test_the_page_is_locked_again_when_it_was_left(desk: Desk) -> None:
    desk.who = desk.fake.supervisor
    desk.presenter.come_up()
    desk.presenter.unlock("person-owner", PINS["owner"])
    desk.presenter.go_away()
    assert desk.page.report is None
    desk.presenter.come_up()
    assert desk.page.is_locked


def test_days_move_between_the_first_sale_and_today(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.fake.clock.advance(timedelta(days=2))
    sold(desk.fake, 1)
    desk.presenter.come_up()
    today = desk.page.day
    desk.presenter.move(1)
    assert desk.page.day == today
    desk.presenter.move(-9)
    assert desk.page.day == today - timedelta(days=2)
    assert desk.page.report is not None
    assert desk.page.report.day == desk.page.day
    desk.presenter.go_to_today()
    assert desk.page.is_today


def test_a_table_opens_and_closes(desk: Desk) -> None:
    desk.presenter.come_up()
    desk.presenter.open_table(Table.PRODUCTS)
    assert desk.page.full is Table.PRODUCTS
    desk.presenter.open_table(None)
    assert desk.page.full is None


def test_the_export_writes_both_files_under_one_name(desk: Desk) -> None:
    sold(desk.fake, 0)
    desk.presenter.come_up()
    assert desk.presenter.proposed_name == "sales-2026-11-22.xlsx"
    desk.presenter.export(Path("books") / "november.csv", "zh")
    assert desk.page.files == (Path("books") / "november.xlsx", Path("books") / "november.csv")
    assert [(path.suffix, language) for _, path, language in desk.fake.exporter.written] == [
        (".xlsx", "zh"),
        (".csv", "zh"),
    ]


def test_a_full_disk_is_told(desk: Desk) -> None:
    desk.fake.exporter = FullDisk()  # type: ignore[assignment]  # stands in for it
    shop = desk.fake.restarted()
    desk.presenter = DayPresenter(shop, RunNow(), desk, lambda: desk.who)
    desk.presenter.come_up()
    desk.presenter.export(Path("x.xlsx"), "en")
    assert isinstance(desk.page.trouble, DiskTrouble)
    assert desk.page.files == ()
    assert not desk.page.is_busy
