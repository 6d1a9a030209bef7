"""Labels and small layouts, made in one line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from pos_app.ui.theme import scaled


class Text(QLabel):
    """A label of a role of the style sheet (tiny, body, strong, lead, head, title, big, total, huge, change)."""

    def __init__(self, role: str = "body", tone: str = "", text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)

    def put_tone(self, tone: str) -> None:
        """Another colour: ink, second, accent, ok, warn or danger."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)

    def wrapped(self) -> Text:
        self.setWordWrap(True)
        return self


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at changed properties again."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def frame(role: str, tone: str = "") -> QFrame:
    """A frame of a role: card, side, rail, line, state."""
    made = QFrame()
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


def column(*items: QWidget | QLayout | int, gap: int = 8, margin: int = 0) -> QVBoxLayout:
    """Things below each other; a number is a stretch."""
    made = QVBoxLayout()
    _fill(made, items, gap, margin)
    return made


def row(*items: QWidget | QLayout | int, gap: int = 8, margin: int = 0) -> QHBoxLayout:
    """Things beside each other; a number is a stretch."""
    made = QHBoxLayout()
    _fill(made, items, gap, margin)
    return made


def _fill(layout: QBoxLayout, items: tuple[QWidget | QLayout | int, ...], gap: int, margin: int) -> None:
    layout.setSpacing(scaled(gap))
    layout.setContentsMargins(scaled(margin), scaled(margin), scaled(margin), scaled(margin))
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
