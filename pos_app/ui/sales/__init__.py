"""Past sales: one is found, told, and what may still be done for it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.sales.presenter import SalesPresenter
from pos_app.ui.sales.view import SalesPageView

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.session import Session
    from pos_app.ui.widgets.page import Page
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, session: Session) -> Page:
    view = SalesPageView(wording)
    view.bind(SalesPresenter(shop, run, view, lambda: session.who, session.status_changed))
    view.retranslate()
    return view
