"""A button that shows its key as a small chip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShortcutEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from pos_app.ui.theme import scaled
from pos_app.ui.widgets.text import restyle


class KeyButton(QPushButton):
    """`kind`: primary, plain, quiet, danger. `key` is shown and, with `binds`, presses the button while it is visible.

    It takes no focus by default, so that a scanner's Enter never presses it.
    """

    def __init__(
        self, kind: str = "plain", key: str = "", *, binds: bool = True, takes_focus: bool = False
    ) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if takes_focus else Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        # Children from the start: a label that is shown without a parent flashes up as a window of its own.
        self._words = QLabel(self)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._chip = QLabel(key, self)
        self._chip.setProperty("role", "key")
        self._chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self._words, self._chip):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(scaled(12), 0, scaled(12), 0)
        layout.setSpacing(scaled(10))
        layout.addStretch(1)
        layout.addWidget(self._words)
        layout.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        self._chip.setVisible(bool(key))  # not earlier: a label without a parent would show as a window
        if key and binds:
            # Not the button's own shortcut: that one presses it a tenth of a second later.
            QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def setText(self, text: str) -> None:
        """The words live in a label of their own, so that the chip can stand beside them."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def text(self) -> str:
        return self._words.text()

    def put_key(self, key: str) -> None:
        self._chip.setText(key)
        self._chip.setVisible(bool(key))

    def put_kind(self, kind: str) -> None:
        """Primary where it is the next step, plain where it is not."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            for widget in (self, self._words, self._chip):
                restyle(widget)

    def event(self, event: QEvent) -> bool:
        """A key acts at once: Qt would show the button pressed for a tenth of a second first."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint().expandedTo(QSize(scaled(44), scaled(44)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def button(kind: str = "plain", key: str = "", parent: QWidget | None = None) -> KeyButton:
    """A button for pages of forms: it takes the Tab focus."""
    made = KeyButton(kind, key, takes_focus=True)
    if parent is not None:
        made.setParent(parent)
    return made
