"""Money as a figure with its sign smaller, drawn so that it always fits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.theme import colour, font, scaled

SIGN_SHARE = 0.58


class MoneyLabel(QWidget):
    """`size` is a token size (15, 24, 48, 72, 96); a figure that is too wide is drawn smaller, never cut."""

    def __init__(
        self, size: int = 24, *, tone: str = "ink", is_bold: bool = True, is_left: bool = False
    ) -> None:
        super().__init__()
        self._size, self._tone, self._is_bold, self._is_left = size, tone, is_bold, is_left
        self._sign, self._figure = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def put(self, sign: str, figure: str) -> None:
        """The currency's sign and the figure, both as wording made them."""
        if (sign, figure) != (self._sign, self._figure):
            self._sign, self._figure = sign, figure
            self.setAccessibleName(f"{sign}{figure}")
            self.updateGeometry()
            self.update()

    def put_size(self, size: int) -> None:
        """Another token size, where there is less room."""
        if size != self._size:
            self._size = size
            self.updateGeometry()
            self.update()

    def put_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def text(self) -> str:
        return f"{self._sign}{self._figure}"

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._size), scaled(self._size * 1.3))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(40), scaled(self._size * 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:
        size: float = self._size
        while size > 13 and self._width(size) > self.width():
            size -= 1
        painter = QPainter(self)
        painter.setPen(colour(self._tone))
        big = font(size, is_bold=self._is_bold)
        small = font(max(size * SIGN_SHARE, 11), is_bold=False)
        metrics = QFontMetrics(big)
        baseline = (self.height() + metrics.capHeight()) // 2
        wide = self._width(size)
        x = 0 if self._is_left else self.width() - wide
        painter.setFont(small)
        painter.drawText(QPoint(x, baseline), self._sign)
        x += QFontMetrics(small).horizontalAdvance(self._sign) + self._gap(size)
        painter.setFont(big)
        painter.drawText(QPoint(x, baseline), self._figure)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self.update()

    def _width(self, size: float) -> int:
        small = QFontMetrics(font(max(size * SIGN_SHARE, 11)))
        big = QFontMetrics(font(size, is_bold=self._is_bold))
        sign = small.horizontalAdvance(self._sign) + self._gap(size) if self._sign else 0
        return sign + big.horizontalAdvance(self._figure) + 2

    def _gap(self, size: float) -> int:
        return scaled(size * 0.1) if self._sign else 0


RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
