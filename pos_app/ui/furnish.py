"""Makes the rail and the pages once the shop is open, and ties the ends that only the window may tie."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pos_app.ui import first_owner, sign_in
from pos_app.ui.rail import Rail
from pos_app.ui.selling import Selling
from pos_app.ui.widgets.page import Page

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.opening import Opening

Makers = dict[str, Callable[[], Page]]


def furnish(window: MainWindow, shop: Shop, opening: Opening) -> tuple[Rail, Selling, Makers]:
    """The rail, the selling page, and how every page is made when it first comes up."""
    rail = Rail(window.wording)
    rail.chosen.connect(window.go_to)
    rail.locked.connect(window.lock)
    selling = Selling(shop, window.jobs, window.wording, window.session, opening.papers)
    heartbeat = window.heartbeat
    if heartbeat is not None:
        heartbeat.status.connect(selling.page.strip.put)
        heartbeat.beaten.connect(selling.beaten)
        heartbeat.catalogue_changed.connect(partial(selling.till.refresh_tiles, in_place=True))
    run, wording, session = window.jobs, window.wording, window.session

    def sales() -> Page:
        from pos_app.ui.sales import make_page

        return make_page(shop, run, wording, session)

    def todo() -> Page:
        from pos_app.ui.todo import make_page

        return make_page(shop, run, wording, session)

    def shift() -> Page:
        from pos_app.ui.shift import make_page

        return make_page(shop, run, wording, session)

    def day() -> Page:
        from pos_app.ui.day import make_page

        return make_page(shop, run, wording, session)

    def settings() -> Page:
        from pos_app.ui.settings import make_page

        door = opening.door
        if door is None:
            raise LookupError("no door was handed in for the settings")
        return make_page(shop, run, wording, session, door)

    makers: Makers = {
        "sign_in": lambda: sign_in.make_page(shop, run, wording, window.signed_in, opening.demo_pins),
        "first_owner": lambda: first_owner.make_page(shop, run, wording, window.signed_in),
        "sell": lambda: selling.page,
        "sales": sales,
        "todo": todo,
        "shift": shift,
        "day": day,
    }
    if opening.door is not None:
        makers["settings"] = settings
    rail.keep_only(makers)
    return rail, selling, makers
