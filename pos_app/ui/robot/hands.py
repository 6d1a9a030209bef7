"""Keys, eyes and patience: what the robot does to a window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_app.domain.errors import PosError
from pos_app.domain.sale import SaleState
from pos_app.ui.app import make_application, make_window
from pos_app.ui.run import Lane

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.main_window import MainWindow
    from pos_app.ui.opening import Opening

T = TypeVar("T")

PATIENCE_S = 60.0


@dataclass
class Told:
    """A flow that says so when it is done; everything else about it stays as it is."""

    flow: Any
    tell: Callable[[Any], None]

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        answer = self.flow(*arguments, **named)
        self.tell(answer)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.flow, name)


@dataclass
class Timings:
    """Milliseconds from the start to each step."""

    began: float = field(default_factory=time.perf_counter)
    steps: dict[str, int] = field(default_factory=dict)

    def step(self, name: str) -> None:
        if name not in self.steps:
            self.steps[name] = round((time.perf_counter() - self.began) * 1000)
            print(f"step: {name}", flush=True)  # noqa: T201 - whoever started the robot follows it


def turn(milliseconds: int) -> None:
    """Let the window do what is due, then leave the interpreter to the lanes (QTest.qWait would keep it from them)."""
    QCoreApplication.processEvents()
    time.sleep(milliseconds / 1000)


class Stuck(Exception):
    """Something did not come about in time; it says what."""


class Hands:
    """One window and what can be done to it; flows that make something durable say so as they end."""

    def __init__(self, opening: Opening, out: Path) -> None:
        self.timings = Timings()
        self.trouble: PosError | None = None
        self._out = out
        self._pictures = 0
        application = make_application(opening)
        self.window: MainWindow = make_window(application, replace(opening, open_shop=self._opener(opening)))
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)

    def type(self, text: str) -> None:
        for char in text:
            QTest.keyClicks(self._under_the_hands(), char)

    def scan(self, text: str) -> None:
        """As a scanner does: all at once, with its Enter."""
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self._under_the_hands(), key, modifier)

    def picture(self, name: str) -> None:
        self._pictures += 1
        self.window.grab().save(str(self._out / f"window-{self._pictures:02d}-{name}.png"))

    def pause(self) -> None:
        """Until the lanes are empty and what they said is drawn."""
        for _ in range(3):
            self.window.jobs.wait_idle(PATIENCE_S)
            turn(20)

    def until(self, what: str, came_about: Callable[[], object]) -> None:
        """Stuck, naming `what`, when it does not come about in time."""
        end = time.monotonic() + PATIENCE_S
        while not came_about():
            if time.monotonic() > end:
                raise Stuck(f"this did not come about: {what}")
            turn(10)

    def ask(self, question: Callable[[Shop], T]) -> T:
        """The shop's answer, by the store lane like everybody's."""
        shop = self.window.shop
        if shop is None:
            raise RuntimeError("the shop is not open")
        answers: list[T] = []
        troubles: list[PosError] = []
        self.window.jobs(Lane.STORE, lambda: question(shop), answers.append, troubles.append)
        self.until("the store answers", lambda: answers or troubles)
        if troubles:
            raise troubles[0]
        return answers[0]

    def _opener(self, opening: Opening) -> Callable[[], Shop]:
        step = self.timings.step

        def told_go_on(progress: Any) -> None:
            if progress.sale.state is SaleState.HAVE:
                step("confirmed")

        def open_shop() -> Shop:
            try:
                shop = opening.open_shop()
            except PosError as trouble:
                self.trouble = trouble
                raise
            told = {
                "reserve": Told(shop.reserve, lambda sale: step("reserved")),
                "take_cash": Told(shop.take_cash, lambda sale: step("paid")),
                "go_on": Told(shop.go_on, told_go_on),
                "print_next": Told(shop.print_next, lambda progress: step("first slip")),
            }
            return replace(shop, **cast(Any, told))

        return open_shop

    def _under_the_hands(self) -> Any:
        return QApplication.focusWidget() or self.window.focusWidget() or self.window
