"""What waits until the window has been painted."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from pos_app.ui.app import UNSEEN_MS, AfterFirstPaint
from tests.fakes.till_shop import make_fake_shop
from tests.ui.window import OpenWindow


def test_work_begins_once_after_the_window_has_been_painted(qtbot: Any) -> None:
    seen: list[str] = []

    class Window(QWidget):
        def paintEvent(self, event: object) -> None:
            seen.append("painted")

    window = Window()
    qtbot.addWidget(window)
    AfterFirstPaint(window, lambda: seen.append("began"))
    window.show()
    assert "began" not in seen
    qtbot.waitUntil(lambda: "began" in seen)
    window.repaint()
    qtbot.wait(UNSEEN_MS + 100)
    assert seen[0] == "painted"
    assert seen.count("began") == 1


def test_a_window_that_nobody_sees_does_not_wait_for_ever(qtbot: Any) -> None:
    seen: list[str] = []
    window = QWidget()
    qtbot.addWidget(window)
    AfterFirstPaint(window, lambda: seen.append("began"))
    qtbot.waitUntil(lambda: seen == ["began"])


def test_the_selling_page_is_made_while_the_first_pin_is_typed(qtbot: Any) -> None:
    opened = OpenWindow(make_fake_shop())
    try:
        qtbot.waitUntil(lambda: opened.window._selling is not None)
        made = opened.window._selling
        opened.sign_in()
        assert opened.window.selling is made
        assert opened.window.present is opened.page
    finally:
        opened.close()
