"""The backups of the till, newest first: when, what for, up to which receipt, how large."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain.backup import Backup
from pos_app.ui.widgets.rows_table import Cell, Column, RowsTable
from pos_app.ui.wording import Wording

translate = QCoreApplication.translate

MOST_SHOWN = 7


class BackupTable(RowsTable):
    """`chosen` is the one that is selected; at first the newest."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(takes_focus=True)
        self._wording = wording
        self._backups: tuple[Backup, ...] = ()

    def show_backups(self, backups: tuple[Backup, ...]) -> None:
        from pos_app.ui.wording.files import kind_of_backup

        chosen = self.chosen
        self._backups = backups
        columns = (
            Column(translate("Backups", "Of")),
            Column(translate("Backups", "Made"), share=True),
            Column(translate("Backups", "Last receipt")),
            Column(translate("Backups", "Size"), is_right=True),
        )
        wording = self._wording
        rows = [
            (
                Cell(f"{wording.day(wording.local(each.at).date())} {wording.clock(each.at)}", is_bold=True),
                Cell(kind_of_backup(each), "second"),
                Cell(each.receipt or "\u2013"),
                Cell(f"{each.size / 1_000_000:.1f} MB", "second"),
            )
            for each in backups
        ]
        self.put(columns, rows, backups.index(chosen) if chosen in backups else 0)
        self.setFixedHeight(self.height_of(max(1, min(len(rows), MOST_SHOWN))))

    @property
    def chosen(self) -> Backup | None:
        row = self.currentIndex().row()
        return self._backups[row] if 0 <= row < len(self._backups) else None
