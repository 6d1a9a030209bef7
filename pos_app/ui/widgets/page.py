"""The base of every page: words that follow the language, and a moment when it comes up."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """Subclasses set every text in `retranslate`; it is called again when the language changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "ground")

    def retranslate(self) -> None:
        """Set every text of the page anew."""

    def shown(self) -> None:
        """The page comes up: read what may have changed, and put the focus where typing belongs."""

    def shown_with(self, subject: object) -> None:
        """As `shown`, about something that another page handed over (a sale id)."""
        self.shown()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
