"""The three tables of a day: short under the chart, and each in full when it is opened."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from pos_app.ui.day.presenter import DayPage, Table
from pos_app.ui.day.words import share_name, table_title
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.rows_table import Cell, Column, RowsTable
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

SHORT = 4


class ShortTable(QFrame):
    """The best few rows in a card; `more` opens the full table."""

    def __init__(self, table: Table, key: str, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._table, self._wording = table, wording
        self._title = Text("strong")
        self.more = KeyButton("quiet", key)
        self.rows = RowsTable(has_header=False)
        self._none = Text("body", "second")
        self.setLayout(column(row(self._title, 1, self.more), self.rows, self._none, 1, gap=4, margin=12))

    def draw(self, page: DayPage) -> None:
        shares = page.rows(self._table)
        self._title.setText(table_title(self._table))
        self.more.setText(self.tr("All {n}").format(n=self._wording.number(len(shares))))
        self.more.setVisible(bool(shares))
        self._none.setText(self.tr("No sales."))
        self._none.setVisible(not shares)
        self.rows.setVisible(bool(shares))
        columns = (Column("", share=True), Column("", is_right=True))
        rows = [
            (
                Cell(share_name(share, self._table, self._wording)),
                Cell(self._wording.figure(share.takings), is_bold=True),
            )
            for share in shares[:SHORT]
        ]
        self.rows.put(columns, rows)
        self.rows.setFixedHeight(self.rows.height_of(SHORT))


class FullTable(QFrame):
    """Every row, with how often and what it earned."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self.title = Text("head")
        self.back = KeyButton("plain", "Esc", binds=False)
        self.rows = RowsTable(takes_focus=True)
        self.setLayout(column(row(self.title, 1, self.back), self.rows, gap=12, margin=16))

    def draw(self, page: DayPage) -> None:
        table = page.full
        if table is None:
            return
        wording = self._wording
        self.title.setText(table_title(table))
        self.back.setText(self.tr("Back"))
        columns = (
            Column(self.tr("Name"), share=True),
            Column(self.tr("Number"), is_right=True),
            Column(self.tr("Takings"), is_right=True),
            Column(self.tr("Margin"), is_right=True),
        )
        rows = [
            (
                Cell(share_name(share, table, wording)),
                Cell(wording.number(share.number)),
                Cell(wording.figure(share.takings), is_bold=True),
                Cell(wording.figure(share.margin)),
            )
            for share in page.rows(table)
        ]
        self.rows.put(columns, rows)
