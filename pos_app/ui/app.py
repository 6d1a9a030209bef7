"""Opens the window: painted first, then the shop behind it."""

from __future__ import annotations

import builtins
import logging
import sys
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.ui import theme
from pos_app.ui.opening import Opening

if TYPE_CHECKING:
    from pos_app.ui.main_window import MainWindow

log = logging.getLogger(__name__)

UNSEEN_MS = 500


def run(opening: Opening) -> int:
    """The whole life of the window, and of the next one when a backup was put back; returns the process's exit code."""
    application = make_application(opening)
    to_put_back = ""
    while True:
        window = make_window(application, opening)
        sys.excepthook = _hook(window)
        window.showFullScreen() if opening.is_full_screen else window.show()
        AfterFirstPaint(window, partial(window.start, to_put_back) if to_put_back else window.start)
        code = application.exec()
        to_put_back = window.to_put_back
        if not to_put_back:
            return code
        window.deleteLater()


def make_application(opening: Opening) -> QApplication:
    """The one QApplication, in the look that was chosen last."""
    _leave_imports_alone()
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    if application.property("dressed") is None:  # a style set anew under living widgets has crashed once
        application.setStyle("Fusion")
        application.setProperty("dressed", True)
    application.setApplicationName("card-counter")
    for path in opening.fonts:
        QFontDatabase.addApplicationFont(str(path))
    theme.apply(application, opening.look)
    return application


def make_window(application: QApplication, opening: Opening) -> MainWindow:
    """The window in the language that was chosen last, not yet shown; `start()` opens the shop."""
    from pos_app.ui.language import Languages  # after `_leave_imports_alone`
    from pos_app.ui.main_window import MainWindow

    languages = Languages(opening.translations)
    languages.switch(opening.language)
    return MainWindow(opening, languages)


class AfterFirstPaint(QObject):
    """Calls `act` once, when the window has been painted: what comes then would take the processor from the painting.

    A window that is not seen does not wait for ever.
    """

    def __init__(self, window: QWidget, act: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._act = window, act
        self._is_done = False
        window.installEventFilter(self)
        QTimer.singleShot(UNSEEN_MS, self, self._go)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._go)  # the children are painted in the same go
        return False

    def _go(self) -> None:
        if not self._is_done:
            self._is_done = True
            self._act()


def _leave_imports_alone() -> None:
    """Take PySide's own `__import__` out again: it reads the source of every module that comes in after Qt, in search
    of `__feature__` imports, which we do not use. It doubled the time from first paint to ready (bench start).
    """
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original


def _hook(window: MainWindow):  # type: ignore[no-untyped-def]  # sys.excepthook's own shape
    def hook(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, bug, trace)
            return
        log.critical("nobody foresaw this", exc_info=(kind, bug, trace))
        window.broke(bug)

    return hook
