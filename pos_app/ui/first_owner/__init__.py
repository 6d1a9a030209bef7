"""The very first start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.ui.first_owner.presenter import FirstOwnerPresenter
from pos_app.ui.first_owner.view import FirstOwnerPage

if TYPE_CHECKING:
    from pos_app.domain.staff import Cashier
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.wording import Wording


def make_page(shop: Shop, run: Run, wording: Wording, signed_in: Callable[[Cashier], None]) -> FirstOwnerPage:
    page = FirstOwnerPage(wording)
    page.bind(FirstOwnerPresenter(page, shop, run, signed_in))
    return page
