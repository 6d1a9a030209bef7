"""Makes the rail and every page once the shop is open, and ties the ends that only the window may tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.ui.rail import Rail
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, column

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.opening import Opening

OTHERS = ("sales", "todo", "shift", "day", "settings")


def furnish(window: MainWindow, shop: Shop, opening: Opening) -> tuple[Rail, dict[str, Page]]:
    """The rail and the pages by name."""
    rail = Rail(window.wording)
    rail.chosen.connect(window.go_to)
    rail.locked.connect(window.lock)
    pages: dict[str, Page] = {}
    for name in ("sign_in", "first_owner", "sell", *OTHERS):
        pages[name] = _Unbuilt(name)
    return rail, pages


class _Unbuilt(Page):
    """Stands where a page will be."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setLayout(column(1, Text("title", text=name), 1, margin=48))
