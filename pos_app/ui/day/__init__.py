"""The owner's page: one day in figures, one chart, three tables, two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.day.presenter import DayPresenter
from pos_app.ui.day.view import DayPageView

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.widgets.page import Page
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, session: Session) -> Page:
    view = DayPageView(wording, session, run)
    view.bind(DayPresenter(shop, run, view, lambda: session.who))
    view.retranslate()
    return view
