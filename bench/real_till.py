"""The window of the program over real books of 100,000 products, with a platform that is away: for what the eye waits for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from bench.measure import Timings
from bench.till_data import books_of, till_with_a_past
from pos_app.bootstrap.wiring import House, World, assemble
from pos_app.domain.errors import Unreachable
from pos_app.domain.staff import Cashier
from pos_app.places import resources, translations
from pos_app.ports.gateway import Gateways
from pos_app.store.number_plan import LibraryNumberPlan
from pos_app.ui.app import make_application, make_window
from pos_app.ui.opening import Opening
from pos_app.ui.till.state import Left
from pos_app.wire.system_clock import SystemClock
from tests.fakes.till_gateway import FakeGateways
from tests.fakes.till_leases import FakeAnchor
from tests.fakes.till_pins import FakePins
from tests.fakes.till_printer import FakePrinter
from tests.fakes.till_shop import FakeExporter
from tests.fakes.till_vault import FakeVault

FRAME_MS = 1000 / 60
PATIENCE_MS = 5_000


class AwayPlatform:
    """No call gets an answer."""

    clock_skew_s = 0

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        def unanswered(*_: object, **__: object) -> NoReturn:
            raise Unreachable("down")

        return unanswered


class RealTill:
    """A cashier is signed in and the selling page is up; `waiting` measures from a deed to the painting of its effect."""

    def __init__(
        self, language: str = "zh", platform: object = None, gateways: Gateways | None = None
    ) -> None:
        self._platform, self._gateways = platform or AwayPlatform(), gateways or FakeGateways()
        self.books = books_of(till_with_a_past())
        shop = assemble(self._world(), House())
        fonts = tuple(sorted((resources() / "fonts").glob("*.ttf")))
        opening = Opening(lambda: shop, translations(), fonts, language)
        self._application = make_application(opening)
        self.window: Any = make_window(self._application, opening)
        self.window.show()
        self.window.activateWindow()
        self.window.start()
        self.until(lambda: self.window.shop is not None)
        person = shop.look_up.people()[0]
        self.window.signed_in(Cashier(person.id, person.name, person.role))
        self.until(lambda: bool(self.page.tiles.products) and self.till.state.left is not Left.SHIFT)
        self.clear()

    @property
    def page(self) -> Any:
        return self.window.selling.page

    @property
    def till(self) -> Any:
        """The selling page's presenter."""
        return self.window.selling.till

    def key(self, text: str, key: int = 0) -> None:
        """One key, pressed and released, where every key goes now."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(self.page.active_entry(), event)

    def waiting(self, widget: QWidget, is_so: Callable[[], bool], deed: Callable[[], None]) -> float:
        """Seconds from `deed` until `widget` has been painted while `is_so`."""
        loop, ended = QEventLoop(), [0.0]

        def painted() -> None:
            ended[0] = time.perf_counter()
            loop.quit()

        watch = _Watch(widget, is_so, painted)
        QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
        begin = time.perf_counter()
        deed()
        loop.exec()
        watch.end()
        if not ended[0]:
            raise TimeoutError("it was never painted")
        return ended[0] - begin

    def rest(self, milliseconds: int = 1) -> None:
        """Let the loop run that long."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def clear(self) -> None:
        """An empty basket and an empty entry."""
        self.page.entry.empty()
        self.till.edited("")
        self.till.empty()
        self.until(lambda: self.window.jobs.is_idle)

    def close(self) -> None:
        self.clear()
        self.window.close()
        self.books.close()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Let the loop run until it is so; TimeoutError when it does not come to it."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not is_so():
            self.rest()
            if time.monotonic() > end:
                raise TimeoutError("it did not come to it")

    def _world(self) -> World:
        platform: Any = self._platform
        return World(
            open_books=self.books.open_books,
            open_to_read=self.books.open_to_read,
            inspector=self.books.inspector,
            clock=SystemClock(),
            pins=FakePins(),
            vault=FakeVault(),
            anchor=FakeAnchor(),
            platform=platform,
            printer=FakePrinter(),
            number_plan=LibraryNumberPlan(),
            exporter=FakeExporter(),
            gateways=self._gateways,
            gateways_behind=FakeGateways(),
        )


class _Watch(QObject):
    """Says so once, after a painting of the widget while it is so."""

    def __init__(self, widget: QWidget, is_so: Callable[[], bool], say: Callable[[], None]) -> None:
        super().__init__()
        self._widget, self._is_so, self._say = widget, is_so, say
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._is_so():
            self.end()
            QTimer.singleShot(0, self._say)  # the whole window is painted in one go
        return False

    def end(self) -> None:
        self._widget.removeEventFilter(self)


def show_frames(name: str, seconds: Sequence[float]) -> bool:
    """Prints p50, p99 and the worst against one frame of the screen; True when p99 lies inside it."""
    timings = Timings(tuple(seconds))
    p99 = timings.share(0.99)
    late = sum(1000 * second > FRAME_MS for second in seconds)
    print(
        f"{name:<50} p50 {timings.share(0.5):6.2f}   p99 {p99:6.2f}   worst {1000 * max(seconds):6.2f} ms"
        f"   {p99 / FRAME_MS:5.2f} frames at p99, {late} of {len(seconds)} later than one"
        f"   (must p99 <= {FRAME_MS:.1f} ms: {'kept' if p99 <= FRAME_MS else 'NOT KEPT'})"
    )
    return p99 <= FRAME_MS
