"""A process that starts a window and says when it was painted: the till as its users start it, or a plain window.

`python bench/launch.py plain BEGAN` or `... till BEGAN DATA KEYS PIN [selling]`, where BEGAN is the parent's
`time.monotonic()` just before it started the process. It prints one JSON object: seconds since BEGAN, and megabytes. With
`selling` it ends as soon as selling can begin, without waiting for a heartbeat.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS = 200
WINDOW = (1280, 800)
TYPING_MS = 500  # nobody types a PIN in less


def main_of(words: list[str]) -> int:
    told = Told(float(words[1]), "selling" in words)
    if words[0] == "plain":
        return _plain(told)
    return _till(told, words[2], words[3], words[4])


class Told:
    """What was seen, and when; the first time counts."""

    def __init__(self, began: float, ends_at_selling: bool) -> None:
        self._began = began
        self.ends_at_selling = ends_at_selling
        self.seen: dict[str, float] = {}

    def now(self, what: str) -> None:
        self.seen.setdefault(what, time.monotonic() - self._began)

    def memory(self, what: str) -> None:
        self.seen[what] = resident_mb()

    def say(self) -> None:
        print(json.dumps(self.seen), flush=True)


def resident_mb() -> float:
    """Megabytes of this process that lie in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def when_painted(widget: Any, act: Callable[[], None]) -> None:
    """Call `act` once, when the next painting of `widget` and all that lies on it is done."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, act)  # after the whole tree, which is painted in one go
            return False

    widget.installEventFilter(Painted(widget))
    widget.update()


def when_so(is_so: Callable[[], bool], widget: Any, act: Callable[[], None]) -> None:
    """Look every millisecond; once it is so, let `widget` be painted and call `act`."""
    from PySide6.QtCore import QTimer

    if is_so():
        when_painted(widget, act)
    else:
        QTimer.singleShot(1, lambda: when_so(is_so, widget, act))


def _plain(told: Told) -> int:
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QApplication, QListView, QMainWindow

    application = QApplication(sys.argv[:1])
    window, rows = QMainWindow(), QListView()
    rows.setModel(QStringListModel([f"row {number}" for number in range(ROWS)]))
    window.setCentralWidget(rows)
    window.resize(*WINDOW)

    def painted() -> None:
        told.now("painted_s")
        told.memory("memory_mb")
        told.say()
        application.quit()

    when_painted(window, painted)
    window.show()
    return application.exec()


def _till(told: Told, data: str, keys: str, pin: str) -> int:
    """`python -m pos_app`, with a window that is watched."""
    import runpy

    sys.meta_path.insert(0, Watcher(lambda module: _watch_window(module, told, pin)))
    sys.argv = ["pos_app", "--data", data, "--keys", keys]
    try:
        runpy.run_module("pos_app", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 1


class Watcher:
    """Waits for the module of the window, so that everything is imported when and where the program does it."""

    def __init__(self, act: Callable[[Any], None]) -> None:
        self._act = act

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != "pos_app.ui.main_window":
            return None
        from importlib.machinery import PathFinder

        found = PathFinder.find_spec(name, path)
        loader: Any = found.loader if found else None
        execute = loader.exec_module

        def and_act(module: Any) -> None:
            execute(module)
            self._act(module)

        loader.exec_module = and_act
        return found


def _watch_window(module: Any, told: Told, pin: str) -> None:
    seen: set[str] = set()
    if told.ends_at_selling:
        from pos_app.ui import heartbeat

        heartbeat.QUICK_MS = 600_000  # a past that the platform never heard of would be pushed first

    class Watched(module.MainWindow):  # type: ignore[misc]
        def __init__(self, *handed: Any) -> None:
            super().__init__(*handed)
            when_painted(self, lambda: told.now("painted_s"))

        def _bring_up(self, name: str, subject: object = None) -> None:
            super()._bring_up(name, subject)
            if name in ("sign_in", "sell") and name not in seen:
                seen.add(name)
                told.now(f"{name}_made_s")
                (_watch_sign_in if name == "sign_in" else _watch_selling)(self, told, pin)

    module.MainWindow = Watched


def _watch_sign_in(window: Any, told: Told, pin: str) -> None:
    """Ready: the sign-in page is painted with its people, and takes a PIN. Then the PIN is typed."""
    from PySide6.QtCore import QTimer

    page = window.page("sign_in")

    def painted() -> None:
        told.now("ready_s")
        QTimer.singleShot(TYPING_MS, typed)

    def typed() -> None:
        page.pin.setText(pin)
        told.now("pin_s")
        page.pin.returnPressed.emit()

    when_so(lambda: bool(page._tiles), page, painted)


def _watch_selling(window: Any, told: Told, pin: str) -> None:
    """Painted with tiles, the entry in focus; memory after the first heartbeat."""
    page = window.page("sell")

    def painted() -> None:
        told.now("selling_s")
        told.memory("memory_at_once_mb")
        if window.heartbeat.line_up is None and not told.ends_at_selling:
            window.heartbeat.beaten.connect(end)
        else:
            end()

    def end() -> None:
        told.now("beaten_s")
        told.memory("memory_mb")
        told.say()
        window.close()

    when_so(lambda: bool(page.tiles.products) and window.focusWidget() is page.entry, page, painted)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)
    sys.exit(main_of(sys.argv[1:]))
