"""The shift: opened with its cash, moved by reasons, closed on a blind count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.shift.presenter import ShiftPresenter
from pos_app.ui.shift.view import ShiftPageView

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.widgets.page import Page
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, session: Session) -> Page:
    view = ShiftPageView(wording)
    view.bind(ShiftPresenter(shop, run, view, lambda: session.who))
    view.retranslate()
    return view
