"""The one field that keys and scanner write into: it knows a scanner by its speed, and a mobile number by its digits."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_app.domain.entry import phone_text
from pos_app.ui.widgets.number_pad import ERASE

# A scanner types a character every few milliseconds, a person none in less than this.
SCANNER_GAP_MS = 35
LEAST_SCAN = 8
LEAST_SCANNED_DIGITS = 6
# Some scanners end with two Enters; the second one is not a person's.
ECHO_MS = 60

_MOBILE = re.compile(r"1[3-9][0-9]{2,9}")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Entry(QLineEdit):
    """`entered(text, is_scan)` on Enter, `entered_nothing()` when it was empty, `edited(text)` after every change by hand.

    `keys` maps keys that mean something else while the entry is empty (or, with True, always) to what they do.
    """

    entered = Signal(str, bool)
    entered_nothing = Signal()
    edited = Signal(str)

    def __init__(self, role: str = "entry", *, groups_numbers: bool = True) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.keys: dict[Qt.Key, tuple[Callable[[], None], bool]] = {}
        self.picks_digit: Callable[[int], bool] | None = None
        self._groups_numbers = groups_numbers
        self._since_key, self._since_scan = QElapsedTimer(), QElapsedTimer()
        self._fast = 0
        self.textEdited.connect(self._edited)

    def plain(self) -> str:
        """The text without the spaces that only group a number."""
        text = self.text().strip()
        return text.replace(" ", "") if re.fullmatch(r"[0-9 ]+", text) else text

    def empty(self) -> None:
        """Without saying `edited`: whoever empties it knows."""
        self.clear()
        self._fast = 0

    def press(self, key: str) -> None:
        """A key of the number pad."""
        if key == ERASE:
            self.backspace()
        else:
            self.insert(key)
        self._edited(self.text())

    def event(self, event: QEvent) -> bool:
        """A field with nothing in it leaves Ctrl+Delete to the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not self.text():
            is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if is_control and event.key() == Qt.Key.Key_Delete:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ENTER:
            self._enter(event)
            return
        self._since_scan.invalidate()  # whoever presses a key is no echo
        found = self.keys.get(key)
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if found is not None and is_plain and (found[1] or not self.text()):
            found[0]()
            return
        text = event.text()
        if is_plain and self._picks(text):
            return
        self._count(text)
        super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        text = self.plain()
        if not text:
            is_echo = self._since_scan.isValid() and self._since_scan.elapsed() < ECHO_MS
            if not is_echo:
                self.entered_nothing.emit()
            return
        digits = sum(char.isdigit() for char in text)
        is_scan = self._fast >= LEAST_SCAN - 1 and len(text) >= LEAST_SCAN and digits >= LEAST_SCANNED_DIGITS
        if is_scan:
            self._since_scan.start()
        self._fast = 0
        self.entered.emit(text, is_scan)

    def _picks(self, text: str) -> bool:
        """A digit that picks from a list instead of being typed; never in the middle of a scan."""
        if self.picks_digit is None or not (text.isascii() and text.isdigit()) or self._in_burst():
            return False
        return self.picks_digit(int(text))

    def _in_burst(self) -> bool:
        return self._fast > 1 and self._since_key.isValid() and self._since_key.elapsed() < SCANNER_GAP_MS

    def _count(self, text: str) -> None:
        """How many characters in a row came as fast as a scanner's."""
        if not text or not text.isprintable():
            return
        is_fast = self._since_key.isValid() and self._since_key.elapsed() < SCANNER_GAP_MS
        self._fast = self._fast + 1 if is_fast and self.text() else 0
        self._since_key.start()

    def _edited(self, text: str) -> None:
        compact = text.replace(" ", "")
        if self._groups_numbers and compact.isascii() and compact.isdigit():
            wanted = phone_text(compact) if _MOBILE.fullmatch(compact) else compact
            if wanted != text:
                after = len(text) - self.cursorPosition()
                self.setText(wanted)
                self.setCursorPosition(max(0, len(wanted) - after))
        self.edited.emit(self.plain())
