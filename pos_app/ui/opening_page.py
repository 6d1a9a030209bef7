"""What stands on the window while the shop opens, and what it says when it cannot, or when a bug came up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton, button
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, row
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.domain.backup import Backup
    from pos_app.domain.errors import PosError
    from pos_app.ui.widgets.backup_table import BackupTable


class OpeningPage(Page):
    """Three states: opening, it could not be opened (with backups to put back, where that would help), a bug."""

    def __init__(
        self,
        wording: Wording,
        again: Callable[[], None],
        leave: Callable[[], object],
        put_back: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._wording = wording
        self._trouble: PosError | None = None
        self._bug = ""
        self._icon = IconLabel("", "danger", 48)
        self._title = Text("title")
        self._words = Text("lead", "second").wrapped()
        self._again: KeyButton = button("primary", "F5")
        self._leave: KeyButton = button("plain")
        self._put_back: KeyButton = button("plain")
        self._backups: tuple[Backup, ...] = ()
        self.table: BackupTable | None = None  # made when it is wanted: the first paint does without
        self._put_back.clicked.connect(lambda: self._choose(put_back))
        self._again.clicked.connect(again)
        self._leave.clicked.connect(leave)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words.setFixedWidth(scaled(640))
        layout = QVBoxLayout(self)
        layout.setSpacing(scaled(16))
        layout.addStretch(2)
        for part in (self._icon, self._title):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(row(1, self._words, 1))
        layout.addSpacing(scaled(16))
        self._layout = layout
        layout.addLayout(row(1, self._leave, self._put_back, self._again, 1, gap=12))
        layout.addStretch(3)
        self.opening()

    def opening(self) -> None:
        self._trouble, self._bug, self._backups = None, "", ()
        self._draw()

    def cannot_open(self, trouble: PosError) -> None:
        self._trouble, self._bug, self._backups = trouble, "", ()
        self._draw()

    def offer(self, backups: tuple[Backup, ...]) -> None:
        """Beside the trouble: one of these can take the place of the books."""
        self._backups = backups
        self._draw()
        if self.table is not None and backups:
            self.table.setFocus()

    def broke(self, bug: str) -> None:
        """`bug` is for whoever helps: the kind of error, never its contents."""
        self._trouble, self._bug, self._backups = None, bug, ()
        self._draw()

    def retranslate(self) -> None:
        self._draw()

    @property
    def sentence(self) -> str:
        return self._words.text()

    def _draw(self) -> None:
        is_trouble = self._trouble is not None or bool(self._bug)
        self._again.setVisible(is_trouble)
        self._leave.setVisible(is_trouble)
        self._leave.setText(self.tr("Quit"))
        self._again.setText(self.tr("Go on") if self._bug else self.tr("Try again"))
        # While all is well there is no icon: the first paint does without the library that draws it.
        self._icon.put("danger" if is_trouble else "", "danger")
        if self._trouble is not None:
            self._title.setText(self.tr("The till cannot open yet"))
            self._words.setText(self._wording.sentence(self._trouble))
        elif self._bug:
            self._title.setText(self.tr("Something went wrong in the program"))
            text = self.tr(
                "What was booked is safe on disk. It was written to the log; tell whoever looks after the till: {bug}."
            )
            self._words.setText(text.format(bug=self._bug))
        else:
            self._title.setText(self.tr("Opening the till"))
            self._words.setText(self.tr("A moment, please."))
        self._draw_backups()
        if is_trouble:
            self._again.setFocus()

    def _draw_backups(self) -> None:
        self._put_back.setVisible(bool(self._backups))
        self._put_back.setText(self.tr("Put this backup in its place"))
        if self._backups and self.table is None:
            from pos_app.ui.widgets.backup_table import BackupTable

            self.table = BackupTable(self._wording)
            self.table.setFixedWidth(scaled(640))
            self._layout.insertLayout(self._layout.count() - 2, row(1, self.table, 1))
        if self.table is not None:
            self.table.setVisible(bool(self._backups))
            self.table.show_backups(self._backups)
        if self._backups:
            text = self.tr(
                "{trouble}\n\nOr put a backup in its place: the present files are set aside, nothing is deleted. What was "
                "sold since is missing from it, so the till may ask to be enrolled anew before it sells."
            )
            self._words.setText(text.format(trouble=self._words.text()))

    def _choose(self, put_back: Callable[[str], None]) -> None:
        if self.table is not None and self.table.chosen is not None:
            put_back(self.table.chosen.name)
