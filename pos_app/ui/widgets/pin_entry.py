"""A field for PINs: digits only, shown as dots, never kept in an undo list."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit

MOST_DIGITS = 16


class PinEntry(QLineEdit):
    """`stepped` is an arrow key: the page may choose another person by it."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "pin")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setMaxLength(MOST_DIGITS)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]*"), self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        back = (Qt.Key.Key_Left, Qt.Key.Key_Up)
        if not self.text() and event.key() in (*back, Qt.Key.Key_Right, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() in back else 1)
            return
        super().keyPressEvent(event)
