"""The chips above the tiles: what sells most, then the categories."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QScrollArea, QWidget

from pos_app.domain.catalogue import Category
from pos_app.ui.theme import LEAST_TARGET, scaled
from pos_app.ui.widgets.text import row
from pos_app.ui.wording import Wording


class Chips(QScrollArea):
    """Says `chosen(category id or None)`."""

    chosen = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._categories: tuple[Category, ...] | None = None
        self._present: str | None = None
        self._group = QButtonGroup(self)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._measure()

    def put(self, categories: tuple[Category, ...], present: str | None) -> None:
        self._present = present
        if categories != self._categories:
            self._categories = categories
            self._build()
        for made in self._group.buttons():
            is_present = made.property("category") == (present or "")
            made.setChecked(is_present)
            if is_present:
                self.ensureWidgetVisible(made)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._categories is not None:
            self._build()
            self.put(self._categories, self._present)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(scaled(LEAST_TARGET) + 2)

    def _build(self) -> None:
        for made in self._group.buttons():
            self._group.removeButton(made)
        line = row(gap=4)
        names = [("", self.tr("Often sold"))]
        names += [(each.id, self._wording.name(each.names)) for each in self._categories or ()]
        for category_id, name in names:
            chip = QPushButton(name)
            chip.setProperty("kind", "chip")
            chip.setProperty("category", category_id)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(partial(self._choose, category_id))
            self._group.addButton(chip)
            line.addWidget(chip)
        line.addStretch(1)
        inside = QWidget()
        inside.setLayout(line)
        self.setWidget(inside)

    def _choose(self, category_id: str, _checked: bool = False) -> None:
        self.chosen.emit(category_id or None)
