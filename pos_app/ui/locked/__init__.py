"""An old copy of the till's data was put back: why nothing is sold, and how the owner begins anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.ui.locked.presenter import LockedPresenter
from pos_app.ui.locked.view import LockedPage

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, begun: Callable[[], None]) -> LockedPage:
    """`begun` is the window's: the till can be used again."""
    page = LockedPage(wording)
    page.bind(LockedPresenter(page, shop, run, begun))
    return page
