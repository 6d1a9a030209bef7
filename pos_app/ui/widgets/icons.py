"""Line icons drawn in the colour of the look; each is a handful of strokes on a grid of 24."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QLabel

from pos_app.ui.theme import colour, scaled

STROKES = {
    "sell": "M4 7h16l-1.6 8.5H6.6L4 4H2 M9 20h.01 M17 20h.01",
    "sales": "M6 3h12v18l-3-2-3 2-3-2-3 2V3z M9 8h6 M9 12h6",
    "todo": "M4 6l1.5 1.5L8 5 M4 12l1.5 1.5L8 11 M4 18l1.5 1.5L8 17 M12 6h8 M12 12h8 M12 18h8",
    "day": "M4 20h16 M7 16v-5 M12 16V6 M17 16v-8",
    "shift": "M4 9h16v11H4z M8 9V5h8v4 M10 14h4",
    "settings": "M4 7h9 M17 7h3 M15 5v4 M4 17h3 M11 17h9 M9 15v4",
    "lock": "M6 11h12v9H6z M9 11V7a3 3 0 0 1 6 0v4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21a8 8 0 0 1 16 0",
    "ok": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M8 12l3 3 5-6",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v6 M12 7.5v.01",
    "warn": "M12 4L2.5 20h19L12 4z M12 10v4.5 M12 17.2v.01",
    "danger": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v6 M12 16.5v.01",
    "wait": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3.5 2",
    "line_up": "M2 9a15 15 0 0 1 20 0 M5.5 13a10 10 0 0 1 13 0 M9 17a4.5 4.5 0 0 1 6 0 M12 20.5v.01",
    "line_down": "M3 3l18 18 M2 9a15 15 0 0 1 5-3.2 M11 5a15 15 0 0 1 11 4 M5.5 13a10 10 0 0 1 4-2.4 M12 20.5v.01",
    "wallet": "M3 7h17v13H3z M3 7l12-4v4 M16 13.5h.01",
    "outbox": "M12 15V4 M8 8l4-4 4 4 M4 14v6h16v-6",
    "catalogue": "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3.5 2",
    "printer": "M7 9V3h10v6 M5 9h14v8h-3 M8 17H5V9 M8 14h8v7H8z",
    "phone": "M7 2h10v20H7z M11 18.5h2",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z M20 20l-4.8-4.8",
    "close": "M6 6l12 12 M18 6L6 18",
    "back": "M20 12H5 M11 6l-6 6 6 6",
    "next": "M4 12h15 M13 6l6 6-6 6",
    "up": "M6 15l6-6 6 6",
    "down": "M6 9l6 6 6-6",
    "delete": "M9 5h12v14H9l-6-7 6-7z M12 9l6 6 M18 9l-6 6",
    "cash": "M2 6h20v12H2z M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M5.5 12h.01 M18.5 12h.01",
}


def pixmap(name: str, size: int, ink: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon at `size` device-independent pixels."""
    from PySide6.QtSvg import QSvgRenderer

    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<path d="{STROKES[name]}" fill="none" stroke="{ink.name()}" stroke-width="1.8" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made


def icon(name: str, tone: str = "second", checked_tone: str = "accent") -> QIcon:
    """The icon for a button that can be checked."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, scaled(24), colour(tone), ratio), QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(
            pixmap(name, scaled(24), colour(checked_tone), ratio), QIcon.Mode.Normal, QIcon.State.On
        )
    return made


class IconLabel(QLabel):
    """An icon that stands beside a word."""

    def __init__(self, name: str = "", tone: str = "second", size: int = 20) -> None:
        super().__init__()
        self._size = size
        self.put(name, tone)

    def put(self, name: str, tone: str) -> None:
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        size = scaled(self._size)
        self.setFixedSize(size, size)
        if self._name:
            self.setPixmap(pixmap(self._name, size, colour(self._tone), self.devicePixelRatioF()))
        else:
            self.clear()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()
