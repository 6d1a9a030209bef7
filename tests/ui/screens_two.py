"""Brings the pages after the sale to the moments that are worth a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from pos_app.ui import sales, todo
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


SCENES = {"todo_full": _todo, "todo_empty": _todo_empty, "todo_give": _todo, "sales_list": _sales, "sales_give": _sales, "sales_why": _sales, "sales_asked": _sales}
STEPS = {"todo_give": _todo_give, "sales_give": _give, "sales_why": _why, "sales_asked": _asked}
