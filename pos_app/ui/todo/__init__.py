"""The attention list: everything that is not finished, and the one thing to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.todo.presenter import TodoPresenter
from pos_app.ui.todo.view import TodoPageView

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.widgets.page import Page
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, session: Session) -> Page:
    view = TodoPageView(wording)
    view.bind(TodoPresenter(shop, run, view, lambda: session.who, session.status_changed))
    view.retranslate()
    return view
