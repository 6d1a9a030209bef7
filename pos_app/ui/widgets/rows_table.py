"""A quiet table: rows of plain texts, figures to the right, one row selected, keys handed to it from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from pos_app.ui.theme import colour, font, scaled
from pos_app.ui.widgets.icons import pixmap

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Cell:
    """One text, with an icon and a tone where they mean something."""

    text: str
    tone: str = "ink"
    icon: str = ""
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A title; `share` stretches, without one the column is as wide as its widest text."""

    title: str
    is_right: bool = False
    share: bool = False


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.rows: tuple[tuple[Cell, ...], ...] = ()

    def put(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), tuple(tuple(row) for row in rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell, column = self.rows[index.row()][index.column()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            return colour(cell.tone)
        if role == Qt.ItemDataRole.FontRole:
            return font(15, is_bold=cell.is_bold)
        if role == Qt.ItemDataRole.DecorationRole and cell.icon:
            return pixmap(cell.icon, scaled(18), colour(cell.tone))
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self.columns[section].is_right else _LEFT
        return None


class RowsTable(QTableView):
    """`picked` says which row a person chose; `put` draws other rows and keeps quiet."""

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self, *, has_header: bool = True, takes_focus: bool = False) -> None:
        super().__init__()
        self._rows = _Rows()
        self._is_quiet = False
        self.setModel(self._rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if takes_focus else Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setVisible(has_header)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(scaled(24))
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))
        self._size_rows()

    def put(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], selected: int = -1) -> None:
        """Draw these; an equal table is left alone but for its selection."""
        self._is_quiet = True
        wanted = tuple(tuple(row) for row in rows)
        if wanted != self._rows.rows or tuple(columns) != self._rows.columns:
            self._rows.put(columns, wanted)
            header = self.horizontalHeader()
            for number, column in enumerate(columns):
                mode = (
                    QHeaderView.ResizeMode.Stretch
                    if column.share
                    else QHeaderView.ResizeMode.ResizeToContents
                )
                header.setSectionResizeMode(number, mode)
        if 0 <= selected < len(wanted):
            self.selectRow(selected)
            self.scrollTo(self._rows.index(selected, 0))
        else:
            self.clearSelection()
        self._is_quiet = False

    def texts(self) -> list[list[str]]:
        """What is written in it, for whoever reads it aloud or checks it."""
        return [[cell.text for cell in row] for row in self._rows.rows]

    def step(self, rows: int) -> None:
        """Up or down from what is selected."""
        index = self.currentIndex()
        to = max(0, min((index.row() if index.isValid() else -1) + rows, self._rows.rowCount() - 1))
        if self._rows.rowCount():
            self.selectRow(to)

    def height_of(self, rows: int) -> int:
        """As high as so many rows and the header."""
        header = (
            self.horizontalHeader().sizeHint().height() if self.horizontalHeader().isVisibleTo(self) else 0
        )
        return rows * self.verticalHeader().defaultSectionSize() + header + 2

    def sizeHint(self) -> QSize:
        return QSize(scaled(200), self.height_of(max(self._rows.rowCount(), 1)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._size_rows()

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(scaled(44))
        self.verticalHeader().setMinimumSectionSize(scaled(44))

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_quiet and current.isValid():
            self.picked.emit(current.row())
