"""A real window over a fake shop, driven by keys as a cashier drives it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.printing.escpos_printer import Style
from pos_app.printing.picture import PaperFonts, draw
from pos_app.printing.rows import PAPER_80
from pos_app.printing.virtual import VirtualPrinter
from pos_app.printing.words import read_words
from pos_app.ui.app import make_application, make_window
from pos_app.ui.opening import Opening
from pos_app.ui.theme import Look
from tests.fakes.till_shop import PINS, FakeShop
from tests.ui.screen_goods import stock_of

ROOT = Path(__file__).parent.parent.parent
FONTS = tuple(sorted((ROOT / "resources" / "fonts").glob("*.ttf")))
ENTER, ESC, F9 = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_F9
BACKSPACE = Qt.Key.Key_Backspace


class OpenWindow:
    """`fake` is the shop under it. Keys go to whatever has the focus; `settle` waits until nothing is under way."""

    def __init__(self, fake: FakeShop, **opening: Any) -> None:
        self.fake = fake
        values: dict[str, Any] = {
            "open_shop": lambda: fake.shop,
            "translations": ROOT / "translations",
            "fonts": FONTS,
            "language": "en",
        }
        self.opening = Opening(**(values | opening))
        self.application: QApplication = make_application(self.opening)
        self.window = make_window(self.application, self.opening)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.window.start()
        self.settle()

    @property
    def till(self) -> Any:
        """The selling page's presenter."""
        assert self.window.selling is not None
        return self.window.selling.till

    @property
    def pay(self) -> Any:
        assert self.window.selling is not None
        return self.window.selling.pay

    @property
    def page(self) -> Any:
        """The selling page."""
        assert self.window.selling is not None
        return self.window.selling.page

    @property
    def notice(self) -> str:
        """The sentence at the foot of the selling page."""
        return str(self.page.notices.bar.sentence)

    def settle(self) -> None:
        self.application.processEvents()
        self.window.jobs.wait_idle()
        self.application.processEvents()
        self.window.jobs.wait_idle()

    def until(self, is_so: Callable[[], bool], timeout_ms: int = 5_000) -> None:
        """Turn the loop until it is so."""
        clock = QElapsedTimer()
        clock.start()
        while not is_so():
            self.application.processEvents()
            assert clock.elapsed() < timeout_ms, "it did not come to it"

    @property
    def focus(self) -> QWidget:
        return self.window.focusWidget() or self.window

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key)
            self.settle()

    def type(self, text: str) -> None:
        """As fast as a scanner; a name is too short to be taken for a scan."""
        QTest.keyClicks(self.focus, text)
        self.settle()

    def scan(self, code: str) -> None:
        """A scanner's burst with its Enter, not waited for."""
        QTest.keyClicks(self.focus, code)
        QTest.keyClick(self.focus, ENTER)

    def sign_in(self, role: str = "cashier") -> None:
        person = next(p for p in self.fake.shop.look_up.people() if p.role.value == role)
        self.window.page("sign_in").tile(person.id).click()  # type: ignore[attr-defined]
        self.type(PINS[role])
        self.press(ENTER)

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.application.processEvents()


def virtual_printer(language: str) -> VirtualPrinter:
    """A printer whose papers can be looked at."""
    text = (ROOT / "resources" / "words" / f"receipt.{language}.json").read_text(encoding="utf-8")
    return VirtualPrinter(Style(read_words(json.loads(text)), PAPER_80))


def pictures(printer: VirtualPrinter) -> Callable[[int], tuple[bytes, ...]]:
    """What `Opening.papers` wants."""

    def after(already: int) -> tuple[bytes, ...]:
        made = []
        for paper in printer.papers():
            if paper.number > already:
                buffer = io.BytesIO()
                draw(paper.read(), PaperFonts(FONTS[1], FONTS[0])).save(buffer, "PNG")
                made.append(buffer.getvalue())
        return tuple(made)

    return after


def set_stock(fake: FakeShop) -> None:
    """Some goods short and one sold out, as the platform tells it."""
    with fake.till.open_books() as books:
        for product_id, stock in stock_of().items():
            product = books.catalogue.product(product_id)
            if product is not None:
                books.catalogue.put_product(replace(product, stock=stock))
        books.commit()


LOOKS = tuple(Look)
