"""A QR code on the screen: dark on white with its quiet zone in every look, as sharp as the pixels allow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.ui.theme import scaled

QUIET = 4  # modules, ISO/IEC 18004


class QrCode(QWidget):
    """Shows `text`; nothing when it is empty."""

    def __init__(self, side: int = 240) -> None:
        super().__init__()
        self._side = side
        self._text = ""
        self._rows: tuple[bytes, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def put(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self._rows = _modules(text) if text else ()
        self.updateGeometry()
        self.update()

    def put_side(self, side: int) -> None:
        """Another size in device-independent pixels, where there is less room."""
        if side != self._side:
            self._side = side
            self.updateGeometry()
            self.update()

    @property
    def shown(self) -> str:
        """The text that it shows."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(scaled(self._side), scaled(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        side = min(self.width(), self.height())
        painter.fillRect(0, 0, side, side, QColor(Qt.GlobalColor.white))
        size = side / (len(self._rows) + 2 * QUIET)
        for down, line in enumerate(self._rows):
            for across, is_dark in enumerate(line):
                if is_dark:
                    # A hair larger than a module, so that no light line runs between two dark ones.
                    left, top = (across + QUIET) * size, (down + QUIET) * size
                    painter.fillRect(QRectF(left, top, size + 0.3, size + 0.3), QColor(Qt.GlobalColor.black))
        painter.end()


def _modules(text: str) -> tuple[bytes, ...]:
    import qrcode  # not before the first code is shown

    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    made.add_data(text)
    made.make(fit=True)
    return tuple(bytes(map(bool, line)) for line in made.modules)
