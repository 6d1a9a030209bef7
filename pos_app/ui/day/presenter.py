"""Decides which day is shown, and to whom: the owner, or who has the owner's PIN for this once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pos_app.domain.errors import PosError
from pos_app.domain.report import DayReport, Share
from pos_app.domain.staff import Cashier, Permission, Person
from pos_app.shop import Shop
from pos_app.ui.entitled import who_may
from pos_app.ui.run import Lane, Run


class Table(StrEnum):
    PRODUCTS = "products"
    TENDERS = "tenders"
    CASHIERS = "cashiers"


@dataclass(frozen=True, slots=True)
class DayPage:
    """One moment of the page; without a `report` it is locked or still being read. `full` is the table that is open."""

    day: date
    today: date
    first_day: date | None = None
    is_locked: bool = True
    people: tuple[Person, ...] = ()
    report: DayReport | None = None
    open_items: int = 0
    full: Table | None = None
    files: tuple[Path, ...] = ()
    trouble: PosError | None = None
    is_busy: bool = False

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    def rows(self, table: Table) -> tuple[Share, ...]:
        if self.report is None:
            return ()
        report = self.report
        return {
            Table.PRODUCTS: report.by_product,
            Table.TENDERS: report.by_tender,
            Table.CASHIERS: report.by_cashier,
        }[table]


class DayView(Protocol):
    def draw(self, page: DayPage) -> None:
        """Draw this moment of the page."""


class DayPresenter:
    """Any business date, for those who may see it."""

    def __init__(self, shop: Shop, run: Run, view: DayView, who: Callable[[], Cashier]) -> None:
        self._shop, self._run, self._view, self._who = shop, run, view, who
        self._owner: Cashier | None = None
        today = shop.today()
        self.page = DayPage(day=today, today=today)

    def come_up(self) -> None:
        """Today, if the one at the till may see it; otherwise the page asks who may."""
        today = self._shop.today()
        who = self._who()
        self._owner = who if who.may(Permission.SEE_DAY) else None
        self.page = DayPage(day=today, today=today, is_locked=self._owner is None)
        if self._owner is None:
            self._run(Lane.STORE, self._shop.look_up.people, self._ask, self._failed)
        else:
            self._load()
        self._view.draw(self.page)

    def go_away(self) -> None:
        """An owner's PIN opens the page for this once."""
        self._owner = None
        self.page = DayPage(day=self.page.today, today=self.page.today)

    def refresh(self) -> None:
        if self._owner is not None:
            self._load()

    def unlock(self, person_id: str, pin: str) -> None:
        if self.page.is_busy:
            return
        self._set(is_busy=True, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.authorise(self._who(), person_id, pin, Permission.SEE_DAY),
            self._unlocked,
            self._failed,
        )

    def move(self, days: int) -> None:
        """Earlier or later: not past today, and not before the first day with a sale."""
        if self._owner is None:
            return
        today = self._shop.today()
        first = min(self.page.first_day or today, today)
        day = max(first, min(self.page.day + timedelta(days=days), today))
        if day != self.page.day:
            self._set(day=day, today=today, files=(), trouble=None)
            self._load()

    def go_to_today(self) -> None:
        self.move((self._shop.today() - self.page.day).days)

    def open_table(self, table: Table | None) -> None:
        """One table in full, or none."""
        self._set(full=table)

    def export(self, chosen: Path, language: str) -> None:
        """The day as a workbook and as plain text, side by side under the chosen name."""
        owner, day = self._owner, self.page.day
        if owner is None or self.page.report is None or self.page.is_busy:
            return
        files = (chosen.with_suffix(".xlsx"), chosen.with_suffix(".csv"))

        def write() -> tuple[Path, ...]:
            for path in files:
                self._shop.look_up.export_day(owner, day, path, language)
            return files

        self._set(is_busy=True, files=(), trouble=None)
        self._run(Lane.STORE, write, lambda done: self._set(files=done, is_busy=False), self._failed)

    @property
    def proposed_name(self) -> str:
        return f"sales-{self.page.day.isoformat()}.xlsx"

    def _ask(self, people: tuple[Person, ...]) -> None:
        self._set(people=who_may(people, Permission.SEE_DAY, self._who()))

    def _unlocked(self, owner: Cashier) -> None:
        self._owner = owner
        self._set(is_locked=False, people=(), is_busy=False)
        self._load()

    def _load(self) -> None:
        owner, day = self._owner, self.page.day
        if owner is None:
            return

        def read() -> tuple[DayReport, date | None, int]:
            look_up = self._shop.look_up
            return look_up.day(owner, day), look_up.first_day(), look_up.status(None).open_items

        self._run(Lane.STORE, read, self._loaded, self._failed)

    def _loaded(self, found: tuple[DayReport, date | None, int]) -> None:
        report, first_day, open_items = found
        if self._owner is not None and report.day == self.page.day:
            self._set(report=report, first_day=first_day, open_items=open_items)

    def _failed(self, error: PosError) -> None:
        self._set(trouble=error, is_busy=False)

    def _set(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]
        self._view.draw(self.page)
