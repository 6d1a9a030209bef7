"""Makes the rail and the pages once the shop is open, and ties the ends that only the window may tie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from pos_app.ui import first_owner, sign_in
from pos_app.ui.rail import Rail
from pos_app.ui.widgets.page import Page

if TYPE_CHECKING:
    from pos_app.domain.staff import Cashier
    from pos_app.shop import Shop
    from pos_app.ui.heartbeat import Heartbeat
    from pos_app.ui.opening import Opening
    from pos_app.ui.run import Run
    from pos_app.ui.selling import Selling
    from pos_app.ui.session import Session
    from pos_app.ui.wording import Wording

Makers = dict[str, Callable[[], Page]]


@dataclass(frozen=True)
class Ends:
    """What the window ties the pages to."""

    run: Run
    wording: Wording
    session: Session
    heartbeat: Heartbeat
    signed_in: Callable[[Cashier], None]
    lock: Callable[[], None]
    begun_anew: Callable[[], None]


def furnish_selling(window: Ends, shop: Shop, opening: Opening) -> Selling:
    """The selling page with its presenters: a tenth of a second of work, so not before the sign-in page shows."""
    from pos_app.ui.selling import Selling

    selling = Selling(shop, window.run, window.wording, window.session, opening.papers)
    selling.line_seen = window.heartbeat.heard
    window.heartbeat.status.connect(selling.page.strip.put)
    window.heartbeat.status.connect(selling.stands)
    window.heartbeat.beaten.connect(selling.beaten)
    window.heartbeat.catalogue_changed.connect(partial(selling.till.refresh_tiles, in_place=True))
    window.heartbeat.read_status()
    return selling


def furnish(window: Ends, shop: Shop, opening: Opening, sell: Callable[[], Page]) -> tuple[Rail, Makers]:
    """The rail, and how every page is made when it first comes up; `sell` is the window's."""
    rail = Rail(window.wording)
    rail.chosen.connect(lambda name: window.session.go_to(name, None))
    rail.locked.connect(window.lock)
    run, wording, session = window.run, window.wording, window.session

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

    def locked() -> Page:
        from pos_app.ui.locked import make_page

        return make_page(shop, run, wording, window.begun_anew)

    makers: Makers = {
        "sign_in": lambda: sign_in.make_page(shop, run, wording, window.signed_in, opening.demo_pins),
        "first_owner": lambda: first_owner.make_page(shop, run, wording, window.signed_in),
        "sell": sell,
        "locked": locked,
        "sales": sales,
        "todo": todo,
        "shift": shift,
        "day": day,
    }
    if opening.door is not None:
        makers["settings"] = settings
    rail.keep_only(makers)
    return rail, makers
