"""The window around the pages, and the only place where one page is handed over to another.

A page is a folder of `ui/` with two files: `view.py` draws (a `widgets.page.Page`), `presenter.py` decides (no Qt
import). Its `__init__.py` offers

    make_page(shop, run, wording, session) -> Page

and the window calls `page.shown()` each time it comes up (`shown_with(subject)` when another page handed something
over by `session.go_to(name, subject)`). Inside: the view is made first, the presenter gets `(view, shop, run, ...)`,
the view calls the presenter's methods. The presenter hands plain values to the view; the view keeps the last of them, so
that `retranslate()` can draw them again in another language. Work goes `run(Lane.STORE, lambda: shop.x(...), done,
failed)`; errors become text by `wording.sentence(error)` in the view's `MessageBar`. Pages never import pages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMainWindow, QStackedWidget, QToolButton, QWidget

from pos_app.ui.rail import Rail
from pos_app.ui.session import Session
from pos_app.ui.widgets.page import Page
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.run import Run

