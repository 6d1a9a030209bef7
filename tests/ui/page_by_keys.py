"""One page in a window of its own, driven by the keys that a person would press."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from pos_app.domain.staff import Cashier
from pos_app.ui import theme
from pos_app.ui.session import Session
from pos_app.ui.theme import Look
from pos_app.ui.widgets.page import Page
from pos_app.ui.wording import Wording
from tests.fakes.till_shop import FakeShop
from tests.ui.till_day import RunNow

P = TypeVar("P", bound=Page)
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


class Around:
    """What the window hands to a page, in English, over a fake shop."""

    def __init__(self, fake: FakeShop, who: Cashier) -> None:
        self.fake = fake
        self.run = RunNow()
        self.wording = Wording()
        self.wording.local, self.wording.now = fake.shop.today.local, fake.shop.today.now
        self.session = Session(cashier=who)


class PageByKeys(Generic[P]):
    """The page is up and has come up once; keys go to whatever has the focus."""

    def __init__(self, page: P) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        if not application.styleSheet():  # once is enough: every page of these tests wears the same look
            application.setStyle("Fusion")
            theme.apply(application, Look.LIGHT)
        self.page = page
        self.window = QWidget()
        layout = QHBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        self.window.resize(1180, 800)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        page.shown()
        QApplication.processEvents()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self._target, key)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self._target, text)
        QApplication.processEvents()

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QApplication.processEvents()

    @property
    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self.window
