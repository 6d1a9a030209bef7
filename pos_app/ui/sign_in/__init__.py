"""Sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_app.ui.sign_in.presenter import SignInPresenter
from pos_app.ui.sign_in.view import SignInPage

if TYPE_CHECKING:
    from pos_app.domain.staff import Cashier
    from pos_app.shop import Shop
    from pos_app.ui.run import Run
    from pos_app.ui.wording import Wording


def make_page(
    shop: Shop,
    run: Run,
    wording: Wording,
    signed_in: Callable[[Cashier], None],
    demo_pins: tuple[tuple[str, str], ...],
) -> SignInPage:
    page = SignInPage(wording, demo_pins)
    page.bind(SignInPresenter(page, shop, run, signed_in))
    return page
