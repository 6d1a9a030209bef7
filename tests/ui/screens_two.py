"""Brings the pages after the sale to the moments that are worth a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from pos_app.ui import day, sales, settings, shift, todo
from pos_app.ui.rail import Rail
from pos_app.ui.session import Session
from pos_app.ui.theme import Look
from pos_app.ui.widgets.page import Page
from pos_app.ui.wording import Wording
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.till_day import RunNow, full_day


def preview(language, look, size, want):
    for name, make in SCENES.items():
        if want != "all" and not name.startswith(want):
            continue
        fake = make_fake_shop()
        wording = Wording()
        wording.language = language
        wording.local, wording.now = fake.shop.today.local, fake.shop.today.now
        session = Session(cashier=fake.owner, language=language, look=look)
        ground = QWidget()
        ground.setProperty("role", "ground")
        rail = Rail(wording)
        rail.put(fake.owner)
        page = make(fake, wording, session)
        rail.mark(name.split("_")[0])
        layout = QHBoxLayout(ground)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(rail)
        layout.addWidget(page, 1)
        ground.resize(*size)
        ground.show()
        STEPS.get(name, lambda page: page.shown())(page)
        for _ in range(4):
            QApplication.processEvents()
        yield name, ground
        ground.close()


def _sales(fake, wording, session):
    full_day(fake)
    return sales.make_page(fake.shop, RunNow(), wording, session)


def _give(page):
    page.shown()
    p = page.presenter
    p.select(next(r.sale_id for r in p.page.rows if r.receipt_number == "T1-000003"))
    p.owe()


def _why(page):
    page.shown()
    page.presenter.print_again()
    page.presenter.choose(0)


def _asked(page):
    page.shown()
    p = page.presenter
    p.select(next(r.sale_id for r in p.page.rows if r.receipt_number == "T1-000004"))


def _todo(fake, wording, session):
    full_day(fake)
    return todo.make_page(fake.shop, RunNow(), wording, session)


def _todo_empty(fake, wording, session):
    return todo.make_page(fake.shop, RunNow(), wording, session)


def _todo_give(page):
    page.shown()
    page.presenter.do()


def _day(fake, wording, session):
    full_day(fake)
    return day.make_page(fake.shop, RunNow(), wording, session)


def _day_locked(fake, wording, session):
    session.cashier = fake.cashier
    return day.make_page(fake.shop, RunNow(), wording, session)


def _day_table(page):
    page.shown()
    page.presenter.open_table(day.presenter.Table.PRODUCTS)


def _shift(fake, wording, session):
    full_day(fake)
    return shift.make_page(fake.shop, RunNow(), wording, session)


def _shift_none(fake, wording, session):
    from pos_app.domain.money import Money
    from pos_app.domain.shift import CashCount

    fake.shop.close_shift(fake.cashier, CashCount((), Money(10_000)))
    return shift.make_page(fake.shop, RunNow(), wording, session)


def _shift_out(page):
    page.shown()
    page.presenter.begin(shift.page.Step.CASH_OUT)


def _shift_count(page):
    page.shown()
    page.presenter.begin_count()
    for value, number in ((10_000, "5"), (5_000, "2"), (2_000, "3"), (1_000, "4"), (100, "12"), (50, "3")):
        page.count.fields[value].setText(number)
        page.presenter.set_pieces(value, number)


def _shift_compare(page):
    _shift_count(page)
    page.presenter.counted()


def _shift_done(page):
    _shift_compare(page)
    page.presenter.close()


class Door:
    def __init__(self):
        self.kept = {"paper": "58", "printer": "network", "printer_address": "192.168.1.50:9100"}

    def values(self):
        return self.kept

    def keep(self, changes):
        self.kept |= changes

    def test_print(self, word):
        pass

    def about(self):
        return {"version": "0.1.0", "data": "/var/lib/card-counter/till", "till_code": "T1", "shop": "Test shop", "platform": "http://127.0.0.1:45173"}


def _settings(fake, wording, session):
    return settings.make_page(fake.shop, RunNow(), wording, session, Door())


def _panel(name):
    def step(page):
        page.shown()
        page.open_panel(name)
        if name == "about":
            page.presenter.examine()
        if name == "printer":
            page.presenter.test_print()
    return step


SCENES = {"settings_look": _settings, "settings_printer": _settings, "settings_people": _settings, "settings_about": _settings, 
    "shift_none": _shift_none,
    "shift_open": _shift,
    "shift_out": _shift,
    "shift_count": _shift,
    "shift_compare": _shift,
    "shift_done": _shift,
    "day_today": _day,
    "day_locked": _day_locked,
    "day_table": _day,
    "todo_full": _todo,
    "todo_empty": _todo_empty,
    "todo_give": _todo,
    "sales_list": _sales,
    "sales_give": _sales,
    "sales_why": _sales,
    "sales_asked": _sales,
}
STEPS = {"settings_printer": _panel("printer"), "settings_people": _panel("people"), "settings_about": _panel("about"), 
    "shift_out": _shift_out,
    "shift_count": _shift_count,
    "shift_compare": _shift_compare,
    "shift_done": _shift_done,
    "day_table": _day_table,
    "todo_give": _todo_give,
    "sales_give": _give,
    "sales_why": _why,
    "sales_asked": _asked,
}
