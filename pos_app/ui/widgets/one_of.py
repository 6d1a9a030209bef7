"""A stack of parts that takes the room of the one in sight, not of the largest."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class OneOf(QStackedWidget):
    """As Qt's stack, which would keep the room of every part that is away."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        part = self.currentWidget()
        return part.sizeHint() if part is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        part = self.currentWidget()
        return part.minimumSizeHint() if part is not None else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        part = self.currentWidget()
        return part is not None and part.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        part = self.currentWidget()
        return part.heightForWidth(width) if part is not None else super().heightForWidth(width)
